import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  addCase,
  copy,
  freeId,
  graphDiff,
  History,
  idFault,
  idOf,
  nameOf,
  paste,
  parseCondition,
  passed,
  placeOf,
  read,
  readCases,
  renameNode,
  setArgument,
  setCase,
  setExpect,
  spanOf,
  writeCondition,
  type ConditionTree,
} from "./index";
import { parse } from "yaml";

const COUNTDOWN = readFileSync(new URL("../../../flows/countdown.yaml", import.meta.url), "utf8");

test("a problem's place is its node and its field", () => {
  const line = COUNTDOWN.split("\n").findIndex((it) => it.includes("input.a")) + 1;
  const column = COUNTDOWN.split("\n")[line - 1]!.indexOf("${input.a}") + 2;
  expect(placeOf(COUNTDOWN, line, column)).toEqual({ node: "count", path: ["nodes", "count", "with", "count"] });
  expect(placeOf(COUNTDOWN, 1, 1)).toEqual({ path: [] });
});

test("columns are characters, also where those take two units", () => {
  const text = 'title: "😀😀"\nnodes: { a: { title: "😀", call: b.c } }\n';
  expect(placeOf(text, 2, 33).path).toEqual(["nodes", "a", "call"]);
});

test("a path is where it is written", () => {
  const span = spanOf(COUNTDOWN, ["nodes", "positive", "branches", 1, "if"])!;
  expect(COUNTDOWN.slice(span.from, span.to)).toBe("if: count <= 0");
  expect(spanOf(COUNTDOWN, ["nodes", "nothing"])).toBeNull();
});

test.each([
  ["count > 0", "comparison"],
  ["a == 1 && b == 2 && c != 3", "and"],
  ['a.b["c"] in [1, 2] || !x', null],
  ['name.startsWith("x") || (a > 1 && b < 2.5)', "or"],
  ["(a == 1 || b == 2) && c == 3", "and"],
  ["size(input.list) >= 2", "comparison"],
  ["a + 1 > 2", null],
  ["true", null],
  ["", null],
])("%s as groups of comparisons", (text, kind) => {
  const tree = parseCondition(text);
  expect(tree?.kind ?? null).toBe(kind);
  if (tree) expect(parseCondition(writeCondition(tree))).toEqual(tree);
});

test("any tree that is written is read as it was", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  const grown = (depth: number, not?: string): ConditionTree => {
    if (depth === 0 || random(3) === 0)
      return { kind: "comparison", left: "a.b", operator: ">=", right: `${random(9)}` };
    const kind = not === "and" ? "or" : not === "or" ? "and" : random(2) ? "and" : "or";
    return { kind, members: [grown(depth - 1, kind), grown(depth - 1, kind)] };
  };
  for (let round = 0; round < 200; round += 1) {
    const tree = grown(4);
    expect(parseCondition(writeCondition(tree))).toEqual(tree);
  }
});

test("values are literals, expressions, or texts with expressions in them", () => {
  expect(["${a}", "a ${b} c", "$${a}", "x", 3, '${ {"a": "}"} }'].map(nameOf)).toEqual([
    "expression",
    "template",
    "literal",
    "literal",
    "literal",
    "expression",
  ]);
});

test("names follow the rules of the document", () => {
  expect([idFault("Count", []), idFault("loop", []), idFault("a", ["a"]), idFault("a_1", [])]).toEqual([
    "pattern",
    "reserved",
    "taken",
    null,
  ]);
  expect([idOf("Count Down!"), idOf("倒计时"), idOf("3 things"), idOf("for")]).toEqual([
    "count_down",
    "node",
    "things",
    "for_1",
  ]);
  expect(freeId({ nodes: read(COUNTDOWN).graph!.nodes }, "count")).toBe("count_2");
});

test("what is pasted has names of its own, and keeps the ways among it", () => {
  const fragment = JSON.parse(JSON.stringify(copy(COUNTDOWN, ["count", "positive", "pause"])));
  const pasted = paste(COUNTDOWN, fragment, { x: 500, y: 0 });
  expect(pasted.ids).toEqual(["count_2", "positive_2", "pause_2"]);
  const said = parse(pasted.text);
  expect(said.nodes.count_2).toMatchObject({ with: { index: "${count_2}" }, next: "positive_2" });
  expect(said.nodes.pause_2.next).toBe("count_2");
  expect(said.nodes.positive_2.branches ?? []).toEqual([]);
  expect(said.nodes.count).toEqual(parse(COUNTDOWN).nodes.count);
});

test("differences are of nodes that do something else and of ways that lead elsewhere", () => {
  const before = read(COUNTDOWN).graph!;
  const after = read(renameNode(setArgument(COUNTDOWN, "pause", "milliseconds", 5), "show", "tell")).graph!;
  const { nodes, edges } = graphDiff(before, after);
  expect(Object.fromEntries(nodes)).toEqual({ show: "removed", tell: "added", pause: "changed" });
  expect(Object.fromEntries(edges)).toEqual({
    "show/next": "removed",
    "tell/next": "added",
    "positive/branch:0": "changed",
  });
});

test("what is typed in one go is undone in one go", () => {
  let now = 0;
  const history = new History("", () => now);
  for (const text of ["a", "ab", "abc"]) history.do(text, { merge: "text" });
  now = 10_000;
  history.do("abcd", { merge: "text" });
  history.undo();
  expect(history.text).toBe("abc");
  history.undo();
  expect([history.text, history.canUndo]).toEqual(["", false]);
  history.redo();
  expect([history.text, history.canRedo]).toEqual(["abc", true]);
});

test("a trace says which ways were gone", () => {
  const activation = (node: string, result: object) => ({
    node,
    status: "returned",
    result,
    calls: [],
    duration_ms: 1,
  });
  const trace = [
    activation("count", { value: 1 }),
    activation("positive", { branches: ["still counting"] }),
    activation("show", { value: 1 }),
  ];
  const ways = passed(read(COUNTDOWN).graph!, trace as never);
  expect(Object.fromEntries(ways)).toEqual({ "count/next": 1, "positive/branch:0": 1, "show/next": 1 });
});

const CASES = readFileSync(new URL("../../../flows/countdown.cases.yaml", import.meta.url), "utf8");

test("cases are changed one by one", () => {
  const { cases } = readCases(CASES);
  expect(cases.map(({ name }) => name)).toEqual(["from three", "from zero", "from ten, the default"]);
  const changed = setCase(CASES, 1, { ...cases[1]!, input: { a: 1 } });
  expect(changed.split("\n").filter((line) => !CASES.includes(line))).toEqual(["    input: { a: 1 }"]);
  const kept = setExpect(changed, 1, { pushes: [{ to: "everyone", message: 1, at: "0s" }], output: 0 });
  expect(parse(kept).cases[1].expect).toEqual({ pushes: [{ to: "everyone", message: 1, at: "0s" }], output: 0 });
});

test("a new file of cases is written as the examples are", () => {
  let text = addCase("", { name: "one", input: { a: 3 } });
  text = setExpect(text, 0, { pushes: [{ to: "everyone", message: 3, at: "0s" }], output: 0 });
  text = addCase(text, { name: "two", input: {} });
  expect(text).toBe(`# yaml-language-server: $schema=cases.schema.json
cases:
  - name: one
    input: { a: 3 }
    expect:
      pushes:
        - { to: everyone, message: 3, at: 0s }
      output: 0
  - name: two
    input: {}
`);
});
