import type en from "../en/publishing";

export default {} satisfies Record<keyof typeof en, string>;
