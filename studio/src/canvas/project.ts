/** What of a graph is drawn where. */

import type { Component } from "../api/types";
import { positions, sizeOf, type Edge, type FlowNode, type Graph, type NodeId, type Point } from "../document";
import {
  ENTRY,
  handleOf,
  START,
  TARGET,
  type EdgeShape,
  type Mark,
  type NodeShape,
  type Paint,
  type Passed,
} from "./shape";

/** What is drawn besides the graph. */
export interface Drawn {
  graph: Graph;
  components: Component[];
  readOnly: boolean;
  problems?: Map<NodeId, { errors: number; warnings: number }>;
  marks?: { nodes: Map<NodeId, Mark>; edges: Map<string, Mark> };
  passed?: { nodes: Map<NodeId, Passed>; edges: Map<string, number> };
}

const ENTRY_ABOVE = 132;
/** As the style sheet has it. */
const ENTRY_WIDTH = 220;

export function nodesOf(drawn: Drawn): NodeShape[] {
  const { graph, readOnly } = drawn;
  const at = positions(graph);
  const nodes = graph.nodes.map((node) => nodeOf(node, at.get(node.id) ?? { x: 0, y: 0 }, drawn));
  const start = (graph.start !== undefined && at.get(graph.start)) || { x: 0, y: 0 };
  const first = graph.nodes.find(({ id }) => id === graph.start);
  const beside = first ? (sizeOf(first).width - ENTRY_WIDTH) / 2 : 0;
  const entry: NodeShape = {
    id: ENTRY,
    type: "entry",
    position: { x: start.x + beside, y: start.y - ENTRY_ABOVE },
    data: { parameters: graph.input, framing: graph.framing, readOnly },
    draggable: false,
    deletable: false,
    selectable: true,
  };
  return [entry, ...nodes];
}

function nodeOf(node: FlowNode, position: Point, drawn: Drawn): NodeShape {
  const data = paint(node, drawn);
  return node.kind === "call"
    ? { id: node.id, type: "call", position, data: { ...data, node } }
    : { id: node.id, type: "gateway", position, data: { ...data, node } };
}

function paint(node: FlowNode, { components, problems, marks, passed, readOnly }: Drawn): Paint {
  const [name, ...rest] = node.callee.split(".");
  const component = components.find((it) => it.component === name);
  const wanted = rest.at(-1);
  const called = component?.functions.find((it) => it.function === wanted);
  const known = node.kind === "gateway" ? component?.gateway === true : called !== undefined;
  const { errors = 0, warnings = 0 } = problems?.get(node.id) ?? {};
  return {
    title: node.title ?? node.id,
    icon: component?.icon ?? (node.kind === "gateway" ? "split" : null),
    group: component?.group ?? "",
    // Before the components are known, none is missed.
    isGone: components.length > 0 && node.callee !== "" && !known,
    errors,
    warnings,
    mark: marks?.nodes.get(node.id),
    passed: passed?.nodes.get(node.id),
    mayFail: called?.error != null || (node.kind === "call" && node.onError !== undefined),
    readOnly,
  };
}

export function edgesOf(drawn: Drawn): EdgeShape[] {
  const { graph } = drawn;
  const at = positions(graph);
  const known = new Set(graph.nodes.map(({ id }) => id));
  const sides = sidesOf(graph, at);
  const edges = graph.edges
    .filter((edge) => known.has(edge.to) && known.has(edge.from))
    .map((edge) => edgeOf(edge, sides.get(edge.id), drawn));
  return graph.start !== undefined && known.has(graph.start) ? [startEdge(graph.start), ...edges] : edges;
}

const CLEAR = 32;
const LANE = 18;

/** How far to the right each way that leads back keeps: clear of the nodes between, and of the others that do. */
function sidesOf(graph: Graph, at: Map<NodeId, Point>): Map<string, number> {
  const sides = new Map<string, number>();
  for (const { id, from, to } of graph.edges) {
    const [high, low] = [at.get(to)?.y ?? 0, at.get(from)?.y ?? 0];
    if (high > low) continue;
    const between = graph.nodes.filter((node) => {
      const y = at.get(node.id)?.y ?? 0;
      return y >= high && y <= low;
    });
    const right = Math.max(...between.map((node) => (at.get(node.id)?.x ?? 0) + sizeOf(node).width));
    sides.set(id, right + CLEAR + sides.size * LANE);
  }
  return sides;
}

function startEdge(start: NodeId): EdgeShape {
  return {
    id: START,
    type: "flow",
    source: ENTRY,
    sourceHandle: START,
    target: start,
    targetHandle: TARGET,
    data: { kind: "start" },
    deletable: false,
  };
}

function edgeOf(edge: Edge, side: number | undefined, { graph, marks, passed, readOnly }: Drawn): EdgeShape {
  const source = graph.nodes.find(({ id }) => id === edge.from);
  const branch =
    edge.port.kind === "branch" && source?.kind === "gateway" ? source.branches[edge.port.index] : undefined;
  return {
    id: edge.id,
    type: "flow",
    source: edge.from,
    sourceHandle: handleOf(edge.port),
    target: edge.to,
    targetHandle: TARGET,
    data: {
      kind: edge.port.kind,
      label: branch?.name ?? branch?.if,
      hint: branch?.name === undefined ? undefined : branch.if,
      mark: marks?.edges.get(edge.id),
      count: passed?.edges.get(edge.id),
      side,
    },
    deletable: !readOnly,
    reconnectable: !readOnly,
  };
}

/** Those that look as before stay the same objects, so that nothing draws them again. */
export function kept<T extends { id: string }>(before: T[], now: T[], carry: (before: T, now: T) => T): T[] {
  const old = new Map(before.map((it) => [it.id, it]));
  return now.map((it) => {
    const was = old.get(it.id);
    if (!was) return it;
    const next = carry(was, it);
    return same(was, next) ? was : next;
  });
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [left, right] = [Object.entries(a), b as Record<string, unknown>];
  const defined = (entries: [string, unknown][]) => entries.filter(([, value]) => value !== undefined);
  const mine = defined(left);
  return mine.length === defined(Object.entries(right)).length && mine.every(([key, value]) => same(value, right[key]));
}
