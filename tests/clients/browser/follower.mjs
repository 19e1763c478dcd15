// Which run the countdown's page follows, whatever arrives when: node browser/follower.mjs http://127.0.0.1:8080

import assert from "node:assert/strict";
import { withWindows } from "./chromium.mjs";

const CASES = {
  "the first that is seen, until its output": {
    steps: [["pushed", "a", 2], ["pushed", "b", 9], ["pushed", "a", 1], ["ended", "a", 0]],
    shown: ["a 2", "a 1", "a 0"],
  },
  "none that was passed over, but the next that is new": {
    steps: [
      ["pushed", "a", 1], ["pushed", "b", 3], ["ended", "a", 0],
      ["pushed", "b", 2], ["ended", "b", 0], ["pushed", "c", 5],
    ],
    shown: ["a 1", "a 0", "c 5"],
  },
  "an output that is told twice is shown once": {
    steps: [["pushed", "a", 1], ["ended", "a", 0], ["ended", "a", 0]],
    shown: ["a 1", "a 0"],
  },
  "the window's own, whose first numbers came before the answer": {
    steps: [["starting"], ["pushed", "b", 9], ["pushed", "a", 2], ["started", "a"], ["pushed", "a", 1]],
    shown: ["a 2", "a 1"],
  },
  "the window's own instead of another": {
    steps: [
      ["pushed", "b", 9], ["starting"], ["pushed", "b", 8], ["started", "a"],
      ["pushed", "b", 7], ["ended", "a", 0], ["pushed", "b", 6],
    ],
    shown: ["b 9", "b 8", "a 0"],
  },
  "another again where its own is refused": {
    steps: [["starting"], ["pushed", "b", 9], ["refused"], ["pushed", "b", 8]],
    shown: ["b 9", "b 8"],
  },
  "its own that ended before the answer": {
    steps: [["starting"], ["ended", "a", 0], ["started", "a"], ["pushed", "b", 9]],
    shown: ["a 0", "b 9"],
  },
  "the next that is seen, once something was missed": {
    steps: [["pushed", "a", 3], ["pushed", "b", 10], ["missed"], ["pushed", "b", 9], ["pushed", "a", 1]],
    shown: ["a 3", "b 9"],
  },
  "the next that is seen, once it has failed": {
    steps: [["pushed", "a", 3], ["failed", "a", "!"], ["pushed", "b", 9]],
    shown: ["a 3", "a !", "b 9"],
  },
};

await withWindows(async (open) => {
  const page = await open(process.argv[2]);
  for (const [name, { steps, shown }] of Object.entries(CASES)) {
    const seen = await page.evaluate(async (steps) => {
      const { Follower } = await import("/pages/countdown/follower.js");
      const seen = [];
      const follower = new Follower(({ run, value, error }) => seen.push(`${run} ${value ?? error}`));
      for (const [step, ...values] of steps) follower[step](...values);
      return seen;
    }, steps);
    assert.deepEqual(seen, shown, name);
  }
});
console.log("follower: ok");
