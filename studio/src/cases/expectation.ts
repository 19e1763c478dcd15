/** What came of a case, as what should come of it. */

import type { CaseResult, Json } from "../api/types";
import type { CaseExpect } from "../document";

/** Expects just what came. */
export function expectationOf(result: CaseResult): CaseExpect {
  const pushes = result.pushes.map(({ at_ms, to, message }) => ({ to, message, at: timeOf(at_ms) }));
  const { status, output, error } = result.end ?? { status: "completed", output: null, error: null };
  if (status === "failed" || status === "cancelled") return { pushes, error: error ?? "" };
  return status === "output" ? { pushes, output } : { pushes };
}

/** A time as cases write it: `0s`, `250ms`, `1m30s`. */
export function timeOf(ms: number): string {
  const whole = Math.floor(ms);
  const parts: [number, string][] = [
    [Math.floor(whole / 3_600_000), "h"],
    [Math.floor(whole / 60_000) % 60, "m"],
    [Math.floor(whole / 1000) % 60, "s"],
    [whole % 1000, "ms"],
  ];
  const text = parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join("");
  return text || "0s";
}

/** A value as it is shown in a line. */
export function shown(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
