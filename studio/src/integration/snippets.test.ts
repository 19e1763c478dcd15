import { expect, test } from "vitest";
import { exampleOf } from "./example";
import { rows } from "./rows";
import { SNIPPETS } from "./snippets";

test("snippets name the flow, where it is, and an input that fits", () => {
  const input = exampleOf({
    type: "object",
    properties: { a: { type: "integer", minimum: 0 }, b: { type: "string", default: "x" } },
  });
  expect(input).toEqual({ a: 0, b: "x" });
  for (const snippet of Object.values(SNIPPETS)) {
    const text = snippet({ flow: "countdown", origin: "http://h:1", framing: "json-rpc", input });
    expect(text).toContain("countdown");
    expect(text).toContain('{"a":0,"b":"x"}');
  }
});

test("a schema's fields are listed however deep they are", () => {
  const schema = {
    properties: { params: { type: "object", properties: { input: {} }, required: ["input"] } },
    required: [],
  };
  expect(rows(schema).map(({ path, type, required }) => [path, type, required])).toEqual([
    ["params", "object", false],
    ["params.input", "any", true],
  ]);
});
