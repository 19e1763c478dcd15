/** What is done when two have saved. */

import type { Saver } from "./saving";
import type { EditorStore } from "./store";

/** Saves what is here in the place of theirs. */
export function keepMine(editor: EditorStore, saver: Saver): void {
  const { saved } = editor.getState();
  if (saved.state !== "conflict") return;
  editor.setState({ tag: saved.tag, saved: { state: "unsaved" } });
  void saver.now();
}

/** Takes theirs; what was here can be had again by undoing. */
export function takeTheirs(editor: EditorStore): void {
  const { saved, published, text } = editor.getState();
  if (saved.state !== "conflict") return;
  const theirs = saved.theirs ?? published ?? text;
  editor.setState({ tag: saved.tag, saved: { state: "saved" } });
  editor.edit(theirs);
}
