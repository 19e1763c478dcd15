import type en from "../en/canvas";

export default {} satisfies Record<keyof typeof en, string>;
