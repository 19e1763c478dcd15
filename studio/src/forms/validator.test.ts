import { expect, test } from "vitest";
import { isValid } from "./validator";

test("a value is of a schema, also by a reference to the whole", () => {
  expect(isValid({ type: "integer", minimum: 0 }, 3, {})).toBe(true);
  expect(isValid({ type: "integer", minimum: 0 }, -3, {})).toBe(false);
  expect(isValid({ $ref: "#/$defs/a" }, "x", { $defs: { a: { type: "string" } } })).toBe(true);
});
