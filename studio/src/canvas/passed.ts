/** What a trace says of each node and each way. */

import type { Activation } from "../api/types";
import { paint, passed as waysPassed, type Graph, type NodeId } from "../document";
import type { Passed } from "./shape";

export function passedOf(
  graph: Graph,
  trace: Activation[],
): { nodes: Map<NodeId, Passed>; edges: Map<string, number> } {
  return { nodes: paint(trace), edges: waysPassed(graph, trace) };
}
