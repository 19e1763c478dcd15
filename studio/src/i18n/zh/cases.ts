import type en from "../en/cases";

export default {} satisfies Record<keyof typeof en, string>;
