/** Schemas as forms show them: what means the same to a person is one thing. */

import type { Json, Schema } from "../api/types";

/**
 * Without the null of what may be left out, since that is said by leaving it out, and without the texts that integers of 64 bits
 * may be written as.
 */
export function simplified(schema: Schema): Schema {
  const { anyOf, oneOf, type, ...rest } = schema;
  const several = anyOf ?? oneOf;
  if (Array.isArray(several)) return ofSeveral(several as Schema[], rest, anyOf === undefined ? "oneOf" : "anyOf");
  const types = Array.isArray(type) ? type.filter((it) => it !== "null") : type;
  const only = Array.isArray(types) && types.length === 1 ? types[0]! : types;
  return within(only === undefined ? rest : { type: only, ...rest });
}

function ofSeveral(several: Schema[], rest: Schema, word: string): Schema {
  const others = several.filter((it) => it["type"] !== "null");
  const isInteger = others.length === 2 && others[0]!["type"] === "integer" && "pattern" in others[1]!;
  const left = isInteger ? [others[0]!] : others;
  if (left.length === 1) return simplified({ ...rest, ...left[0]! });
  return { ...rest, [word]: left.map(simplified) };
}

/** What is in it as well. */
function within(schema: Schema): Schema {
  const properties = schema["properties"] as { [name: string]: Schema } | undefined;
  const items = schema["items"];
  return {
    ...schema,
    ...(properties && { properties: mapped(properties) }),
    ...(isSchema(items) && { items: simplified(items) }),
  };
}

function mapped(properties: { [name: string]: Schema }): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, it]) => [name, isSchema(it) ? simplified(it) : it]));
}

function isSchema(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
