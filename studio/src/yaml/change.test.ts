import { expect, test } from "vitest";
import { change } from "./change";

test("only what differs is changed", () => {
  expect(change("a: 1\nb: 2\n", "a: 1\nb: 20\n")).toEqual({ from: 9, to: 9, insert: "0" });
  expect(change("aaa", "aa")).toEqual({ from: 2, to: 3, insert: "" });
  expect(change("same", "same")).toBeNull();
  expect(change("", "new")).toEqual({ from: 0, to: 0, insert: "new" });
});
