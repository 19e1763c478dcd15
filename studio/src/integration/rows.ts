/** A JSON Schema of objects as rows: one for each field, however deep. */

import type { Json, Schema } from "../api/types";

export interface Row {
  path: string;
  type: string;
  required: boolean;
  description: string;
}

export function rows(schema: Schema, above = ""): Row[] {
  const properties = (schema["properties"] ?? {}) as { [name: string]: Schema };
  const required = (schema["required"] ?? []) as string[];
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = above ? `${above}.${name}` : name;
    const row = {
      path,
      type: typeOf(field),
      required: required.includes(name),
      description: String(field["description"] ?? ""),
    };
    return [row, ...rows(field, path)];
  });
}

function typeOf(schema: Schema): string {
  if ("const" in schema) return JSON.stringify(schema["const"]);
  if (Array.isArray(schema["enum"])) return schema["enum"].map((it: Json) => JSON.stringify(it)).join(" | ");
  const type = schema["type"];
  return Array.isArray(type) ? type.join(" | ") : typeof type === "string" ? type : "any";
}
