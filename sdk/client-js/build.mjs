// Builds dist/client.js and dist/client.d.ts: what tsc makes of src/, each as one file.
//
// The modules are put one after the other, whoever is imported first, without what they import and export among
// themselves; their names are all different. So the host serves one plain file that can be read, and no bundler is needed.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const HEADER = "// @sandgate/client: made of sdk/client-js/src by `npm run build`.\n";
const BETWEEN_MODULES = /^(import|export)( type)? \{([^}]*)\} from "\.\/(\w+)\.js";\n/gm;

/** The modules that `name` needs, and then itself. */
function order(name, ending, seen = new Set()) {
  if (seen.has(name)) return [];
  seen.add(name);
  const needed = [...read(name, ending).matchAll(BETWEEN_MODULES)].map(([, , , , from]) => from);
  return [...needed.flatMap((one) => order(one, ending, seen)), name];
}

function read(name, ending) {
  return readFileSync(`${FOLDER}build/${name}${ending}`, "utf8");
}

/** A module without what ties it to the others. */
function body(name, ending) {
  const text = read(name, ending).replaceAll(BETWEEN_MODULES, "").replaceAll(/^export (?=\w)/gm, "");
  return `\n// src/${name}.ts\n\n${text.trim()}\n`;
}

function exports(ending) {
  const statements = [...read("index", ending).matchAll(BETWEEN_MODULES)];
  return `\n${statements.map(([, word, type = "", names]) => `${word}${type} {${names}};\n`).join("")}`;
}

function bundle(ending) {
  const modules = order("index", ending).filter((name) => name !== "index");
  const bodies = modules.map((name) => body(name, ending));
  writeFileSync(`${FOLDER}dist/client${ending}`, HEADER + bodies.join("") + exports(ending));
}

rmSync(`${FOLDER}build`, { recursive: true, force: true });
mkdirSync(`${FOLDER}dist`, { recursive: true });
execFileSync(`${FOLDER}node_modules/.bin/tsc`, { cwd: FOLDER, stdio: "inherit" });
bundle(".js");
bundle(".d.ts");
