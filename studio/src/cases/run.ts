/** Runs cases, and keeps what came of each. */

import { createStore } from "zustand/vanilla";
import { runCases, type CasesToRun } from "../api/daemon";
import type { CaseResult } from "../api/types";

export interface Ran {
  /** By the names of the cases. */
  results: Map<string, CaseResult>;
  /** Those that are being run; all of them, if there are no names. */
  running: { names: string[] | null; done: number } | null;
  failure: Error | null;
}

/** A place to run cases in. */
export function createRuns() {
  const store = createStore<Ran>(() => ({ results: new Map(), running: null, failure: null }));
  let leaving: AbortController | null = null;

  async function run(flow: string, what: CasesToRun): Promise<void> {
    leaving?.abort();
    const mine = (leaving = new AbortController());
    store.setState({ running: { names: what.names ?? null, done: 0 }, failure: null });
    try {
      for await (const result of runCases(flow, what, mine.signal)) {
        store.setState(({ results, running }) => ({
          results: new Map(results).set(result.name, result),
          running: running && { ...running, done: running.done + 1 },
        }));
      }
    } catch (error) {
      if (!mine.signal.aborted) store.setState({ failure: error as Error });
    } finally {
      if (leaving === mine) store.setState({ running: null });
    }
  }

  return { ...store, run, stop: () => leaving?.abort() };
}

export type Runs = ReturnType<typeof createRuns>;
