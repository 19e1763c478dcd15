import type en from "../en/trying";

export default {} satisfies Record<keyof typeof en, string>;
