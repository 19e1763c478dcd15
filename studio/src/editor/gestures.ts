/** What is done on the graph, as changes of the text. */

import type { Component } from "../api/types";
import {
  addBranch,
  addNode,
  connect,
  copy,
  disconnect,
  freeId,
  paste,
  read,
  removeBranch,
  removeNodes,
  setBranch,
  setStart,
  type FlowNode,
  type Fragment,
  type Json,
  type NodeId,
  type Point,
  type Port,
} from "../document";
import type { Source } from "../canvas/Canvas";

/** What the palette offers: a function, or a gateway. */
export type Offered = { kind: "call"; callee: string } | { kind: "gateway"; callee: string };

/** A node of what is offered, with the defaults that its component wants to be seen. */
export function nodeOf(offered: Offered, id: NodeId, components: Component[]): FlowNode {
  const { kind, callee } = offered;
  if (kind === "gateway") return { kind, id, callee, branches: [] };
  return { kind, id, callee, with: defaults(callee, components) };
}

function defaults(callee: string, components: Component[]): { [parameter: string]: Json } {
  const [component, ...path] = callee.split(".");
  const found = components.find((it) => it.component === component);
  const called = found?.functions.find((it) => it.function === path.at(-1));
  const shown = called?.parameters.filter((it) => it.default !== null && !it.hidden) ?? [];
  return Object.fromEntries(shown.map((it) => [it.name, it.default]));
}

/** The id that a node gets: what it does. */
export function wantedId({ callee }: Offered): string {
  return callee.split(".").at(-1) ?? "node";
}

/** Adds a node, and a way to it if there is one. */
export function add(text: string, offered: Offered, at: Point, components: Component[], from?: Source) {
  const { graph } = read(text);
  const id = graph ? freeId(graph, wantedId(offered)) : wantedId(offered);
  const place = { x: Math.round(at.x), y: Math.round(at.y) };
  const added = addNode(text, nodeOf(offered, id, components), place);
  return { text: from ? lead(added, from, id) : added, id };
}

/** Lets a way lead to a node. */
export function lead(text: string, from: Source, to: NodeId): string {
  if (from.node === null) return setStart(text, to);
  return from.port === null ? addBranch(text, from.node, { next: to }) : connect(text, from.node, from.port, to);
}

/** Removes nodes, and ways between others. A branch cannot be without a way, so it goes with it. */
export function remove(text: string, nodes: NodeId[], ways: { from: NodeId; port: Port }[]): string {
  const gone = new Set(nodes);
  const left = ways.filter(({ from }) => !gone.has(from));
  // The last branches first, so that the places of others stay.
  left.sort((a, b) => place(b.port) - place(a.port));
  const cut = left.reduce(
    (now, { from, port }) =>
      port.kind === "branch" ? removeBranch(now, from, port.index) : disconnect(now, from, port),
    text,
  );
  return nodes.length > 0 ? removeNodes(cut, nodes) : cut;
}

function place(port: Port): number {
  return port.kind === "branch" ? port.index : -1;
}

const CLIP = "# sandgate nodes\n";

/** Nodes as a text for the clipboard. */
export function clip(text: string, ids: NodeId[]): string {
  return CLIP + JSON.stringify(copy(text, ids));
}

/** The nodes of a text from the clipboard; null if it has none. */
export function clipped(text: string): Fragment | null {
  if (!text.startsWith(CLIP)) return null;
  try {
    return JSON.parse(text.slice(CLIP.length)) as Fragment;
  } catch {
    return null;
  }
}

export { paste, setBranch };
