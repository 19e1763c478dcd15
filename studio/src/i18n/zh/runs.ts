import type en from "../en/runs";

export default {} satisfies Record<keyof typeof en, string>;
