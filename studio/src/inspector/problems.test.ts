import { expect, test } from "vitest";
import { marks } from "./problems";

const finding = (line: number, column: number, end: number) => ({
  severity: "error" as const,
  message: "unknown name `zero`",
  help: null,
  line,
  column,
  end_line: line,
  end_column: end,
});

test("a problem is marked where it is in the expression", () => {
  const text = "nodes:\n  a:\n    branches:\n      - { if: count > zero, next: b }\n";
  const path = ["nodes", "a", "branches", 0, "if"];
  const [mark] = marks(text, path, "count > zero", [finding(4, 23, 27)]);
  expect("count > zero".slice(mark!.from, mark!.to)).toBe("zero");
});

test("where an expression cannot be found again, all of it is marked", () => {
  const text = 'nodes: { a: { with: { b: "${\\u0061}" } } }\n';
  expect(marks(text, ["nodes", "a", "with", "b"], "a", [finding(1, 1, 2)])).toMatchObject([{ from: 0, to: 1 }]);
});
