/** Names of nodes. */

import { nodeAt, parsed } from "./parsed";
import { read } from "./read";
import { renameKey, set } from "./splice";
import { mapExpressions } from "./template";
import { tokens } from "./tokens";
import type { Graph, Json, NodeId } from "./types";

const PATTERN = /^[a-z][a-z0-9_]*$/;

/** Words of CEL, and names that mean something else (docs/flows.md, "The document"). */
const RESERVED = new Set(
  (
    "as break const continue else false for function if import in let loop package namespace null return true var void while " +
    "input session run message nodes error item index vars project flow"
  ).split(" "),
);

/** Why a name cannot be that of a flow or of a node; null if it can. */
export function idFault(id: string, taken: Iterable<string>): "pattern" | "reserved" | "taken" | null {
  if (!PATTERN.test(id)) return "pattern";
  if (RESERVED.has(id)) return "reserved";
  return new Set(taken).has(id) ? "taken" : null;
}

/** A name that no node has: the wanted one, or that with a number. */
export function freeId(graph: Pick<Graph, "nodes">, wanted: string): NodeId {
  const taken = new Set(graph.nodes.map(({ id }) => id));
  const base = PATTERN.test(wanted) && !RESERVED.has(wanted) ? wanted : idOf(wanted);
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number += 1;
  return `${base}_${number}`;
}

/** Any text as a name. */
export function idOf(text: string): string {
  const letters = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_\d]+|_+$/g, "");
  if (letters === "") return "node";
  return RESERVED.has(letters) ? `${letters}_1` : letters;
}

/** Gives a node another name: where it stands, where ways lead to it, and in the expressions that name it. */
export function renameNode(text: string, from: NodeId, to: NodeId): string {
  const { graph } = read(text);
  if (!graph || from === to) return text;
  let now = graph.start === from ? set(text, ["start"], to) : text;
  for (const { from: source, port, to: target } of graph.edges) {
    if (target !== from) continue;
    const key = port.kind === "error" ? "on-error" : "next";
    const path = port.kind === "branch" ? ["branches", port.index, "next"] : [key];
    now = set(now, ["nodes", source, ...path], to);
  }
  for (const node of graph.nodes) {
    now = inExpressions(now, ["nodes", node.id, "with"], (it) => mapExpressions(it, (text) => renamed(text, from, to)));
    if (node.kind !== "gateway") continue;
    node.branches.forEach((_, index) => {
      const path = ["nodes", node.id, "branches", index];
      now = inExpressions(now, [...path, "if"], (it) => renamed(it, from, to));
      now = inExpressions(now, [...path, "with"], (it) => mapExpressions(it, (text) => renamed(text, from, to)));
    });
  }
  if (nodeAt(parsed(now), ["layout", from])) now = renameKey(now, ["layout", from], to);
  return renameKey(now, ["nodes", from], to);
}

/** Changes every text at or below a path. */
function inExpressions(text: string, path: (string | number)[], change: (text: string) => string): string {
  const node = nodeAt(parsed(text), path);
  if (!node) return text;
  const value = node.toJS(parsed(text).document) as Json;
  return texts(value).reduce((now, [below, it]) => {
    const changed = change(it);
    return changed === it ? now : set(now, [...path, ...below], changed);
  }, text);
}

function texts(value: Json): [(string | number)[], string][] {
  if (typeof value === "string") return [[[], value]];
  if (typeof value !== "object" || value === null) return [];
  const entries: [string | number, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, it]) =>
    texts(it).map(([path, text]): [(string | number)[], string] => [[key, ...path], text]),
  );
}

/** An expression in which a node has another name: not a field of that name, and nothing within a string. */
export function renamed(expression: string, from: NodeId, to: NodeId): string {
  const all = tokens(expression);
  let result = "";
  let at = 0;
  all.forEach((token, index) => {
    const isField = all[index - 1]?.text === ".";
    const isOfNodes = isField && all[index - 2]?.text === "nodes" && all[index - 3]?.text !== ".";
    const isKey = all[index + 1]?.text === ":" && /^[{,]$/.test(all[index - 1]?.text ?? "");
    if (token.kind !== "name" || token.text !== from || (isField && !isOfNodes) || isKey) return;
    result += expression.slice(at, token.from) + to;
    at = token.to;
  });
  return result + expression.slice(at);
}
