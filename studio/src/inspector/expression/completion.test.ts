import { expect, test } from "vitest";
import { ofFunctions, ofNames } from "./completion";

const name = (name: string, type = "int", nullable = false) => ({ name, type, nullable, docs: null });

test("names are offered one step at a time, with their types", () => {
  const names = [name("input", "map"), name("input.a"), name("count", "int", true)];
  expect(ofNames(names, "").map(({ label, detail }) => [label, detail])).toEqual([
    ["input", "map"],
    ["count", "int?"],
  ]);
  expect(ofNames(names, "input.").map(({ label }) => label)).toEqual(["a"]);
});

test("after a dot only what can stand there is offered", () => {
  const functions = ["contains", "filter", "int"].map((name) => ({ name, signature: name, docs: "" }));
  expect(ofFunctions(functions, true).map(({ label }) => label)).toEqual(["contains", "filter"]);
  expect(ofFunctions(functions, false).map(({ label }) => label)).toEqual(["contains", "int"]);
});
