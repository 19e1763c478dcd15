/** Parameters as rows of a table, and the JSON Schema of each. What the table does not show stays in the schema. */

import type { Json, Parameter } from "../../document";

export const TYPES = ["string", "integer", "number", "boolean", "object", "array", "any"] as const;
export type ParameterType = (typeof TYPES)[number];

/** The type that a schema says; `any` if it says none, or several. */
export function typeOf({ schema }: Parameter): ParameterType {
  const type = schema["type"];
  return TYPES.find((it) => it === type) ?? "any";
}

/** The words that mean something for each type, besides those that mean something for all. */
const WORDS: Record<ParameterType, readonly string[]> = {
  string: ["minLength", "maxLength", "pattern", "enum", "format"],
  integer: ["minimum", "maximum", "enum"],
  number: ["minimum", "maximum", "enum"],
  boolean: [],
  object: ["properties", "required", "additionalProperties"],
  array: ["items", "minItems", "maxItems"],
  any: ["enum"],
};

/** A parameter of another type. What means nothing for it is gone. */
export function withType(parameter: Parameter, type: ParameterType): Parameter {
  const meant = new Set(
    Object.values(WORDS)
      .flat()
      .filter((word) => !WORDS[type].includes(word)),
  );
  const kept = Object.entries(parameter.schema).filter(
    ([word]) => !meant.has(word) && word !== "type" && word !== "default",
  );
  const schema = Object.fromEntries(kept);
  return { ...parameter, schema: type === "any" ? schema : { type, ...schema } };
}

/** A parameter with another value of a keyword; without it, if that is undefined. */
export function withWord(parameter: Parameter, word: string, value: Json | undefined): Parameter {
  const { [word]: _, ...others } = parameter.schema;
  if (value === undefined) return { ...parameter, schema: others };
  const schema =
    word in parameter.schema ? { ...parameter.schema, [word]: value } : { ...parameter.schema, [word]: value };
  return { ...parameter, schema };
}

/** A name that no other parameter has. */
export function freeName(parameters: Parameter[]): string {
  const taken = new Set(parameters.map(({ name }) => name));
  for (let code = 97; code < 123; code += 1) {
    const letter = String.fromCharCode(code);
    if (!taken.has(letter)) return letter;
  }
  return `p${parameters.length + 1}`;
}

export function hasWord(type: ParameterType, word: string): boolean {
  return WORDS[type].includes(word);
}
