// Types of what the daemon says: of its OpenAPI document, and of the schemas of flows and of cases.
// `npm run generate` writes them; with `--check` it only says whether they are fresh.

import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";
import { compile } from "json-schema-to-typescript";

const banner = (of) => `// Generated of ${of} by \`npm run generate\`. Do not edit.\n\n`;
const here = (path) => new URL(path, import.meta.url);

async function ofApi() {
  return banner("src/api/openapi.json") + astToString(await openapi(here("src/api/openapi.json")));
}

async function ofSchema(file, name) {
  const schema = JSON.parse(await readFile(here(`../flows/${file}`), "utf8"));
  delete schema.$id;
  const text = await compile(schema, name, { bannerComment: "", additionalProperties: false, format: false });
  return banner(`flows/${file}`) + text;
}

const generated = {
  "src/api/generated.ts": await ofApi(),
  "src/document/generated/flow.ts": await ofSchema("flow.schema.json", "FlowDocument"),
  "src/document/generated/cases.ts": await ofSchema("cases.schema.json", "CasesDocument"),
};

const check = process.argv.includes("--check");
const stale = [];
for (const [path, text] of Object.entries(generated)) {
  const before = await readFile(here(path), "utf8").catch(() => "");
  if (before === text) continue;
  if (check) stale.push(path);
  else await writeFile(here(path), text);
}
if (stale.length > 0) {
  console.error(`not fresh: ${stale.join(", ")}: run \`npm run generate\` in studio/, and commit what it writes`);
  process.exit(1);
}
