/** Something that a flow could be given. */

import type { Json, Schema } from "../api/types";

/** Defaults, and of what must be given the first that its schema names. */
export function exampleOf(schema: Schema | null): Json {
  const properties = (schema?.["properties"] ?? {}) as { [name: string]: Schema };
  return Object.fromEntries(Object.entries(properties).map(([name, it]) => [name, one(it)]));
}

function one(schema: Schema): Json {
  for (const word of ["default", "const", "minimum"]) if (word in schema) return schema[word]!;
  for (const word of ["examples", "enum"]) {
    const values = schema[word];
    if (Array.isArray(values) && values.length > 0) return values[0]!;
  }
  const values: Record<string, Json> = { string: "text", boolean: false, array: [], object: {}, integer: 1, number: 1 };
  return values[String(schema["type"])] ?? null;
}
