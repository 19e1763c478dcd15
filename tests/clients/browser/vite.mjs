// A page of another origin that Vite built with the package of the client library: node browser/vite.mjs FOLDER TYPES
//
// FOLDER is empty, and for what is made. TYPES is what `sandgate types countdown` wrote. Says first which origin it serves
// the page from, `origin ORIGIN`, and then waits to be told on standard input where the daemon is.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, cpSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build, preview } from "vite";
import { withWindows } from "./chromium.mjs";

const [, , FOLDER, TYPES] = process.argv;
const SDK = resolve("../../sdk/client-js");

/** The package as it would be published, installed into the page's project. */
function install() {
  // It is there already, and checked to be fresh.
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", FOLDER], { cwd: SDK });
  const [tarball] = readdirSync(FOLDER).filter((file) => file.endsWith(".tgz"));
  writeFileSync(join(FOLDER, "package.json"), '{ "private": true, "type": "module" }');
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", `./${tarball}`], { cwd: FOLDER });
}

function check() {
  execFileSync(join(SDK, "node_modules/.bin/tsc"), ["--project", FOLDER], { stdio: "inherit" });
}

async function serve() {
  await build({ root: FOLDER, logLevel: "warn", build: { target: "es2022" } });
  return preview({ root: FOLDER, preview: { port: 0, host: "127.0.0.1" } });
}

install();
cpSync("vite", FOLDER, { recursive: true });
copyFileSync(TYPES, join(FOLDER, "countdown.ts"));
check();
const server = await serve();
const { origin } = new URL(server.resolvedUrls.local[0]);
console.log(`origin ${origin}`);
const input = createInterface({ input: process.stdin });
const [daemon] = await once(input, "line");
input.close();
await withWindows(async (open) => {
  const page = await open(`${origin}/?host=${daemon}`);
  await page.waitForSelector('#output:has-text("0")');
  assert.equal(await page.textContent("#numbers"), "2 1");
  assert.match(await page.textContent("#state"), /there is no parameter `b`/);
});
await server.close();
console.log("vite: ok");
