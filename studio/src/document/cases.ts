/** The file of a flow's cases, read and changed like the flow itself. */

import { dataOf, parsed } from "./parsed";
import { isRecord, read } from "./read";
import { append, set, unset } from "./splice";
import type { Fault, Json } from "./types";

export interface CasePush {
  to?: string;
  message: Json;
  at?: string;
}

export interface CaseExpect {
  pushes?: CasePush[];
  output?: Json;
  error?: string;
}

export interface CaseView {
  name: string;
  input?: { [parameter: string]: Json };
  message?: Json;
  client?: string;
  expect?: CaseExpect;
}

const CASE = ["name", "input", "message", "client", "expect"];
const EXPECT = ["pushes", "output", "error"];

/** The cases of a text, as far as they can be read. */
export function readCases(text: string): { cases: CaseView[]; faults: Fault[] } {
  const data = dataOf(parsed(text).document);
  const cases = isRecord(data) && Array.isArray(data["cases"]) ? data["cases"] : [];
  return { cases: cases.map(viewOf), faults: read(text).faults };
}

function viewOf(value: Json): CaseView {
  const data = isRecord(value) ? value : {};
  const { input, message, client, expect } = data;
  return {
    name: typeof data["name"] === "string" ? data["name"] : "",
    input: isRecord(input) ? input : undefined,
    message,
    client: typeof client === "string" ? client : undefined,
    expect: isRecord(expect) ? (expect as CaseExpect) : undefined,
  };
}

/** Adds a case; to a text of none, the file is begun. */
export function addCase(text: string, added: CaseView): string {
  const begun = text.trim() === "" ? "# yaml-language-server: $schema=cases.schema.json\n" : text;
  return append(begun, ["cases"], plain(added));
}

/** Changes what a case says, and no more of it than differs. */
export function setCase(text: string, index: number, now: CaseView): string {
  const before = readCases(text).cases[index];
  if (!before) return text;
  return (Object.keys({ ...before, ...now }) as (keyof CaseView)[]).reduce((text, key) => {
    if (key === "expect") return setExpect(text, index, now.expect);
    const value = now[key];
    if (JSON.stringify(before[key]) === JSON.stringify(value)) return text;
    const path = ["cases", index, key];
    return value === undefined ? unset(text, path) : set(text, path, value, CASE);
  }, text);
}

export function removeCase(text: string, index: number): string {
  return unset(text, ["cases", index]);
}

/** Says what should come of a case; `undefined` expects nothing. */
export function setExpect(text: string, index: number, expect: CaseExpect | undefined): string {
  const before = readCases(text).cases[index]?.expect;
  if (JSON.stringify(before) === JSON.stringify(expect)) return text;
  const path = ["cases", index, "expect"];
  if (expect === undefined) return unset(text, path);
  if (!before) return set(text, path, plain(expect), CASE);
  return EXPECT.reduce((text, name) => {
    const key = name as keyof CaseExpect;
    if (JSON.stringify(before[key]) === JSON.stringify(expect[key])) return text;
    const value = expect[key];
    return value === undefined ? unset(text, [...path, key]) : set(text, [...path, key], plain(value), EXPECT);
  }, text);
}

/** Without what is undefined. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
