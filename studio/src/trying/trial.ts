/** A draft that is being tried. */

import { createStore } from "zustand/vanilla";
import { tryOut, type Trial } from "../api/daemon";
import type { Activation, RunEnd } from "../api/types";
import type { Entry } from "../runs/timeline";

export interface Tried {
  state: "idle" | "running" | "ended";
  startedAt: number;
  entries: Entry[];
  activations: Activation[];
  end: RunEnd | null;
  failure: Error | null;
}

const NOTHING: Tried = { state: "idle", startedAt: 0, entries: [], activations: [], end: null, failure: null };

/** A place to try drafts in, one at a time. */
export function createTrial() {
  const store = createStore<Tried>(() => NOTHING);
  let leaving: AbortController | null = null;

  async function start(flow: string, trial: Trial): Promise<void> {
    leaving?.abort();
    const mine = (leaving = new AbortController());
    store.setState({ ...NOTHING, state: "running" });
    try {
      for await (const told of tryOut(flow, trial, mine.signal)) {
        if (told.event === "started") store.setState({ startedAt: Date.parse(told.at) });
        else if (told.event === "activation") put(told.activation);
        else if (told.event === "push") say({ atMs: since(told.at), kind: "push", to: told.to, message: told.message });
        else end(told.end);
      }
    } catch (error) {
      if (!mine.signal.aborted) store.setState({ failure: error as Error });
    } finally {
      if (leaving === mine) store.setState({ state: "ended" });
    }
  }

  const since = (at: string) => Math.max(0, Date.parse(at) - store.getState().startedAt);
  const say = (entry: Entry) => store.setState(({ entries }) => ({ entries: [...entries, entry] }));

  /** In the place of what was told of it before. */
  function put(activation: Activation): void {
    store.setState(({ activations }) => {
      const place = activations.findIndex((it) => it.activation === activation.activation);
      return { activations: place < 0 ? [...activations, activation] : activations.with(place, activation) };
    });
  }

  function end(end: RunEnd): void {
    const last = store.getState().activations.at(-1)?.ended;
    const atMs = last ? since(last) : 0;
    if (end.status === "output") say({ atMs, kind: "output", message: end.output });
    else if (end.error !== null) say({ atMs, kind: "error", message: end.error });
    store.setState({ end });
  }

  return { ...store, start, stop: () => leaving?.abort() };
}
