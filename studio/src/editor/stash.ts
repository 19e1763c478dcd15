/** What is not saved yet, kept in the browser: nothing is lost on reload, or while the daemon is away. */

import type { Which } from "../api/daemon";

export interface Stashed {
  text: string;
  /** Of the draft that it was made of. */
  tag: string | null;
}

const key = (flow: string, which: Which) => `sandgate.unsaved.${flow}.${which}`;

export function keep(flow: string, which: Which, stashed: Stashed): void {
  try {
    localStorage.setItem(key(flow, which), JSON.stringify(stashed));
  } catch {
    // A browser may refuse storage; then the page alone has it.
  }
}

export function forget(flow: string, which: Which): void {
  try {
    localStorage.removeItem(key(flow, which));
  } catch {
    // As above.
  }
}

export function stashed(flow: string, which: Which): Stashed | null {
  try {
    const found = JSON.parse(localStorage.getItem(key(flow, which)) ?? "null") as Stashed | null;
    return typeof found?.text === "string" ? found : null;
  } catch {
    return null;
  }
}
