/** How values are written: on one line, in the style of the example flows, or as JSON where the document is JSON. */

import { parse } from "yaml";
import type { Json } from "./types";

export type Style = "yaml" | "json";

/** A document that begins with a brace is JSON, or is written as if it were. */
export function styleOf(text: string): Style {
  return /^\s*\{/.test(text) ? "json" : "yaml";
}

/** Begins with a letter, and has nothing that means something in YAML. Whether it is read as it was is tried as well. */
const PLAIN = /^[\p{L}_][\p{L}\p{N} _.,/'()<>=+*%&|?!`’“”，。：、-]*$/u;
const MEANS_SOMETHING = /: |:$| #|\s$|[,[\]{}]|^(true|false|null|yes|no|on|off)$/i;

/** A value on one line. */
export function written(value: Json, style: Style): string {
  if (typeof value === "string") return style === "json" ? JSON.stringify(value) : text(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((it) => written(it, style)).join(", ")}]`;
  const entries = Object.entries(value).map(([key, it]) => `${writtenKey(key, style)}: ${written(it, style)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

export function writtenKey(key: string, style: Style): string {
  return style === "json" ? JSON.stringify(key) : text(key);
}

/** Plain where it is read as it was, in a map on one line too; else between double quotes. */
function text(value: string): string {
  return isPlain(value) ? value : JSON.stringify(value);
}

/** Times, as cases write them. */
const TIME = /^(\d+(ms|s|m|h))+$/;

function isPlain(value: string): boolean {
  if (TIME.test(value)) return true;
  if (!PLAIN.test(value) || MEANS_SOMETHING.test(value)) return false;
  try {
    return parse(`{ k: ${value} }`).k === value;
  } catch {
    return false;
  }
}
