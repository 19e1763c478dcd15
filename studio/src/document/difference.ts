/** What differs between two flows, as a graph shows it. */

import type { Edge, FlowNode, Graph, NodeId } from "./types";

export type Mark = "added" | "removed" | "changed";

export interface Difference {
  nodes: Map<NodeId, Mark>;
  edges: Map<string, Mark>;
}

/** What the second has other than the first. A node is changed if it does something else, a way if it leads elsewhere. */
export function graphDiff(before: Graph, after: Graph): Difference {
  return {
    nodes: marks(before.nodes, after.nodes, (node: FlowNode) => JSON.stringify(does(node))),
    edges: marks(before.edges, after.edges, (edge: Edge) => edge.to),
  };
}

/** Both in one graph: what was removed stands where it stood. */
export function union(before: Graph, after: Graph): Graph {
  const known = new Set(after.nodes.map(({ id }) => id));
  const ways = new Set(after.edges.map(({ id }) => id));
  return {
    ...after,
    nodes: [...after.nodes, ...before.nodes.filter(({ id }) => !known.has(id))],
    edges: [...after.edges, ...before.edges.filter(({ id }) => !ways.has(id))],
    layout: new Map([...before.layout, ...after.layout]),
  };
}

function marks<T extends { id: string }>(before: T[], after: T[], shape: (it: T) => string): Map<string, Mark> {
  const [old, now] = [new Map(before.map((it) => [it.id, it])), new Map(after.map((it) => [it.id, it]))];
  const found = new Map<string, Mark>();
  for (const id of old.keys()) if (!now.has(id)) found.set(id, "removed");
  for (const [id, it] of now) {
    const was = old.get(id);
    if (!was) found.set(id, "added");
    else if (shape(was) !== shape(it)) found.set(id, "changed");
  }
  return found;
}

/** Without where a run goes on. */
function does(node: FlowNode): unknown {
  if (node.kind === "call") return { ...node, next: undefined, onError: undefined };
  return { ...node, branches: node.branches.map((branch) => ({ ...branch, next: undefined })) };
}
