/** 中文。 */

import type { Key } from "../en";
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

export default {
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
} as Record<Key, string>;
