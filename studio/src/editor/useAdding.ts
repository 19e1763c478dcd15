import { useCallback, useState } from "react";
import type { Component } from "../api/types";
import type { Source } from "../canvas/Canvas";
import { positions, read, type NodeId, type Point } from "../document";
import { add as addTo, type Offered } from "./gestures";
import type { EditorStore } from "./store";

/** That something is about to be added: where, and by which way it is to be reached. */
export interface Adding {
  from: Source | null;
  at: Point | null;
  window: Point | null;
}

const BELOW = 140;

/** Adds nodes: at a place, or where there is room; after what they are pulled from, or what is selected. */
export function useAdding(editor: EditorStore, components: Component[], setFocus: (focus: { id: NodeId }) => void) {
  const [adding, setAdding] = useState<Adding | null>(null);
  const add = useCallback(
    (offered: Offered, at: Point | null, from: Source | null) => {
      const { text, selection } = editor.getState();
      // What is dropped is where it is wanted, and leads nowhere yet.
      const source = from ?? (at ? null : after(text, selection));
      const added = addTo(text, offered, at ?? room(text, selection), components, source ?? undefined);
      editor.edit(added.text);
      editor.select([added.id]);
      if (!at) setFocus({ id: added.id });
      setAdding(null);
    },
    [editor, components, setFocus],
  );
  const ask = useCallback(
    (from: Source | null, at: Point | null, window: Point | null = null) => setAdding({ from, at, window }),
    [],
  );
  return { adding, add, ask, dismiss: useCallback(() => setAdding(null), []) };
}

/** The way out of the one node that is selected, if it has none yet. */
function after(text: string, selection: NodeId[]): Source | null {
  const node = read(text).graph?.nodes.find(({ id }) => selection.length === 1 && id === selection[0]);
  if (!node) return null;
  if (node.kind === "gateway") return { node: node.id, port: null };
  return node.next === undefined ? { node: node.id, port: { kind: "next" } } : null;
}

/** Below what is selected, or below everything. */
function room(text: string, selection: NodeId[]): Point {
  const { graph } = read(text);
  if (!graph || graph.nodes.length === 0) return { x: 0, y: 0 };
  const at = positions(graph);
  const chosen = selection.length === 1 ? at.get(selection[0]!) : undefined;
  const taken = [...at.values()];
  const lowest = taken.reduce((low, point) => (point.y > low.y ? point : low));
  const place = { x: (chosen ?? lowest).x, y: (chosen ?? lowest).y + BELOW };
  while (taken.some(({ x, y }) => Math.abs(x - place.x) < 230 && Math.abs(y - place.y) < 100)) place.x += 260;
  return place;
}
