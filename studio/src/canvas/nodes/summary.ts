/** What a node is given, in a line. */

import type { Json } from "../../document";

const CHARACTERS = 64;

export function summary(given: { [parameter: string]: Json }): string {
  const entries = Object.entries(given).map(([name, value]) => `${name}: ${shown(value)}`);
  const line = entries.join(", ");
  return line.length > CHARACTERS ? `${line.slice(0, CHARACTERS - 1)}…` : line;
}

/** An expression without its braces. */
function shown(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return /^\$\{([^{}]*)\}$/.exec(value)?.[1] ?? value;
}
