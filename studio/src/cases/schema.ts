/** What a flow is given, as one JSON Schema. */

import type { Schema } from "../api/types";
import type { Graph } from "../document";

export function inputSchema(graph: Graph | null): Schema {
  const parameters = graph?.input ?? [];
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const required = parameters.filter(({ schema }) => !("default" in schema)).map(({ name }) => name);
  return { type: "object", properties, required, additionalProperties: false };
}
