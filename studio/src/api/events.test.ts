import { expect, test } from "vitest";
import { parse } from "./events";

test("an event has a name and lines of data", () => {
  expect(parse("event: push\ndata: {\ndata: }")).toEqual({ event: "push", data: "{\n}" });
});

test("an event without a name is a message, and a comment is none", () => {
  expect(parse("data:x")).toEqual({ event: "message", data: "x" });
  expect(parse(": still there")).toBeNull();
});
