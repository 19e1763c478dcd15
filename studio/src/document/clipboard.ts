/** Nodes that are copied, also from one flow to another. */

import { arrange } from "./arrange";
import { addNode, dataOf, move } from "./edits";
import { freeId, renamed } from "./names";
import { read } from "./read";
import { mapExpressions } from "./template";
import type { FlowNode, Fragment, Graph, Json, NodeId, Point } from "./types";

/** The nodes of these ids, and where they stand. */
export function copy(text: string, ids: NodeId[]): Fragment {
  const { graph } = read(text);
  const nodes = graph?.nodes.filter(({ id }) => ids.includes(id)) ?? [];
  const places = graph ? new Map([...arrange(graph), ...graph.layout]) : new Map<NodeId, Point>();
  const layout = Object.fromEntries(nodes.map(({ id }) => [id, places.get(id) ?? { x: 0, y: 0 }]));
  const all = Object.values(layout);
  const least = (key: "x" | "y") => (all.length === 0 ? 0 : Math.min(...all.map((it) => it[key])));
  return { nodes, layout, origin: { x: least("x"), y: least("y") } };
}

/** Adds copied nodes with their upper left at a place. Ways among them stay, others are left out; taken names get a number. */
export function paste(text: string, fragment: Fragment, at: Point): { text: string; ids: NodeId[] } {
  const { graph } = read(text);
  const names = newNames(fragment.nodes, graph);
  const now = fragment.nodes.reduce((now, node) => {
    const stood = fragment.layout[node.id] ?? fragment.origin;
    const place = { x: at.x + stood.x - fragment.origin.x, y: at.y + stood.y - fragment.origin.y };
    return addNode(now, renewed(node, names), place);
  }, text);
  return { text: now, ids: [...names.values()] };
}

function newNames(nodes: FlowNode[], graph: Graph | null): Map<NodeId, NodeId> {
  const taken = [...(graph?.nodes ?? [])];
  return new Map(
    nodes.map((node) => {
      const id = freeId({ nodes: taken }, node.id);
      taken.push({ ...node, id });
      return [node.id, id];
    }),
  );
}

/** A node with the new names of those that came with it. */
function renewed(node: FlowNode, names: Map<NodeId, NodeId>): FlowNode {
  const id = names.get(node.id)!;
  const lead = (to: NodeId | undefined) => (to === undefined ? undefined : names.get(to));
  const expression = (text: string) => [...names].reduce((now, [from, to]) => renamed(now, from, to), text);
  const value = (json: Json): Json => {
    if (typeof json === "string") return mapExpressions(json, expression);
    if (Array.isArray(json)) return json.map(value);
    if (typeof json !== "object" || json === null) return json;
    return Object.fromEntries(Object.entries(json).map(([key, it]) => [key, value(it)]));
  };
  if (node.kind === "call") {
    return {
      ...node,
      id,
      with: value(node.with) as { [parameter: string]: Json },
      next: lead(node.next),
      onError: lead(node.onError),
    };
  }
  const branches = node.branches.flatMap((branch) => {
    const next = lead(branch.next);
    const condition = branch.if === undefined ? undefined : expression(branch.if);
    return next === undefined ? [] : [{ ...branch, if: condition, next }];
  });
  return { ...node, id, branches };
}

export { dataOf, move };
