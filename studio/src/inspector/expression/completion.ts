/** What can be written at a place in an expression: what is in scope, and the functions. */

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { ExpressionFunction, Name } from "../../api/types";

export interface Scope {
  names: Name[];
  functions: ExpressionFunction[];
}

const METHODS = new Set([
  "contains",
  "endsWith",
  "startsWith",
  "matches",
  "size",
  "all",
  "exists",
  "exists_one",
  "filter",
  "map",
]);
const MACROS = new Set(["all", "exists", "exists_one", "filter", "map"]);

/** What fits before the cursor. */
export function completions({ names, functions }: Scope) {
  return (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\w.]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const dot = word.text.lastIndexOf(".");
    if (dot < 0)
      return { from: word.from, options: [...ofNames(names, ""), ...ofFunctions(functions, false)], validFor: /^\w*$/ };
    const base = word.text.slice(0, dot + 1);
    return {
      from: word.from + dot + 1,
      options: [...ofNames(names, base), ...ofFunctions(functions, true)],
      validFor: /^\w*$/,
    };
  };
}

/** Those that begin so, without what comes after the next dot. */
export function ofNames(names: Name[], base: string): Completion[] {
  return names
    .filter(({ name }) => name.startsWith(base) && !name.slice(base.length).includes("."))
    .map(({ name, type, nullable, docs }) => ({
      label: name.slice(base.length),
      type: base ? "property" : "variable",
      detail: nullable ? `${type}?` : type,
      info: docs ?? undefined,
    }));
}

export function ofFunctions(functions: ExpressionFunction[], asMethod: boolean): Completion[] {
  return functions
    .filter(({ name }) => (asMethod ? METHODS.has(name) : !MACROS.has(name)))
    .map(({ name, signature, docs }) => ({
      label: name,
      type: "function",
      detail: signature,
      info: docs,
      apply: `${name}(`,
    }));
}
