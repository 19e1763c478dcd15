/** From a place in a text to what stands there, and back. */

import { isMap, isSeq, type Node, type Pair } from "yaml";
import { keyOf, nodeAt, pairAt, parsed } from "./parsed";
import type { NodeId, Path } from "./types";

export interface Place {
  /** The node that it is about. */
  node?: NodeId;
  path: Path;
}

/** What stands at a line and a column, both from 1, the column in characters. */
export function placeOf(text: string, line: number, column: number): Place {
  const path: Path = [];
  const offset = offsetOf(text, line, column);
  let node = (parsed(text).document.contents ?? undefined) as Node | undefined;
  for (;;) {
    const step = stepTo(node, offset);
    if (step === undefined) break;
    path.push(step[0]);
    node = step[1];
  }
  return path[0] === "nodes" && typeof path[1] === "string" ? { node: path[1], path } : { path };
}

/** What in a collection is at an offset. */
function stepTo(node: Node | undefined, offset: number): [string | number, Node | undefined] | undefined {
  if (isMap(node)) {
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const [start, end] = spanOfPair(pair);
      if (start <= offset && offset <= end) return [keyOf(pair) ?? "", pair.value ?? undefined];
    }
  } else if (isSeq(node)) {
    const index = node.items.findIndex((item) => within((item as Node).range, offset));
    if (index >= 0) return [index, node.items[index] as Node];
  }
  return undefined;
}

function within(range: Node["range"], offset: number): boolean {
  return range != null && range[0] <= offset && offset <= range[1];
}

function spanOfPair(pair: Pair<Node, Node | null>): [number, number] {
  const start = pair.key.range![0];
  return [start, pair.value?.range?.[1] ?? pair.key.range![1]];
}

/** Where something stands: a key with its value, or an item. Null if it is not there. */
export function spanOf(text: string, path: Path): { from: number; to: number } | null {
  const from = parsed(text);
  const found = pairAt(from, path);
  if (found) {
    const [start, end] = spanOfPair(found.pair);
    return { from: start, to: trimmed(text, start, end) };
  }
  const range = path.length > 0 ? nodeAt(from, path)?.range : undefined;
  return range ? { from: range[0], to: trimmed(text, range[0], range[1]) } : null;
}

function trimmed(text: string, from: number, to: number): number {
  return from + text.slice(from, to).trimEnd().length;
}

/** The offset of a line and a column, both from 1, the column in characters. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const newline = text.indexOf("\n", start);
    if (newline < 0) return text.length;
    start = newline + 1;
  }
  // An emoji is one character, and two units of a string.
  let offset = start;
  for (let at = 1; at < column && offset < text.length && text[offset] !== "\n"; at += 1) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}
