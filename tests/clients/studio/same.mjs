// Whether two flows say the same but for titles and layout: node studio/same.mjs ONE OTHER

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/** What a run sees of it. */
async function said(file) {
  const { layout, ...flow } = parse(await readFile(file, "utf8"));
  for (const node of Object.values(flow.nodes)) delete node.title;
  return flow;
}

const [one, other] = await Promise.all(process.argv.slice(2).map(said));
assert.deepEqual(other, one);
