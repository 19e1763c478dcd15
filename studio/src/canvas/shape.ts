/** React Flow's own shape of a flow. It never leaves this folder. */

import type { Edge as FlowEdge, Node as FlowNode } from "@xyflow/react";
import type { CallNode, GatewayNode, Parameter, Port } from "../document";

/** What is shown of a node besides what the document says of it. */
export interface Paint extends Record<string, unknown> {
  title: string;
  /** The icon that its component asks for. */
  icon: string | null;
  /** The component's group, by which nodes are coloured. */
  group: string;
  /** The component is not among those of the project. */
  isGone: boolean;
  errors: number;
  warnings: number;
  mark?: Mark;
  passed?: Passed;
  /** The function may return an error, so that a way can lead from there. */
  mayFail: boolean;
  readOnly: boolean;
}

/** How it differs from another version. */
export type Mark = "added" | "removed" | "changed";

/** What a run has done at a node. */
export interface Passed {
  count: number;
  running: boolean;
  failed: boolean;
  totalMs: number;
  sleepingUntil?: string;
}

export type CallShape = FlowNode<Paint & { node: CallNode }, "call">;
export type GatewayShape = FlowNode<Paint & { node: GatewayNode }, "gateway">;
export type EntryShape = FlowNode<{ parameters: Parameter[]; framing: string; readOnly: boolean }, "entry">;
export type NodeShape = CallShape | GatewayShape | EntryShape;

export interface EdgePaint extends Record<string, unknown> {
  label?: string;
  /** The condition of the branch, where the label is its name. */
  hint?: string;
  kind: "start" | "next" | "error" | "branch";
  mark?: Mark;
  /** How often a run has gone this way. */
  count?: number;
  /** Of a way that leads back: how far to the right it keeps clear of all that is between. */
  side?: number;
}

export type EdgeShape = FlowEdge<EdgePaint, "flow">;

/** The node that stands for the interface. Its id is not one that a node may have. */
export const ENTRY = "->";
export const TARGET = "in";
export const START = "start";
/** Pulling from here makes a branch. */
export const NEW_BRANCH = "branch:new";

export function handleOf(port: Port): string {
  return port.kind === "branch" ? `branch:${port.index}` : port.kind;
}

/** The port of a handle; null of one that stands for the start, or for a branch that is to be made. */
export function portOf(handle: string | null | undefined): Port | null {
  if (handle === "next" || handle === "error") return { kind: handle };
  const index = /^branch:(\d+)$/.exec(handle ?? "")?.[1];
  return index === undefined ? null : { kind: "branch", index: Number(index) };
}
