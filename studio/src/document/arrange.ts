/** Where nodes stand if nobody has said: in layers, from top to bottom. */

import dagre from "@dagrejs/dagre";
import type { FlowNode, Graph, NodeId, Point } from "./types";

export interface Size {
  width: number;
  height: number;
}

/** The better way of finding layers takes too long for more nodes than this. */
const SLOW_FROM = 150;

const GAP = { nodesep: 56, ranksep: 72 };

/** A place for every node, as whole numbers; the same for the same graph. */
export function arrange(graph: Graph, sizes: Map<NodeId, Size> = new Map()): Map<NodeId, Point> {
  const layers = new dagre.graphlib.Graph({ multigraph: true });
  layers.setGraph({
    rankdir: "TB",
    ranker: graph.nodes.length > SLOW_FROM ? "longest-path" : "network-simplex",
    ...GAP,
  });
  layers.setDefaultEdgeLabel(() => ({}));
  const known = new Set(graph.nodes.map(({ id }) => id));
  for (const node of graph.nodes) layers.setNode(node.id, { ...(sizes.get(node.id) ?? sizeOf(node)) });
  for (const { id, from, to } of forward(graph)) if (known.has(to)) layers.setEdge(from, to, {}, id);
  dagre.layout(layers);
  const placed = new Map(graph.nodes.map(({ id }) => [id, layers.node(id) as Point & Size]));
  const turned = isTheOtherWayRound(graph, placed) ? -1 : 1;
  const lefts = new Map([...placed].map(([id, { x, width }]) => [id, turned * x - width / 2]));
  const least = Math.min(...lefts.values());
  return new Map(
    [...placed].map(([id, { y, height }]) => [
      id,
      { x: Math.round(lefts.get(id)! - least), y: Math.round(y - height / 2) },
    ]),
  );
}

/** Whether more branches lead to the left of those before them than to the right. */
function isTheOtherWayRound({ nodes }: Graph, placed: Map<NodeId, Point>): boolean {
  let sum = 0;
  for (const node of nodes) {
    if (node.kind !== "gateway") continue;
    const targets = node.branches.flatMap(({ next }) => placed.get(next ?? "") ?? []);
    targets.slice(1).forEach(({ x }, index) => (sum += Math.sign(x - targets[index]!.x)));
  }
  return sum < 0;
}

/** Without ways that lead back to where a run has been: they would pull loops apart. */
function forward({ nodes, edges, start }: Graph) {
  const seen = new Map<NodeId, "open" | "done">();
  const back = new Set<string>();
  const out = new Map<NodeId, Graph["edges"]>();
  for (const edge of edges) out.set(edge.from, [...(out.get(edge.from) ?? []), edge]);
  const roots = [...(start === undefined ? [] : [start]), ...nodes.map(({ id }) => id)];
  for (const root of roots) visit(root);
  return edges.filter(({ id, from, to }) => !back.has(id) && from !== to);

  // Depth first without recursion: a flow may be a chain of a thousand nodes.
  function visit(root: NodeId): void {
    if (seen.has(root)) return;
    const stack: { id: NodeId; next: number }[] = [{ id: root, next: 0 }];
    seen.set(root, "open");
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const edge = out.get(top.id)?.[top.next++];
      if (!edge) {
        seen.set(top.id, "done");
        stack.pop();
      } else if (seen.get(edge.to) === "open") {
        back.add(edge.id);
      } else if (!seen.has(edge.to)) {
        seen.set(edge.to, "open");
        stack.push({ id: edge.to, next: 0 });
      }
    }
  }
}

/** About how large a node is drawn. */
export function sizeOf(node: FlowNode): Size {
  if (node.kind === "gateway") return { width: Math.max(220, node.branches.length * 110 + 32), height: 112 };
  return { width: 220, height: Object.keys(node.with).length > 0 ? 84 : 58 };
}

/** Where every node stands: where the layout says; those of which it says nothing are arranged. */
export function positions(graph: Graph): Map<NodeId, Point> {
  const missing = graph.nodes.filter(({ id }) => !graph.layout.has(id));
  if (missing.length === 0) return graph.layout;
  const arranged = arrange(graph);
  if (missing.length === graph.nodes.length) return arranged;
  // New ones stand beside the others, in the order that they would be arranged in.
  const bottom = Math.max(...[...graph.layout.values()].map(({ y }) => y));
  const all = new Map(graph.layout);
  missing.forEach(({ id }, index) => all.set(id, { x: index * 260, y: bottom + 160 }));
  return all;
}
