import { expect, test } from "vitest";
import type { Schema } from "../api/types";
import { simplified } from "./simplified";

const whole: Schema = {
  anyOf: [
    { type: "integer", minimum: 0 },
    { type: "string", pattern: "^[0-9]+$" },
  ],
};

test("what may be null is left out, not chosen", () => {
  expect(simplified({ description: "x", anyOf: [{ type: "null" }, { type: "string" }] })).toEqual({
    type: "string",
    description: "x",
  });
  expect(simplified({ type: ["integer", "null"], minimum: 0 })).toEqual({ type: "integer", minimum: 0 });
});

test("an integer of 64 bits is a number, also deep within", () => {
  expect(simplified(whole)).toEqual({ type: "integer", minimum: 0 });
  expect(simplified({ type: "object", properties: { a: { anyOf: [{ type: "null" }, whole] } } })).toEqual({
    type: "object",
    properties: { a: { type: "integer", minimum: 0 } },
  });
});

test("real alternatives stay", () => {
  const schema: Schema = { oneOf: [{ type: "string" }, { type: "object", properties: {} }] };
  expect(simplified(schema)).toEqual(schema);
});
