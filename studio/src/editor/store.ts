/** A flow that is being edited. Its text is the only truth: what is shown is derived from it, and what is done changes it. */

import { createStore, type StoreApi } from "zustand/vanilla";
import type { Which } from "../api/daemon";
import type { Check } from "../api/types";
import { History, type NodeId } from "../document";

/** How what is here stands to what the daemon keeps. */
export type Saved =
  | { state: "saved" }
  | { state: "saving" }
  /** Changed here, and about to be saved. */
  | { state: "unsaved" }
  /** The daemon does not answer; the text is kept in the browser. */
  | { state: "away" }
  /** Somebody else has saved another text meanwhile: theirs, and its tag; no text, if they removed the draft. */
  | { state: "conflict"; theirs: string | null; tag: string | null }
  | { state: "refused"; reason: string };

export interface Edited {
  flow: string;
  /** Whether it is the flow itself, or its cases. */
  which: Which;
  text: string;
  selection: NodeId[];
  canUndo: boolean;
  canRedo: boolean;
  saved: Saved;
  /** The tag of the draft that the daemon keeps; null if it keeps none. */
  tag: string | null;
  /** What is published; null if nothing is. Of cases, what was kept when they were opened or published last. */
  published: string | null;
  /** What the daemon finds wrong, and the text in which it does. */
  check: { of: string; said: Check } | null;
}

export type EditorStore = StoreApi<Edited> & Doings;

interface Doings {
  /** Changes the text. What is typed in one go has one name, and is undone in one go. */
  edit: (text: string, merge?: string) => void;
  undo: () => void;
  redo: () => void;
  select: (ids: NodeId[]) => void;
}

export type Begin = Pick<Edited, "flow" | "which" | "text" | "tag" | "published">;

/** Begins to edit. */
export function createEditor(begin: Begin): EditorStore {
  const history = new History(begin.text);
  const store = createStore<Edited>(() => ({
    ...begin,
    selection: [],
    canUndo: false,
    canRedo: false,
    saved: { state: "saved" },
    check: null,
  }));
  const show = () => store.setState({ text: history.text, canUndo: history.canUndo, canRedo: history.canRedo });
  return {
    ...store,
    edit(text, merge) {
      if (text === history.text) return;
      history.do(text, { merge });
      show();
    },
    undo() {
      history.undo();
      show();
    },
    redo() {
      history.redo();
      show();
    },
    select: (selection) => store.setState({ selection }),
  };
}
