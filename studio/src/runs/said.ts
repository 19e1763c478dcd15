/** What a run said, read from its trace. */

import type { Activation, RunEnd } from "../api/types";
import type { Entry } from "./timeline";

/** Its pushes in order, and how it ended. */
export function said(activations: Activation[], end: RunEnd | null, startedMs: number): Entry[] {
  const since = (at: string) => Math.max(0, Date.parse(at) - startedMs);
  const entries = activations.flatMap(({ calls }) =>
    calls.flatMap((call): Entry[] =>
      "message" in call ? [{ atMs: since(call.at), kind: "push", to: call.to, message: call.message }] : [],
    ),
  );
  entries.sort((a, b) => a.atMs - b.atMs);
  const last = activations
    .map(({ ended }) => ended)
    .filter((it) => it !== null)
    .sort()
    .at(-1);
  const atMs = last ? since(last) : 0;
  if (end?.status === "output") return [...entries, { atMs, kind: "output", message: end.output }];
  return end?.error != null ? [...entries, { atMs, kind: "error", message: end.error }] : entries;
}
