/** The keys of the editor. */

export type Shortcut = "undo" | "redo" | "selectAll" | "duplicate" | "add" | "fit" | "arrange" | "save" | "help";

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  /** Whether a field has the focus, in which letters are letters. */
  typing: boolean;
  /** Whether that is the editor of the text, whose undoing is the page's. */
  inText: boolean;
}

/** What a press means; null if nothing. */
export function shortcut(pressed: Pressed): Shortcut | null {
  const { key, ctrlKey, metaKey, shiftKey, altKey, typing, inText } = pressed;
  const lower = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (altKey) return null;
    if (lower === "s") return "save";
    if (typing && !inText) return null;
    if (lower === "z") return shiftKey ? "redo" : "undo";
    if (lower === "y") return "redo";
    if (typing) return null;
    if (lower === "a") return "selectAll";
    if (lower === "d") return "duplicate";
    return null;
  }
  if (typing || altKey) return null;
  if (key === "/" || lower === "n") return "add";
  if (key === "?") return "help";
  if (lower === "f") return "fit";
  if (lower === "l") return "arrange";
  return null;
}

/** What to press for each, as people write it. */
export const KEYS: Record<Shortcut, string> = {
  add: "N",
  undo: "Ctrl Z",
  redo: "Ctrl Shift Z",
  selectAll: "Ctrl A",
  duplicate: "Ctrl D",
  arrange: "L",
  fit: "F",
  save: "Ctrl S",
  help: "?",
};

export function pressedOf(event: KeyboardEvent): Pressed {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const inText = target?.closest(".yaml-panel") != null;
  const typing = target?.closest("input, textarea, select, [contenteditable=true], dialog") != null;
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  return { key, ctrlKey, metaKey, shiftKey, altKey, typing, inText };
}
