import type en from "../en/editor";

export default {} satisfies Record<keyof typeof en, string>;
