/** A text as a graph, as far as it can be read: while somebody types, much is only half there. */

import type { ASandgateFlow, Branch as WrittenBranch, Node as WrittenNode } from "./generated/flow";
import { dataOf, parsed, type Parsed } from "./parsed";
import type { Branch, Edge, Fault, FlowNode, Graph, Json, Parameter, Point, Port, Read } from "./types";

const REMEMBERED = 4;
const remembered = new Map<string, Read>();

/** Reads a text. Never throws. */
export function read(text: string): Read {
  const known = remembered.get(text);
  if (known) return known;
  const from = parsed(text);
  const data = dataOf(from.document);
  const now = { text, graph: isRecord(data) ? graphOf(data) : null, faults: faultsOf(from) };
  remembered.set(text, now);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
  return now;
}

/** The id of a way: where it leaves. */
export function edgeId(from: string, port: Port): string {
  return port.kind === "branch" ? `${from}/branch:${port.index}` : `${from}/${port.kind}`;
}

type Data = { [key: string]: Json };

/** What may be said of a flow, a node and a branch; anything may be missing, or be something else. */
type Loose<T> = { [key in keyof T]?: unknown };

function graphOf(data: Data): Graph {
  const flow = data as Loose<ASandgateFlow>;
  const about = (isRecord(flow.interface) ? flow.interface : {}) as Loose<ASandgateFlow["interface"]>;
  const nodes = Object.entries(isRecord(flow.nodes) ? flow.nodes : {}).map(([id, node]) =>
    nodeOf(id, (isRecord(node) ? node : {}) as Loose<WrittenNode>),
  );
  return {
    id: textOf(flow.flow) ?? "",
    title: textOf(flow.title),
    description: textOf(flow.description),
    framing: about.framing === "raw" ? "raw" : "json-rpc",
    onLeave: about["on-leave"] === "cancel" ? "cancel" : "continue",
    durable: about.durable !== false,
    input: Object.entries(isRecord(about.input) ? about.input : {}).map(parameterOf),
    start: textOf(flow.start),
    nodes,
    edges: nodes.flatMap(edgesOf),
    layout: layoutOf(flow.layout),
  };
}

function parameterOf([name, schema]: [string, Json]): Parameter {
  return { name, schema: isRecord(schema) ? schema : {} };
}

function nodeOf(id: string, node: Loose<WrittenNode>): FlowNode {
  const said = { id, title: textOf(node.title), description: textOf(node.description) };
  if (node.gateway !== undefined || node.branches !== undefined) {
    const branches = Array.isArray(node.branches) ? node.branches.map(branchOf) : [];
    return { ...said, kind: "gateway", callee: textOf(node.gateway) ?? "", with: jsonOf(node.with), branches };
  }
  return {
    ...said,
    kind: "call",
    callee: textOf(node.call) ?? "",
    with: isRecord(node.with) ? node.with : {},
    next: textOf(node.next),
    onError: textOf(node["on-error"]),
  };
}

function branchOf(value: unknown): Branch {
  const branch = (isRecord(value) ? value : {}) as Loose<WrittenBranch>;
  const condition = typeof branch.if === "boolean" ? String(branch.if) : textOf(branch.if);
  return { name: textOf(branch.name), if: condition, next: textOf(branch.next), with: jsonOf(branch.with) };
}

function edgesOf(node: FlowNode): Edge[] {
  const edge = (port: Port, to: string | undefined): Edge[] =>
    to === undefined ? [] : [{ id: edgeId(node.id, port), from: node.id, port, to }];
  if (node.kind === "call") return [...edge({ kind: "next" }, node.next), ...edge({ kind: "error" }, node.onError)];
  return node.branches.flatMap((branch, index) => edge({ kind: "branch", index }, branch.next));
}

function layoutOf(layout: unknown): Map<string, Point> {
  const entries = Object.entries(isRecord(layout) ? layout : {});
  return new Map(entries.flatMap(([id, at]) => (isPoint(at) ? [[id, { x: at.x, y: at.y }]] : [])));
}

function isPoint(value: unknown): value is { x: number; y: number } {
  return isRecord(value) && typeof value["x"] === "number" && typeof value["y"] === "number";
}

export function isRecord(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text; of a number, which a form shows as one. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

function jsonOf(value: unknown): Json | undefined {
  return value as Json | undefined;
}

function faultsOf({ document, lines }: Parsed): Fault[] {
  return document.errors.map(({ message, pos: [from, to] }) => {
    const [start, end] = [lines.linePos(from), lines.linePos(Math.max(from, to))];
    return { message, line: start.line, column: start.col, endLine: end.line, endColumn: end.col };
  });
}
