/** Conditions as groups of comparisons, which can be built without knowing the language; and back. */

import { tokens, type Token } from "./tokens";

export const COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "in"] as const;
export const TESTS = ["startsWith", "endsWith", "contains", "matches"] as const;
export type Operator = (typeof COMPARISONS)[number] | (typeof TESTS)[number];

export interface Comparison {
  kind: "comparison";
  left: string;
  operator: Operator;
  right: string;
}

export interface Group {
  kind: "and" | "or";
  members: ConditionTree[];
}

export type ConditionTree = Comparison | Group;

/** A condition as a tree; null if it is anything but comparisons in groups. */
export function parseCondition(text: string): ConditionTree | null {
  const reader = { all: tokens(text), at: 0, text };
  const tree = group(reader, "or");
  return tree && reader.at === reader.all.length ? tree : null;
}

export function writeCondition(tree: ConditionTree): string {
  if (tree.kind === "comparison") return writeComparison(tree);
  const sign = tree.kind === "and" ? " && " : " || ";
  return tree.members
    .map((it) => {
      const text = writeCondition(it);
      return it.kind !== "comparison" && it.kind !== tree.kind && it.members.length > 1 ? `(${text})` : text;
    })
    .join(sign);
}

function writeComparison({ left, operator, right }: Comparison): string {
  return isTest(operator) ? `${left}.${operator}(${right})` : `${left} ${operator} ${right}`;
}

function isTest(operator: string): operator is (typeof TESTS)[number] {
  return (TESTS as readonly string[]).includes(operator);
}

interface Reader {
  all: Token[];
  at: number;
  text: string;
}

const SIGNS = { and: "&&", or: "||" };

/** `&&` binds more strongly than `||`. */
function group(reader: Reader, kind: "and" | "or"): ConditionTree | null {
  const members: ConditionTree[] = [];
  do {
    const member = kind === "or" ? group(reader, "and") : single(reader);
    if (!member) return null;
    // Groups of the same kind are one.
    if (member.kind === kind) members.push(...member.members);
    else members.push(member);
  } while (taken(reader, SIGNS[kind]));
  return members.length === 1 ? members[0]! : { kind, members };
}

function single(reader: Reader): ConditionTree | null {
  const before = reader.at;
  if (taken(reader, "(")) {
    const inner = group(reader, "or");
    if (inner && taken(reader, ")")) return inner;
    reader.at = before;
  }
  return comparison(reader);
}

function comparison(reader: Reader): Comparison | null {
  const left = operand(reader);
  if (left === null) return null;
  const sign = reader.all[reader.at]?.text;
  if (sign === "." && isTest(reader.all[reader.at + 1]?.text ?? "") && reader.all[reader.at + 2]?.text === "(") {
    const operator = reader.all[reader.at + 1]!.text as Operator;
    reader.at += 3;
    const right = operand(reader);
    return right !== null && taken(reader, ")") ? { kind: "comparison", left, operator, right } : null;
  }
  const operator = COMPARISONS.find((it) => it === sign);
  if (!operator) return null;
  reader.at += 1;
  const right = operand(reader);
  return right === null ? null : { kind: "comparison", left, operator, right };
}

/** A value: a literal, or a name with fields and places; `size(x)` as well. */
function operand(reader: Reader): string | null {
  const start = reader.at;
  if (reader.all[reader.at]?.text === "-" && reader.all[reader.at + 1]?.kind === "number") reader.at += 1;
  const first = reader.all[reader.at];
  if (!first || first.kind === "operator" || first.text === "in") return list(reader, start);
  reader.at += 1;
  if (first.kind === "name" && !fields(reader)) return null;
  return slice(reader, start);
}

/** What follows a name: `.field`, `["key"]`, `[0]`, and one call around or behind it. */
function fields(reader: Reader): boolean {
  for (;;) {
    const [sign, name, after] = reader.all.slice(reader.at, reader.at + 3);
    if (sign?.text === "." && name?.kind === "name" && !(isTest(name.text) && after?.text === "(")) reader.at += 2;
    else if (sign?.text === "[" && after?.text === "]" && name && name.kind !== "operator") reader.at += 3;
    else if (sign?.text === "(") return call(reader);
    else return true;
  }
}

function call(reader: Reader): boolean {
  reader.at += 1;
  if (taken(reader, ")")) return true;
  return operand(reader) !== null && taken(reader, ")");
}

/** `[1, 2]`, as what something is in. */
function list(reader: Reader, start: number): string | null {
  reader.at = start;
  if (!taken(reader, "[")) return null;
  while (!taken(reader, "]")) {
    if (operand(reader) === null) return null;
    if (!taken(reader, ",") && reader.all[reader.at]?.text !== "]") return null;
  }
  return slice(reader, start);
}

function slice({ all, at, text }: Reader, start: number): string {
  return text.slice(all[start]!.from, all[at - 1]!.to);
}

function taken(reader: Reader, sign: string): boolean {
  if (reader.all[reader.at]?.text !== sign) return false;
  reader.at += 1;
  return true;
}
