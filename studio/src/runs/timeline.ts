/** Where what was said stands on a time line. */

import type { Json } from "../api/types";

export interface Entry {
  atMs: number;
  kind: "push" | "output" | "error";
  to?: string;
  message?: Json;
}

/** In parts of the whole, from 0 to 1; all at 0 where no time passes. */
export function place(atMs: number, durationMs: number): number {
  return durationMs <= 0 ? 0 : Math.min(1, Math.max(0, atMs / durationMs));
}

/** A time since the beginning, as short as it can be said. */
export function shownTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${Number(seconds.toFixed(2))} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
