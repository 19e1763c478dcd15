import { expect, test } from "vitest";
import { place, shownTime } from "./timeline";

test("times are said as short as they can be", () => {
  expect([0, 250, 1000, 2500, 61_000, 3_660_000].map(shownTime)).toEqual([
    "0 ms",
    "250 ms",
    "1 s",
    "2.5 s",
    "1 min 1 s",
    "1 h 1 min",
  ]);
});

test("where no time passes all is at the beginning", () => {
  expect([place(0, 0), place(500, 1000), place(2000, 1000)]).toEqual([0, 0.5, 1]);
});
