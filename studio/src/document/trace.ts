/** What a run did, as a graph shows it. */

import type { Activation } from "../api/types";
import { edgeId } from "./read";
import type { FlowNode, Graph, NodeId, Port } from "./types";

export interface Painted {
  count: number;
  running: boolean;
  failed: boolean;
  totalMs: number;
  /** If one of its activations sleeps, until when. */
  sleepingUntil?: string;
  activations: Activation[];
}

/** What was done at each node. */
export function paint(activations: Activation[]): Map<NodeId, Painted> {
  const painted = new Map<NodeId, Painted>();
  for (const activation of activations) {
    const { node, status, duration_ms } = activation;
    const before = painted.get(node) ?? { count: 0, running: false, failed: false, totalMs: 0, activations: [] };
    painted.set(node, {
      count: before.count + 1,
      running: before.running || status === "running" || status === "waiting",
      failed: before.failed || status === "failed",
      totalMs: before.totalMs + (duration_ms ?? 0),
      sleepingUntil: sleepingUntil(activation) ?? before.sleepingUntil,
      activations: [...before.activations, activation],
    });
  }
  return painted;
}

function sleepingUntil({ status, calls }: Activation): string | undefined {
  const last = calls.at(-1);
  return status === "running" && last && "until" in last ? last.until : undefined;
}

/** How often each way was gone. */
export function passed(graph: Graph, activations: Activation[]): Map<string, number> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const counts = new Map<string, number>();
  for (const activation of activations) {
    const node = nodes.get(activation.node);
    for (const port of node ? gone(node, activation) : []) {
      const id = edgeId(node!.id, port);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

function gone(node: FlowNode, { status, result }: Activation): Port[] {
  if (status !== "returned" || typeof result !== "object" || result === null || Array.isArray(result)) return [];
  if (node.kind === "call") {
    const port: Port = "error" in result ? { kind: "error" } : { kind: "next" };
    const leads = port.kind === "error" ? node.onError : node.next;
    return leads === undefined ? [] : [port];
  }
  const names = (Array.isArray(result["branches"]) ? result["branches"] : []) as string[];
  return node.branches.flatMap((branch, index): Port[] =>
    names.includes(branch.name ?? branch.next ?? "") ? [{ kind: "branch", index }] : [],
  );
}
