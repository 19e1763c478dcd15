import type en from "../en/inspector";

export default {} satisfies Record<keyof typeof en, string>;
