/** Texts as YAML trees, which know where everything stands. The last few are remembered. */

import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from "yaml";
import type { Json, Path } from "./types";

export interface Parsed {
  text: string;
  document: Document;
  lines: LineCounter;
}

const REMEMBERED = 4;
const remembered = new Map<string, Parsed>();

/** Reads a text. Never throws: what is wrong is among the document's errors. */
export function parsed(text: string): Parsed {
  const known = remembered.get(text);
  if (known) return known;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    // As the host reads it: YAML 1.2, no merge keys.
    version: "1.2",
  });
  const now = { text, document, lines };
  remembered.set(text, now);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
  return now;
}

/** What the document says, as plain data; undefined if it cannot be had. */
export function dataOf(document: Document): Json | undefined {
  try {
    return document.toJS({ maxAliasCount: 100 }) as Json;
  } catch {
    return undefined;
  }
}

export interface KeyAndValue {
  map: YAMLMap;
  pair: Pair<Node, Node | null>;
}

/** The node at a path; undefined if there is none. */
export function nodeAt({ document }: Parsed, path: Path): Node | undefined {
  let node = (document.contents ?? undefined) as Node | undefined;
  for (const step of path) {
    if (!isCollection(node)) return undefined;
    const item: unknown = isMap(node) ? pairIn(node, String(step))?.value : node.items[step as number];
    node = (item ?? undefined) as Node | undefined;
  }
  return node;
}

/** The key at a path, and its value, which may be missing. */
export function pairAt(from: Parsed, path: Path): KeyAndValue | undefined {
  const map = nodeAt(from, path.slice(0, -1));
  const pair = isMap(map) ? pairIn(map, String(path.at(-1))) : undefined;
  return pair && { map: map as YAMLMap, pair };
}

function pairIn(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  return map.items.find((pair) => isPair(pair) && keyOf(pair) === key) as Pair<Node, Node | null> | undefined;
}

export function keyOf(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}
