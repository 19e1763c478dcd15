/** Runs that are known, and what is told of them. */

import type { RunHead } from "../api/types";

/** Each once, as it was told last, the youngest first: ids are in the order of time (RFC 9562, version 7). */
export function merged(known: RunHead[], told: RunHead[]): RunHead[] {
  const all = new Map(known.map((run) => [run.run, run]));
  for (const run of told) all.set(run.run, run);
  return [...all.values()].sort((a, b) => (a.run < b.run ? 1 : -1));
}
