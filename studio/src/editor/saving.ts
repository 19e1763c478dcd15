/** Keeps the draft at the daemon as it is edited, and in the browser until the daemon has it. */

import { Refusal, Unreachable } from "../api/ask";
import { read, write } from "../api/daemon";
import type { Edited, EditorStore } from "./store";
import { forget, keep } from "./stash";

const QUIET_MS = 350;
const AGAIN_MS = 2_000;

/** Saves what is edited. */
export interface Saver {
  /** From now on whatever changes is saved; answers what stops that. */
  start: () => () => void;
  /** Resolves when what there is now is saved, or cannot be. */
  now: () => Promise<void>;
}

/** Of this editor. Does nothing before it is started: a page may make one that it never shows. */
export function saving(editor: EditorStore): Saver {
  let saved = editor.getState().text;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underway: Promise<void> | null = null;
  const { flow, which } = editor.getState();

  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void now(), ms);
  };

  async function now(): Promise<void> {
    clearTimeout(timer);
    while (underway) await underway;
    const { text, saved: state } = editor.getState();
    if (text === saved || state.state === "conflict") return;
    underway = save(text);
    await underway.finally(() => (underway = null));
  }

  async function save(text: string): Promise<void> {
    editor.setState({ saved: { state: "saving" } });
    try {
      const tag = await write(flow, which, text, editor.getState().tag);
      saved = text;
      const more = editor.getState().text !== text;
      editor.setState({ tag, saved: { state: more ? "unsaved" : "saved" } });
      if (more) later(QUIET_MS);
      else forget(flow, which);
    } catch (error) {
      await failed(error);
    }
  }

  async function failed(error: unknown): Promise<void> {
    if (error instanceof Refusal && ["changed", "precondition-required"].includes(error.kind)) {
      const theirs = await read(flow, which).catch(() => null);
      // The same text: somebody else has saved what is here.
      if (theirs && theirs.text === editor.getState().text) {
        saved = theirs.text;
        return editor.setState({ tag: theirs.tag, saved: { state: "saved" } });
      }
      return editor.setState({
        saved: { state: "conflict", theirs: theirs?.text ?? null, tag: theirs?.tag ?? null },
      });
    }
    if (error instanceof Unreachable || (error instanceof Refusal && error.details.status >= 500)) {
      editor.setState({ saved: { state: "away" } });
      return later(AGAIN_MS);
    }
    editor.setState({ saved: { state: "refused", reason: error instanceof Error ? error.message : String(error) } });
  }

  const follow = (state: Edited, before: Edited) => {
    if (state.tag !== before.tag && state.text !== before.text && state.saved.state === "saved") {
      // Taken from the daemon as it is.
      saved = state.text;
      return forget(flow, which);
    }
    if (state.text === before.text) return;
    if (state.text === saved) {
      forget(flow, which);
      if (state.saved.state === "unsaved") editor.setState({ saved: { state: "saved" } });
      return;
    }
    keep(flow, which, { text: state.text, tag: state.tag });
    if (state.saved.state === "saved" || state.saved.state === "refused") {
      editor.setState({ saved: { state: "unsaved" } });
    }
    if (state.saved.state !== "away") later(QUIET_MS);
  };
  return {
    now,
    start() {
      const unsubscribe = editor.subscribe(follow);
      // What was restored from the browser is not saved yet.
      if (editor.getState().saved.state === "unsaved") {
        saved = "";
        later(0);
      }
      return () => {
        unsubscribe();
        clearTimeout(timer);
      };
    },
  };
}
