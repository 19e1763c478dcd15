/** What is done to a flow, as changes of its text. Nothing changes but what is said. */

import { positions } from "./arrange";
import { block, append, newlineOf, set, unset } from "./splice";
import { nodeAt, parsed } from "./parsed";
import { edgeId, read } from "./read";
import type { Branch, FlowNode, Json, NodeId, Parameter, Point, Port } from "./types";
import { styleOf, written } from "./write";
import { isMap } from "yaml";

/** In which order the keys of each stand, as in the example flows. */
const FLOW = ["format", "flow", "title", "description", "interface", "start", "nodes", "layout"];
const INTERFACE = ["protocol", "framing", "on-leave", "durable", "input"];
const NODE = ["title", "description", "call", "gateway", "with", "next", "on-error", "branches"];
const BRANCH = ["name", "if", "with", "next"];

/** A flow of no nodes. */
export function newFlow(id: string, title: string): string {
  return [
    "# yaml-language-server: $schema=flow.schema.json",
    "format: 1",
    `flow: ${id}`,
    `title: ${written(title, "yaml")}`,
    "interface:",
    "  protocol: websocket",
    "nodes: {}",
    "",
  ].join("\n");
}

/** Adds a node at a place. The first one is where runs begin. */
export function addNode(text: string, node: FlowNode, at: Point): string {
  const { graph } = read(text);
  const placed =
    graph?.start === undefined ? set(insertNode(text, node), ["start"], node.id, FLOW) : insertNode(text, node);
  return move(placed, new Map([[node.id, at]]));
}

function insertNode(text: string, node: FlowNode): string {
  const data = dataOf(node);
  const nodes = nodeAt(parsed(text), ["nodes"]);
  const isEmpty = !isMap(nodes) || nodes.items.length === 0;
  if (styleOf(text) === "json") return set(text, ["nodes", node.id], data, []);
  // A node is written one key a line, and so is the map of them.
  const newline = newlineOf(text);
  const lines = `${node.id}:${newline}${block(data, isEmpty ? 4 : columnOf(text) + 2, newline)}`;
  return isEmpty ? firstNode(text, lines) : nextNode(text, lines);
}

/** Of the map's keys. */
function columnOf(text: string): number {
  const nodes = nodeAt(parsed(text), ["nodes"]);
  const start = isMap(nodes) ? (nodes.items[0]!.key as { range: [number] }).range[0] : 0;
  return start - (text.lastIndexOf("\n", start - 1) + 1);
}

function firstNode(text: string, lines: string): string {
  const emptied = unset(text, ["nodes"]);
  const marked = set(emptied, ["nodes"], "@", FLOW);
  return marked.replace(/^nodes: .*$/m, () => `nodes:${newlineOf(text)}  ${lines}`);
}

function nextNode(text: string, lines: string): string {
  const nodes = nodeAt(parsed(text), ["nodes"]);
  if (!isMap(nodes) || nodes.flow) {
    const [id, ...rest] = lines.split(":");
    return set(text, ["nodes", id!], rest.join(":"));
  }
  // A place is kept for it, in which it is written as it is to be seen.
  const id = lines.slice(0, lines.indexOf(":"));
  const kept = set(text, ["nodes", id], "@");
  return kept.replace(new RegExp(`^( *)${id}: "@"$`, "m"), (_, indent: string) => indent + lines);
}

/** What the document says of a node. */
export function dataOf(node: FlowNode): { [key: string]: Json } {
  const { title, description, callee } = node;
  if (node.kind === "gateway") {
    return defined({ title, description, gateway: callee, with: node.with, branches: node.branches.map(branchData) });
  }
  const given = Object.keys(node.with).length > 0 ? node.with : undefined;
  return defined({ title, description, call: callee, with: given, next: node.next, "on-error": node.onError });
}

function branchData({ name, if: condition, with: given, next }: Branch): Json {
  return defined({ name, if: condition, with: given, next });
}

function defined(data: { [key: string]: Json | undefined }): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(data).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** Removes nodes, and what leads to them. */
export function removeNodes(text: string, ids: NodeId[]): string {
  return ids.reduce(removeNode, text);
}

function removeNode(text: string, id: NodeId): string {
  const { graph } = read(text);
  if (!graph) return text;
  const leading = graph.edges.filter(({ from, to }) => to === id && from !== id);
  // The last branches first, so that the places of others stay.
  const cut = leading
    .reverse()
    .reduce(
      (now, { from, port }) =>
        port.kind === "branch" ? removeBranch(now, from, port.index) : disconnect(now, from, port),
      text,
    );
  const unplaced = unset(unset(cut, ["nodes", id]), ["layout", id]);
  return graph.start === id ? unset(unplaced, ["start"]) : unplaced;
}

const portKey = (port: Port) => (port.kind === "error" ? "on-error" : "next");

/** Lets a way lead to a node. */
export function connect(text: string, from: NodeId, port: Port, to: NodeId): string {
  if (port.kind === "branch") return set(text, ["nodes", from, "branches", port.index, "next"], to, BRANCH);
  return set(text, ["nodes", from, portKey(port)], to, NODE);
}

/** Lets a way lead nowhere. */
export function disconnect(text: string, from: NodeId, port: Port): string {
  if (port.kind === "branch") return unset(text, ["nodes", from, "branches", port.index, "next"]);
  return unset(text, ["nodes", from, portKey(port)]);
}

/** Says something of a node; `undefined` says nothing. */
export function setNode(
  text: string,
  id: NodeId,
  key: "title" | "description" | "call" | "gateway",
  value?: string,
): string {
  const path = ["nodes", id, key];
  return value === undefined || value === "" ? unset(text, path) : set(text, path, value, NODE);
}

/** Gives a parameter a value; `undefined` leaves it to its default. */
export function setArgument(text: string, id: NodeId, parameter: string, value: Json | undefined): string {
  const path = ["nodes", id, "with", parameter];
  if (value === undefined) return unset(text, path);
  if (nodeAt(parsed(text), ["nodes", id, "with"])) return set(text, path, value);
  return set(text, ["nodes", id, "with"], { [parameter]: value }, NODE);
}

/** Gives a gateway its configuration. */
export function setConfig(text: string, id: NodeId, value: Json | undefined): string {
  return value === undefined ? unset(text, ["nodes", id, "with"]) : set(text, ["nodes", id, "with"], value, NODE);
}

/** Changes what a branch says; a key that is there without a value is taken away. */
export function setBranch(text: string, id: NodeId, index: number, change: Partial<Branch>): string {
  return Object.entries(change).reduce((now, [key, value]) => {
    const path = ["nodes", id, "branches", index, key];
    return value === undefined || value === "" ? unset(now, path) : set(now, path, value, BRANCH);
  }, text);
}

export function addBranch(text: string, id: NodeId, branch: Branch): string {
  return append(text, ["nodes", id, "branches"], branchData(branch), NODE);
}

export function removeBranch(text: string, id: NodeId, index: number): string {
  const { graph } = read(text);
  const node = graph?.nodes.find((it) => it.id === id);
  if (node?.kind === "gateway" && node.branches.length === 1) return set(text, ["nodes", id, "branches"], [], NODE);
  return unset(text, ["nodes", id, "branches", index]);
}

/** Puts a branch in another place. */
export function moveBranch(text: string, id: NodeId, from: number, to: number): string {
  const node = read(text).graph?.nodes.find((it) => it.id === id);
  if (node?.kind !== "gateway" || !node.branches[from] || !node.branches[to]) return text;
  const branches = node.branches.map(branchData);
  branches.splice(to, 0, ...branches.splice(from, 1));
  return branches.reduce<string>((now, branch, index) => set(now, ["nodes", id, "branches", index], branch), text);
}

export function setStart(text: string, id: NodeId): string {
  return set(text, ["start"], id, FLOW);
}

export function setFlow(text: string, key: "title" | "description", value: string | undefined): string {
  return value === undefined || value === "" ? unset(text, [key]) : set(text, [key], value, FLOW);
}

export function setInterface(text: string, key: "framing" | "on-leave" | "durable", value: Json | undefined): string {
  return value === undefined ? unset(text, ["interface", key]) : set(text, ["interface", key], value, INTERFACE);
}

/** Gives a flow its parameters. The text of those that stay as they are stays as well. */
export function setParameters(text: string, parameters: Parameter[]): string {
  const before = read(text).graph?.input ?? [];
  const names = parameters.map(({ name }) => name);
  const isSameOrder = before
    .filter(({ name }) => names.includes(name))
    .every(({ name }, index) => name === names[index]);
  if (!isSameOrder) return set(text, ["interface", "input"], asInput(parameters), INTERFACE);
  const gone = before.filter(({ name }) => !names.includes(name));
  const left = gone.reduce((now, { name }) => unset(now, ["interface", "input", name]), text);
  return parameters.reduce((now, { name, schema }) => {
    const old = before.find((it) => it.name === name);
    if (old && JSON.stringify(old.schema) === JSON.stringify(schema)) return now;
    if (nodeAt(parsed(now), ["interface", "input"])) return set(now, ["interface", "input", name], schema);
    return set(now, ["interface", "input"], { [name]: schema }, INTERFACE);
  }, left);
}

function asInput(parameters: Parameter[]): Json {
  return Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
}

/** How many nodes are moved one by one; more are written all at once. */
const ONE_BY_ONE = 8;

/** Says where nodes stand, in `layout`, which is made as the document's last key. Those of which nothing was said stay where they are. */
export function move(text: string, to: Map<NodeId, Point>): string {
  const { graph } = read(text);
  if (!graph || to.size === 0) return text;
  const isWhole = graph.nodes.every(({ id }) => graph.layout.has(id));
  const all = isWhole ? to : new Map([...positions(graph), ...to]);
  const places = [...all].filter(([id, { x, y }]) => {
    const before = graph.layout.get(id);
    return before?.x !== Math.round(x) || before.y !== Math.round(y);
  });
  if (places.length === 0) return text;
  const whole = ({ x, y }: Point): Json => ({ x: Math.round(x), y: Math.round(y) });
  if (graph.layout.size > 0 && places.length <= ONE_BY_ONE) {
    return places.reduce((now, [id, at]) => set(now, ["layout", id], whole(at)), text);
  }
  const layout = new Map([...graph.layout, ...all]);
  return set(text, ["layout"], Object.fromEntries([...layout].map(([id, at]) => [id, whole(at)])));
}

export { edgeId };
