import { applyNodeChanges, type NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useState } from "react";
import type { NodeId } from "../document";
import { edgesOf, kept, nodesOf, type Drawn } from "./project";
import type { EdgeShape, NodeShape } from "./shape";

/**
 * What is drawn of a graph. While nodes are dragged they move here alone; the document is told when they are let go.
 */
export function useShapes(drawn: Drawn, selection: NodeId[]) {
  const [shapes, setShapes] = useState<{
    of: Drawn | null;
    selection: NodeId[];
    nodes: NodeShape[];
    edges: EdgeShape[];
  }>({ of: null, selection: [], nodes: [], edges: [] });
  let now = shapes;
  if (shapes.of !== drawn || shapes.selection !== selection) {
    const chosen = new Set(selection);
    const select = (node: NodeShape) => ({ ...node, selected: chosen.has(node.id) }) as NodeShape;
    const carry = (before: NodeShape, node: NodeShape) =>
      ({
        ...node,
        measured: before.measured,
        width: before.width,
        height: before.height,
        dragging: before.dragging,
      }) as NodeShape;
    const nodes = kept(shapes.nodes, nodesOf(drawn).map(select), carry);
    const edges = kept(shapes.edges, edgesOf(drawn), (before, edge) => ({ ...edge, selected: before.selected }));
    now = { of: drawn, selection, nodes, edges };
    setShapes(now);
  }
  const change = useCallback((changes: NodeChange<NodeShape>[]) => {
    // Selection is the page's.
    const own = changes.filter(({ type }) => type !== "select" && type !== "remove");
    if (own.length > 0) setShapes((it) => ({ ...it, nodes: applyNodeChanges(own, it.nodes) }));
  }, []);
  const selectEdges = useCallback((ids: Map<string, boolean>) => {
    setShapes((it) => ({
      ...it,
      edges: it.edges.map((edge) => (ids.has(edge.id) ? { ...edge, selected: ids.get(edge.id)! } : edge)),
    }));
  }, []);
  return useMemo(() => ({ ...now, change, selectEdges }), [now, change, selectEdges]);
}
