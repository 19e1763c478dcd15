import type en from "../en/integration";

export default {} satisfies Record<keyof typeof en, string>;
