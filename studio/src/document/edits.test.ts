import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { expect, test } from "vitest";
import {
  addBranch,
  addNode,
  arrange,
  connect,
  disconnect,
  move,
  moveBranch,
  newFlow,
  read,
  removeBranch,
  removeNodes,
  renameNode,
  setArgument,
  setBranch,
  setFlow,
  setInterface,
  setNode,
  setParameters,
  setStart,
  type FlowNode,
} from "./index";

const FLOWS = new URL("../../../flows/", import.meta.url);
const file = (name: string) => readFileSync(new URL(name, FLOWS), "utf8");
const examples = readdirSync(FLOWS).filter((name) => name.endsWith(".yaml") && !name.includes(".cases."));
const at = { x: 0, y: 0 };
const call = (id: string, callee: string, more = {}): FlowNode => ({ kind: "call", id, callee, with: {}, ...more });

/** The lines of one text that are not in the other. */
function lost(before: string, after: string): string[] {
  const lines = new Set(after.split("\n"));
  return before.split("\n").filter((line) => !lines.has(line));
}

test("the tutorial's steps give the countdown", () => {
  let text = newFlow("countdown", "Countdown");
  text = setParameters(text, [{ name: "a", schema: { type: "integer" } }]);
  text = addNode(text, call("count", "counter.next", { with: { operator: "decrement" } }), at);
  text = addNode(text, { kind: "gateway", id: "positive", callee: "exclusive", branches: [] }, { x: 0, y: 120 });
  text = connect(text, "count", { kind: "next" }, "positive");
  text = addNode(text, call("show", "client.push"), { x: -100, y: 240 });
  text = addBranch(text, "positive", { next: "show" });
  text = addNode(text, call("pause", "function.sleep", { with: { milliseconds: 1000 } }), { x: -100, y: 360 });
  text = connect(text, "show", { kind: "next" }, "pause");
  text = connect(text, "pause", { kind: "next" }, "count");
  text = addNode(text, call("done", "output.result"), { x: 200, y: 240 });
  text = addBranch(text, "positive", { next: "done" });
  text = setBranch(text, "positive", 0, { name: "still counting", if: "count > 0" });
  text = setBranch(text, "positive", 1, { name: "at zero", if: "count <= 0" });
  text = setArgument(text, "count", "index", "${count}");
  text = setArgument(text, "count", "count", "${input.a}");
  text = setArgument(text, "show", "message", "${count}");
  text = setArgument(text, "done", "value", "${count}");
  text = setNode(text, "count", "title", "Count down");
  text = setFlow(text, "description", "Counts down from `a`, pushing every number to the connected clients.");
  text = setParameters(text, [
    { name: "a", schema: { type: "integer", minimum: 0, default: 10, description: "Where the countdown starts." } },
  ]);
  const { layout, ...flow } = parse(text);
  expect(flow).toEqual(parse(file("countdown.yaml")));
  expect(Object.keys(layout)).toEqual(["count", "positive", "show", "pause", "done"]);
  expect(text).toMatchSnapshot();
});

test.each(examples)("%s, opened, moved and saved, changes nothing but layout", (name) => {
  const text = file(name);
  const { graph } = read(text);
  const moved = move(text, arrange(graph!));
  expect(moved.startsWith(text)).toBe(true);
  expect(moved.slice(text.length)).toMatch(/^layout:\n( {2}\w+: \{ x: -?\d+, y: -?\d+ \}\n)+$/);
  const again = move(moved, new Map([[graph!.nodes[0]!.id, { x: 7, y: 9 }]]));
  expect(lost(moved, again)).toHaveLength(1);
});

const COUNTDOWN = file("countdown.yaml");

test("an edit changes the lines that it is about, and no other", () => {
  const edits: [string, string, number][] = [
    ["a title", setNode(COUNTDOWN, "count", "title", "Down: it goes"), 1],
    ["a new title", setNode(COUNTDOWN, "show", "title", "Show"), 0],
    ["no title", setNode(COUNTDOWN, "count", "title", undefined), 1],
    ["an argument", setArgument(COUNTDOWN, "pause", "milliseconds", 250), 1],
    ["another way", connect(COUNTDOWN, "pause", { kind: "next" }, "done"), 1],
    ["no way", disconnect(COUNTDOWN, "pause", { kind: "next" }), 1],
    ["a condition", setBranch(COUNTDOWN, "positive", 1, { if: undefined }), 1],
    ["a branch", addBranch(COUNTDOWN, "positive", { next: "pause" }), 0],
    ["no branch", removeBranch(COUNTDOWN, "positive", 1), 1],
    ["the start", setStart(COUNTDOWN, "show"), 1],
    ["the framing", setInterface(COUNTDOWN, "framing", "raw"), 0],
    [
      "a parameter",
      setParameters(COUNTDOWN, [...read(COUNTDOWN).graph!.input, { name: "b", schema: { type: "string" } }]),
      0,
    ],
  ];
  for (const [what, text, lines] of edits) expect([what, lost(COUNTDOWN, text).length]).toEqual([what, lines]);
});

const COMMENTED = `# About it.
format: 1   # the first
flow: it
interface: { protocol: websocket } # no input
start: one

nodes:
  # The first node.
  one:
    call: client.push   # to all
    with:
      message: "hi"   # friendly
      # nobody else
    next: two
  # The second.
  two:
    gateway: exclusive
    branches:
      # when
      - name: 是
        if: 'one > 0'
        next: one
      - { next: two }
`;

test("comments, empty lines and quotes stay", () => {
  let text = setArgument(COMMENTED, "one", "client", "${input.c}");
  text = setNode(text, "two", "title", "第二");
  text = setParameters(text, [{ name: "c", schema: { type: "string" } }]);
  text = addNode(text, call("three", "output.result", { with: { value: "${one}" } }), at);
  text = setBranch(text, "two", 0, { if: "one > 1" });
  text = removeBranch(text, "two", 1);
  text = move(text, new Map([["one", { x: 4, y: 5 }]]));
  expect(text).toMatchSnapshot();
  expect(lost(COMMENTED, text)).toEqual([
    "interface: { protocol: websocket } # no input",
    "        if: 'one > 0'",
    "      - { next: two }",
  ]);
});

test("line endings of Windows stay", () => {
  const text = COMMENTED.replaceAll("\n", "\r\n");
  const edited = addNode(
    setNode(removeNodes(text, ["one"]), "two", "title", "Two"),
    call("three", "output.result"),
    at,
  );
  expect(edited.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  expect(Object.keys(parse(edited).nodes)).toEqual(["two", "three"]);
});

test("a document in JSON stays JSON", () => {
  const text = JSON.stringify(parse(COUNTDOWN), null, 2);
  let edited = addNode(text, call("more", "client.push", { with: { message: "x" } }), { x: 1, y: 2 });
  edited = setArgument(edited, "pause", "milliseconds", 5);
  edited = setBranch(edited, "positive", 0, { name: undefined });
  edited = removeNodes(edited, ["done"]);
  const said = JSON.parse(edited);
  expect(said.nodes.more).toEqual({ call: "client.push", with: { message: "x" } });
  expect(said.nodes.positive.branches).toEqual([{ if: "count > 0", next: "show" }]);
  expect(said.layout.more).toEqual({ x: 1, y: 2 });
  expect(Object.keys(said.layout)).toEqual(["count", "positive", "show", "pause", "more"]);
});

test("a removed node takes with it what led to it, and its place", () => {
  const text = move(COUNTDOWN, arrange(read(COUNTDOWN).graph!));
  const said = parse(removeNodes(text, ["show", "count"]));
  expect(Object.keys(said.nodes)).toEqual(["positive", "pause", "done"]);
  expect(said.nodes.positive.branches).toEqual([{ name: "at zero", if: "count <= 0", next: "done" }]);
  expect(said.nodes.pause.next).toBeUndefined();
  expect(said.start).toBeUndefined();
  expect(Object.keys(said.layout)).toEqual(["positive", "pause", "done"]);
});

test("all nodes can be removed, and others added", () => {
  const ids = read(COUNTDOWN).graph!.nodes.map(({ id }) => id);
  const none = removeNodes(COUNTDOWN, ids);
  expect(parse(none).nodes ?? {}).toEqual({});
  const said = parse(addNode(none, call("again", "client.push"), at));
  expect(said.nodes).toEqual({ again: { call: "client.push" } });
  expect(said.start).toBe("again");
});

test("branches change places", () => {
  const branches = parse(moveBranch(COUNTDOWN, "positive", 0, 1)).nodes.positive.branches;
  expect(branches.map((branch: { name: string }) => branch.name)).toEqual(["at zero", "still counting"]);
});

test("a node's name changes wherever it is meant, and nowhere else", () => {
  const text = setArgument(
    COUNTDOWN,
    "show",
    "message",
    'count ${count} ${input.count + nodes.count} ${"count"} $${count}',
  );
  const said = parse(renameNode(text, "count", "step"));
  expect(said.start).toBe("step");
  expect(said.nodes.step.with).toEqual({ index: "${step}", count: "${input.a}", operator: "decrement" });
  expect(said.nodes.show.with.message).toBe('count ${step} ${input.count + nodes.step} ${"count"} $${count}');
  expect(said.nodes.positive.branches[0].if).toBe("step > 0");
  expect(said.nodes.pause.next).toBe("step");
});

test("what is half typed is read as far as it goes", () => {
  for (let end = 0; end <= COUNTDOWN.length; end += 7) expect(() => read(COUNTDOWN.slice(0, end))).not.toThrow();
  expect(read("a: [1").faults).not.toEqual([]);
  expect(read("just text").graph).toBeNull();
});
