/** A flow, as the Studio knows it: what its document says, without how it is written. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type NodeId = string;

/** Where a node stands, in whole units of the graph. */
export interface Point {
  x: number;
  y: number;
}

export interface Parameter {
  name: string;
  /** JSON Schema (2020-12). */
  schema: { [keyword: string]: Json };
}

export interface Branch {
  name?: string;
  if?: string;
  next?: NodeId;
  with?: Json;
}

export interface CallNode {
  kind: "call";
  id: NodeId;
  title?: string;
  description?: string;
  /** `component.function`, or `component.interface.function`. */
  callee: string;
  with: { [parameter: string]: Json };
  next?: NodeId;
  onError?: NodeId;
}

export interface GatewayNode {
  kind: "gateway";
  id: NodeId;
  title?: string;
  description?: string;
  /** The component. */
  callee: string;
  with?: Json;
  branches: Branch[];
}

export type FlowNode = CallNode | GatewayNode;

/** Where a way leaves a node. */
export type Port = { kind: "next" } | { kind: "error" } | { kind: "branch"; index: number };

export interface Edge {
  id: string;
  from: NodeId;
  port: Port;
  /** May name a node that is not there. */
  to: NodeId;
}

export interface Graph {
  id: string;
  title?: string;
  description?: string;
  framing: "json-rpc" | "raw";
  onLeave: "continue" | "cancel";
  durable: boolean;
  input: Parameter[];
  start?: NodeId;
  nodes: FlowNode[];
  edges: Edge[];
  layout: Map<NodeId, Point>;
}

/** What keeps a text from being read as YAML. Lines and columns are from 1, and columns in characters. */
export interface Fault {
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** A text, and what it says as far as it can be read. */
export interface Read {
  text: string;
  /** Null if the text is no map. */
  graph: Graph | null;
  faults: Fault[];
}

/** A way to something in a document: keys of maps, and places in lists. */
export type Path = (string | number)[];

/** Nodes that were copied. */
export interface Fragment {
  nodes: FlowNode[];
  /** Where each stood. */
  layout: { [id: NodeId]: Point };
  /** The upper left of these. */
  origin: Point;
}
