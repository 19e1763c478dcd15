// Runs the snippets of the integration page: node studio/snippets.mjs http://127.0.0.1:8080 PYTHON

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { withWindows } from "../browser/chromium.mjs";

const [url, python] = process.argv.slice(2);
const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "snippets-"));

/** What is said in the browser's console by a module of this text, until it has said so much. */
async function inBrowser(page, text, count) {
  const said = [];
  const done = new Promise((resolve) => {
    page.on("console", async (line) => {
      said.push(line.text());
      if (said.length === count) resolve();
    });
  });
  await page.evaluate((text) => {
    const script = Object.assign(document.createElement("script"), { type: "module", textContent: text });
    document.head.append(script);
  }, text);
  await done;
  return said;
}

await withWindows(async (open) => {
  const page = await open(`${url}/studio/flows/countdown/integration`, { bypassCSP: true });
  const snippet = async (name) => {
    await page.getByRole("tab", { name }).click();
    // From three rather than ten: it takes as many seconds.
    return (await page.locator("[role=tabpanel] pre").innerText()).replaceAll('"a":10', '"a":1');
  };
  const texts = {};
  for (const name of ["Browser", "JavaScript client", "Python", "curl"]) texts[name] = await snippet(name);

  const blank = await open(`${url}/`, { bypassCSP: true });
  assert.deepEqual(await inBrowser(blank, texts.Browser, 2), ["push 1", "0"]);
  const other = await open(`${url}/`, { bypassCSP: true });
  assert.deepEqual(await inBrowser(other, texts["JavaScript client"], 2), ["push 1", "0"]);
  await writeFile(join(folder, "snippet.py"), texts.Python);
  assert.equal((await run(python, [join(folder, "snippet.py")])).stdout, "push 1\n0\n");
  const { stdout } = await run("sh", ["-c", texts.curl]);
  assert.match(stdout, /event: push[\s\S]*event: output/);
  console.log("snippets: ok");
});
