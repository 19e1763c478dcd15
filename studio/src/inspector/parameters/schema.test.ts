import { expect, test } from "vitest";
import { freeName, typeOf, withType, withWord } from "./schema";

const a = { name: "a", schema: { type: "integer", minimum: 0, description: "it", "x-mine": 1 } };

test("another type keeps what still means something", () => {
  expect(withType(a, "string").schema).toEqual({ type: "string", description: "it", "x-mine": 1 });
  expect(withType(a, "number").schema).toEqual({ type: "number", minimum: 0, description: "it", "x-mine": 1 });
  expect(withType(a, "any").schema).toEqual({ description: "it", "x-mine": 1 });
});

test("keywords are set and taken away, and others stay", () => {
  expect(withWord(a, "default", 10).schema).toMatchObject({ default: 10, "x-mine": 1 });
  expect(withWord(a, "minimum", undefined).schema).not.toHaveProperty("minimum");
});

test("a schema of several types is of any", () => {
  expect(typeOf({ name: "b", schema: { type: ["string", "null"] } })).toBe("any");
});

test("the first parameter is a", () => {
  expect(freeName([])).toBe("a");
  expect(freeName([a])).toBe("b");
});
