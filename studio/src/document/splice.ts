/**
 * Changes of a text at one place, by the places that the YAML tree knows: nothing else in it changes. What came of it is read
 * again and compared with what was meant. Where that differs, since the YAML there is unusual, the library writes the
 * document anew.
 */

import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { dataOf, keyOf, nodeAt, pairAt, parsed, type Parsed } from "./parsed";
import type { Json, Path } from "./types";
import { styleOf, written, writtenKey } from "./write";

/** How much a line may hold before a map is written one key a line. */
const LINE_MAX = 110;

/** Sets what is at a path; makes the maps on the way. `order` says after which keys a new one stands. */
export function set(text: string, path: Path, value: Json, order: readonly string[] = []): string {
  const from = parsed(text);
  const now = setText(from, path, value, order);
  return verified(from, now, path, value);
}

/** Removes what is at a path; nothing changes if nothing is there. */
export function unset(text: string, path: Path): string {
  const from = parsed(text);
  const now = unsetText(from, path);
  return now === text ? text : verified(from, now, path, undefined);
}

/** Adds an item to a list, or makes the list with it. */
export function append(text: string, path: Path, value: Json, order: readonly string[] = []): string {
  const list = nodeAt(parsed(text), path);
  if (!isSeq(list) || list.items.length === 0) return set(text, path, [value], order);
  return set(text, [...path, list.items.length], value);
}

/** Gives a key another name. */
export function renameKey(text: string, path: Path, key: string): string {
  const found = pairAt(parsed(text), path);
  const range = found?.pair.key.range;
  return range ? text.slice(0, range[0]) + writtenKey(key, styleOf(text)) + text.slice(range[1]) : text;
}

function setText(from: Parsed, path: Path, value: Json, order: readonly string[]): string {
  const { text } = from;
  const parent = nodeAt(from, path.slice(0, -1));
  const last = path.at(-1)!;
  if (path.length > 1 && !isMap(parent) && !isSeq(parent)) {
    return setText(from, path.slice(0, -1), { [String(last)]: value }, []);
  }
  if (isSeq(parent)) {
    const item = parent.items[last as number] as Node | undefined;
    return item ? replaceItem(from, item, value) : insertItem(from, parent, value);
  }
  const pair = pairAt(from, path);
  if (pair) return replaceValue(from, path, value);
  // Nothing but comments.
  if (!isMap(parent)) return `${endedByNewline(text)}${block({ [String(last)]: value }, 0, newlineOf(text))}\n`;
  return insertPair(from, parent, String(last), value, order);
}

function replaceItem({ text }: Parsed, item: Node, value: Json): string {
  const [start] = item.range!;
  return text.slice(0, start) + written(value, styleOf(text)) + text.slice(endOf(text, item));
}

function replaceValue(from: Parsed, path: Path, value: Json): string {
  const { text } = from;
  const { pair, map } = pairAt(from, path)!;
  const after = afterColon(text, pair.key.range![1]);
  const end = pair.value?.range ? Math.max(after, endOf(text, pair.value)) : after;
  const start = pair.value?.range && !isBlock(pair.value) && pair.value.range[0] > after ? pair.value.range[0] : null;
  const key = String(path.at(-1));
  if (start !== null) {
    const line = written(value, styleOf(text));
    const fits = columnOf(text, start) + line.length <= LINE_MAX;
    // What was on one line stays on one, if it fits.
    const stays = fits && (isScalar(pair.value) || Object.keys(pair.value!.toJS(from.document) as object).length > 0);
    if (stays || styleOf(text) === "json" || !isLong(key, line, value, map))
      return text.slice(0, start) + line + text.slice(end);
  }
  return text.slice(0, after) + valueAfterKey(from, map, key, value) + text.slice(end);
}

function insertPair(from: Parsed, map: YAMLMap, key: string, value: Json, order: readonly string[]): string {
  const { text } = from;
  const place = placeIn(map, key, order);
  const before = place > 0 ? map.items[place - 1] : undefined;
  if (map.flow)
    return insertInFlow(from, map, place, `${writtenKey(key, styleOf(text))}:${valueAfterKey(from, map, key, value)}`);
  const line = `${writtenKey(key, styleOf(text))}:${valueAfterKey(from, map, key, value)}`;
  const indent = " ".repeat(columnOf(text, (map.items[0]!.key as Node).range![0]));
  const newline = newlineOf(text);
  if (before) {
    const end = lineEnd(text, endOfPair(text, before));
    return text.slice(0, end) + newline + indent + line + text.slice(end);
  }
  const start = (map.items[0]!.key as Node).range![0];
  return text.slice(0, start) + line + newline + indent + text.slice(start);
}

function insertItem(from: Parsed, list: YAMLSeq, value: Json): string {
  const { text } = from;
  if (list.flow) return insertInFlow(from, list, list.items.length, written(value, styleOf(text)));
  const last = list.items.at(-1) as Node;
  const dash = text.lastIndexOf("-", (list.items[0] as Node).range![0] - 1);
  const end = lineEnd(text, endOf(text, last));
  return text.slice(0, end) + newlineOf(text) + item(value, columnOf(text, dash), newlineOf(text)) + text.slice(end);
}

/** Between braces or brackets, after so many others. */
function insertInFlow({ text }: Parsed, among: YAMLMap | YAMLSeq, place: number, item: string): string {
  const [start, end] = among.range!;
  const close = end - 1;
  if (among.items.length === 0) return `${text.slice(0, start + 1)} ${item} ${text.slice(close)}`;
  const isSpread = text.slice(start, close).includes("\n");
  const first = startOfItem(among.items[0]);
  const gap = isSpread ? newlineOf(text) + " ".repeat(columnOf(text, first)) : " ";
  if (place === 0) return `${text.slice(0, first)}${item},${gap}${text.slice(first)}`;
  const after = endOfItem(text, among.items[place - 1]);
  return `${text.slice(0, after)},${gap}${item}${text.slice(after)}`;
}

function unsetText(from: Parsed, path: Path): string {
  const { text } = from;
  const parent = nodeAt(from, path.slice(0, -1));
  if (!isMap(parent) && !isSeq(parent)) return text;
  const last = path.at(-1)!;
  const index = isMap(parent) ? parent.items.findIndex((pair) => keyOf(pair) === String(last)) : (last as number);
  if (index < 0 || index >= parent.items.length) return text;
  // A map of nothing is left out with its key.
  if (parent.items.length === 1 && path.length > 1) return unsetEmpty(from, path.slice(0, -1), parent);
  const item = parent.items[index];
  if (parent.flow) return cutFromFlow(text, parent, index);
  const start = isMap(parent) ? startOfItem(item) : text.lastIndexOf("-", startOfItem(item) - 1);
  const end = lineEnd(text, endOfItem(text, item));
  // The first of a map that stands behind a dash: what follows takes its place.
  if (text.slice(lineStart(text, start), start).trim() !== "") {
    const next = parent.items[index + 1];
    return next ? text.slice(0, start) + text.slice(startOfItem(next)) : text;
  }
  const nextLine = text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length);
  return text.slice(0, lineStart(text, start)) + text.slice(nextLine);
}

function unsetEmpty(from: Parsed, path: Path, parent: YAMLMap | YAMLSeq): string {
  const { text } = from;
  const pair = pairAt(from, path);
  if (pair && path[0] !== "nodes") return unsetText(from, path);
  if (pair) return replaceValue(from, path, isMap(parent) ? {} : []);
  const [start, ,] = parent.range!;
  return text.slice(0, start) + (isMap(parent) ? "{}" : "[]") + text.slice(endOf(text, parent));
}

function cutFromFlow(text: string, among: YAMLMap | YAMLSeq, index: number): string {
  const [start, end] = [startOfItem(among.items[index]), endOfItem(text, among.items[index])];
  const next = among.items[index + 1];
  if (next) return text.slice(0, start) + text.slice(startOfItem(next));
  const before = among.items[index - 1];
  return before ? text.slice(0, endOfItem(text, before)) + text.slice(end) : text;
}

/** What follows a key and its colon: on the same line if there is room, else one key a line. */
function valueAfterKey({ text }: Parsed, map: YAMLMap, key: string, value: Json): string {
  const style = styleOf(text);
  const line = written(value, style);
  if (style === "json" || map.flow || !isLong(key, line, value, map)) return ` ${line}`;
  const newline = newlineOf(text);
  const column = columnOf(text, (map.items[0]!.key as Node).range![0]);
  return newline + block(value, column + 2, newline);
}

/** One key or one item a line; each on one line as far as there is room. */
export function block(value: Json, column: number, newline: string): string {
  const indent = " ".repeat(column);
  if (Array.isArray(value)) return value.map((it) => item(it, column, newline)).join(newline);
  const entries = Object.entries(value as { [key: string]: Json });
  return entries
    .map(([key, it]) => {
      const line = written(it, "yaml");
      const start = `${indent}${writtenKey(key, "yaml")}:`;
      const isDeep = it !== null && typeof it === "object" && Object.keys(it).length > 0;
      const isSpread =
        SPREAD.has(key) && key !== "input" && Object.values(it ?? {}).some((each) => typeof each === "object");
      if (!isDeep || (!isSpread && start.length + line.length < LINE_MAX)) return `${start} ${line}`;
      return `${start}${newline}${block(it, column + 2, newline)}`;
    })
    .join(newline);
}

/** An item of a list: on one line, unless it holds what is written one a line. */
function item(value: Json, column: number, newline: string): string {
  const line = `${" ".repeat(column)}- ${written(value, "yaml")}`;
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  const isSpread = isMap && ("input" in value || Object.keys(value).some((key) => SPREAD.has(key)));
  if (!isMap || (!isSpread && line.length <= LINE_MAX)) return line;
  const lines = block(value, column + 2, newline);
  return `${" ".repeat(column)}- ${lines.trimStart()}`;
}

/** Lists of maps, and maps that hold maps, are always spread; others when they are long. */
function isLong(key: string, line: string, value: Json, map: YAMLMap): boolean {
  if (map.flow || value === null || typeof value !== "object" || Object.keys(value).length === 0) return false;
  const isNested = SPREAD.has(key) && Object.values(value).some((it) => typeof it === "object" && it !== null);
  const column = map.range ? 4 : 0;
  return isNested || column + key.length + line.length > LINE_MAX;
}

/** What the example flows write one a line. */
const SPREAD = new Set(["branches", "nodes", "input", "interface", "layout", "cases", "pushes", "expect"]);

/** A key of a known order stands after those that come before it there; any other at the end. */
function placeIn(map: YAMLMap, key: string, order: readonly string[]): number {
  const rank = order.indexOf(key);
  if (rank < 0) return map.items.length;
  let place = 0;
  map.items.forEach((pair, index) => {
    const other = order.indexOf(keyOf(pair) ?? "");
    if (other >= 0 && other < rank) place = index + 1;
  });
  return place;
}

function verified(from: Parsed, now: string, path: Path, value: Json | undefined): string {
  const meant = changed(dataOf(from.document), path, value);
  const came = parsed(now);
  if (came.document.errors.length <= from.document.errors.length && same(dataOf(came.document), meant)) return now;
  const document = from.document.clone();
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, document.createNode(value));
  return document.toString({ lineWidth: 0 });
}

/** Plain data, with another value at a path. */
function changed(data: Json | undefined, path: Path, value: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(data)) {
    const copy = [...data];
    const inner = changed(copy[step as number], rest, value);
    if (inner === undefined) copy.splice(step as number, 1);
    else copy[step as number] = inner;
    return copy.length > 0 || rest.length > 0 ? copy : undefined;
  }
  const copy = { ...((data ?? {}) as { [key: string]: Json }) };
  const inner = changed(copy[step], rest, value);
  if (inner === undefined) delete copy[step];
  else copy[step] = inner;
  return copy;
}

/** Whether two are the same, where a map or a list of nothing is as good as none, and the order of keys means nothing. */
function same(a: unknown, b: unknown): boolean {
  if (isNothing(a) && isNothing(b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.values(value).every(isNothing));
}

function isBlock(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && !node.flow;
}

function startOfItem(item: unknown): number {
  const node = item as Node & { key?: Node };
  return node.key?.range ? node.key.range[0] : node.range![0];
}

function endOfItem(text: string, item: unknown): number {
  const node = item as Node & { key?: Node };
  return node.key?.range ? endOfPair(text, item as YAMLMap["items"][number]) : endOf(text, node);
}

function endOfPair(text: string, pair: YAMLMap["items"][number]): number {
  const value = pair.value as Node | null;
  const after = afterColon(text, (pair.key as Node).range![1]);
  return value?.range ? Math.max(after, endOf(text, value)) : after;
}

/** Where a value ends, without the empty lines and comments that follow it. */
function endOf(text: string, node: Node): number {
  if (isBlock(node)) {
    const last = (node as YAMLMap | YAMLSeq).items.at(-1);
    if (last) return endOfItem(text, last);
  }
  let end = node.range![1];
  while (end > node.range![0] && /\s/.test(text[end - 1]!)) end -= 1;
  return end;
}

function afterColon(text: string, keyEnd: number): number {
  const colon = text.indexOf(":", keyEnd);
  return colon < 0 ? keyEnd : colon + 1;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  if (newline < 0) return text.length;
  return text[newline - 1] === "\r" ? newline - 1 : newline;
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

export function newlineOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function endedByNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : text + newlineOf(text);
}
