/** Texts with expressions in them: `${...}`, where `$${` stands for `${` itself. */

import { tokens } from "./tokens";

export interface Part {
  kind: "text" | "expression";
  text: string;
}

/** The parts of a text. The closing brace is found as the host does: strings and nesting are known. */
export function parts(text: string): Part[] {
  const found: Part[] = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    if (text.startsWith("$${", at)) {
      plain += "$${";
      at += 3;
    } else if (text.startsWith("${", at)) {
      const end = closing(text, at + 2);
      if (end < 0) break;
      if (plain) found.push({ kind: "text", text: plain });
      plain = "";
      found.push({ kind: "expression", text: text.slice(at + 2, end) });
      at = end + 1;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  plain += text.slice(at);
  if (plain) found.push({ kind: "text", text: plain });
  return found;
}

/** Where the brace is that closes an expression which begins there; -1 if none does. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (const token of tokens(text.slice(from))) {
    if (token.text === "{") depth += 1;
    if (token.text === "}") {
      if (depth === 0) return from + token.from;
      depth -= 1;
    }
  }
  return -1;
}

/** What a value is: one expression, a text with expressions in it, or just a value. */
export function nameOf(value: unknown): "literal" | "expression" | "template" {
  if (typeof value !== "string") return "literal";
  const all = parts(value);
  if (all.length === 1 && all[0]!.kind === "expression") return "expression";
  return all.some(({ kind }) => kind === "expression") ? "template" : "literal";
}

/** The expression of `${...}`; a text that is no expression stays as it is. */
export function expressionOf(value: string): string {
  const all = parts(value);
  return all.length === 1 && all[0]!.kind === "expression" ? all[0]!.text : value;
}

export function asExpression(expression: string): string {
  return `\${${expression}}`;
}

/** A text with every expression in it changed. */
export function mapExpressions(text: string, change: (expression: string) => string): string {
  return parts(text)
    .map(({ kind, text }) => (kind === "expression" ? asExpression(change(text)) : text))
    .join("");
}
