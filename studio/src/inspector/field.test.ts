import { expect, test } from "vitest";
import { isAnything, modeOf, switched } from "./field";

test("a value is an expression if all of it is one", () => {
  expect(["${a}", "hello ${a}", 3, undefined].map(modeOf)).toEqual(["expression", "literal", "literal", "literal"]);
});

test("a value becomes an expression, and back, without being lost", () => {
  expect(switched(3, "expression")).toBe("${3}");
  expect(switched("x", "expression")).toBe('${"x"}');
  expect(switched(undefined, "expression")).toBe("${}");
  expect(switched("${3}", "literal")).toBe(3);
  expect(switched("${count}", "literal")).toBeUndefined();
});

test("a schema that says nothing takes anything", () => {
  expect(isAnything({ description: "x" })).toBe(true);
  expect(isAnything({ type: "string" })).toBe(false);
});
