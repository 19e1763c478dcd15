/** English, and the keys that every language has: a file for each part of the Studio. */

import app from "./app";
import canvas from "./canvas";
import cases from "./cases";
import editor from "./editor";
import home from "./home";
import inspector from "./inspector";
import integration from "./integration";
import publishing from "./publishing";
import runs from "./runs";
import trying from "./trying";

const en = {
  ...app,
  ...canvas,
  ...editor,
  ...inspector,
  ...cases,
  ...trying,
  ...publishing,
  ...home,
  ...integration,
  ...runs,
};

export type Key = keyof typeof en;
export default en as Record<Key, string>;
