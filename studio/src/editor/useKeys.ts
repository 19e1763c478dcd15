import { useEffect, useRef } from "react";
import { copy, paste, read, type NodeId, type Point } from "../document";
import { clip, clipped, remove } from "./gestures";
import { pressedOf, shortcut, type Shortcut } from "./shortcuts";
import type { EditorStore } from "./store";

type PageKeys = Record<"add" | "arrange" | "fit" | "help" | "save", () => void>;

const ASIDE = 40;

/** Listens to the keys, and to copying and pasting, wherever the focus is. */
export function useKeys(editor: EditorStore, page: PageKeys): void {
  const latest = useRef(page);
  useEffect(() => {
    latest.current = page;
  });
  useEffect(() => {
    const doings: Record<Shortcut, () => void> = {
      undo: editor.undo,
      redo: editor.redo,
      selectAll: () => editor.select(read(editor.getState().text).graph?.nodes.map(({ id }) => id) ?? []),
      duplicate: () => duplicate(editor),
      add: () => latest.current.add(),
      arrange: () => latest.current.arrange(),
      fit: () => latest.current.fit(),
      help: () => latest.current.help(),
      save: () => latest.current.save(),
    };
    const onKey = (event: KeyboardEvent) => {
      const meant = shortcut(pressedOf(event));
      if (!meant) return;
      event.preventDefault();
      doings[meant]();
    };
    const onCopy = (event: ClipboardEvent) => {
      const { selection, text } = editor.getState();
      if (selection.length === 0 || isTyping(event) || !getSelection()?.isCollapsed) return;
      event.clipboardData?.setData("text/plain", clip(text, selection));
      event.preventDefault();
      if (event.type === "cut") {
        editor.edit(remove(text, selection, []));
        editor.select([]);
      }
    };
    const onPaste = (event: ClipboardEvent) => {
      const fragment = clipped(event.clipboardData?.getData("text/plain") ?? "");
      if (!fragment || isTyping(event)) return;
      event.preventDefault();
      put(editor, fragment);
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [editor]);
}

function isTyping(event: Event): boolean {
  return (
    event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable=true]") != null
  );
}

function duplicate(editor: EditorStore): void {
  const { text, selection } = editor.getState();
  if (selection.length > 0) put(editor, copy(text, selection));
}

/** Beside where its nodes stood: what is pasted twice does not hide the first. */
function put(editor: EditorStore, fragment: ReturnType<typeof copy>): void {
  const { text } = editor.getState();
  const taken: Point[] = [...(read(text).graph?.layout.values() ?? [])];
  const at = { ...origin(fragment) };
  while (taken.some(({ x, y }) => Math.abs(x - at.x) < 8 && Math.abs(y - at.y) < 8)) {
    at.x += ASIDE;
    at.y += ASIDE;
  }
  const pasted = paste(text, fragment, at);
  editor.edit(pasted.text);
  editor.select(pasted.ids as NodeId[]);
}

function origin(fragment: ReturnType<typeof copy>): Point {
  return fragment.origin;
}
