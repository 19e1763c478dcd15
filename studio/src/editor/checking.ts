/** Has the daemon check the text as it is typed. */

import { check } from "../api/daemon";
import type { EditorStore } from "./store";

const QUIET_MS = 30;
const AGAIN_MS = 2_000;

/** Checks whatever changes, until it is stopped. The answer to an older text is not waited for. */
export function checking(editor: EditorStore): () => void {
  let asked: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { flow } = editor.getState();

  async function now(): Promise<void> {
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    const { text } = editor.getState();
    try {
      const said = await check(flow, text, mine.signal);
      if (!mine.signal.aborted) editor.setState({ check: { of: text, said } });
    } catch {
      if (!mine.signal.aborted) later(AGAIN_MS);
    }
  }

  function later(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void now(), ms);
  }

  const unsubscribe = editor.subscribe((state, before) => {
    if (state.text !== before.text) later(QUIET_MS);
  });
  void now();
  return () => {
    unsubscribe();
    clearTimeout(timer);
    asked?.abort();
  };
}
