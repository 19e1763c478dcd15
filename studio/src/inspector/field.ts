/** What a parameter of a node is given: nothing, a value, or an expression. */

import type { Argument, Json } from "../api/types";
import { asExpression, expressionOf, nameOf } from "../document";

export type Mode = "literal" | "expression";

/** How a value is edited. A text with expressions in it is edited as a text. */
export function modeOf(value: Json | undefined): Mode {
  return nameOf(value) === "expression" ? "expression" : "literal";
}

/** The value in the other mode, as far as it can be had. */
export function switched(value: Json | undefined, to: Mode): Json | undefined {
  if (to === "expression") {
    if (value === undefined) return asExpression("");
    return nameOf(value) === "expression" ? value : asExpression(asCel(value));
  }
  if (typeof value !== "string" || nameOf(value) !== "expression") return value;
  return literalOf(expressionOf(value));
}

/** A literal of the language. */
function asCel(value: Json): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : JSON.stringify(value ?? null);
}

/** An expression that is a literal as the value that it is; of any other nothing is left. */
function literalOf(expression: string): Json | undefined {
  try {
    return JSON.parse(expression) as Json;
  } catch {
    return undefined;
  }
}

/** A value that is in no set must be given. */
export function isRequired({ default: given, type }: Argument): boolean {
  return given === null && !(type ?? "").startsWith("option<");
}

/** Whether any value fits, so that a text field does for it. */
export function isAnything(schema: { [key: string]: Json }): boolean {
  return !(
    "type" in schema ||
    "enum" in schema ||
    "oneOf" in schema ||
    "anyOf" in schema ||
    "$ref" in schema ||
    "const" in schema
  );
}
