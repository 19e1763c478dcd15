// Editing without a mouse, copying between flows, undoing: node studio/editing.mjs http://127.0.0.1:8080

import assert from "node:assert/strict";
import { withWindows } from "../browser/chromium.mjs";
import { node, saved, select } from "./hands.mjs";

const [url] = process.argv.slice(2);
const options = {
  reducedMotion: "reduce",
  permissions: ["clipboard-read", "clipboard-write"],
  tolerates: (text) => text.includes("404"),
};

const ids = (page) => page.locator(".react-flow__node").evaluateAll((all) => all.map((it) => it.dataset.id).filter((id) => id !== "->"));
const text = async (page, flow) => (await (await page.request.get(`${url}/api/v1/flows/${flow}/draft`)).json()).text;

await withWindows(async (open) => {
  const page = await open(`${url}/studio/flows/greeting`, options);
  await node(page, "greet").waitFor();
  const before = await ids(page);

  // By keyboard: a node is searched for, added after the one that is selected, and named.
  await select(page, "answer");
  await page.locator(".react-flow__pane").focus().catch(() => undefined);
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("n");
  await page.keyboard.type("sleep");
  await page.keyboard.press("Enter");
  await node(page, "sleep").waitFor();
  await saved(page);
  assert.match(await text(page, "greeting"), / {2}answer:\n(.*\n)* {4}next: sleep\n/);

  // Undone and done again, without a limit, by keys and in the text.
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("Control+z");
  await node(page, "sleep").waitFor({ state: "detached" });
  assert.deepEqual(await ids(page), before);
  await page.keyboard.press("Control+Shift+z");
  await node(page, "sleep").waitFor();

  // Several are selected, copied, and pasted into another flow.
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  const other = await page.context().newPage();
  await other.goto(`${url}/studio/flows/countdown`);
  await node(other, "count").waitFor();
  await other.evaluate(() => document.activeElement?.blur());
  await other.keyboard.press("Control+v");
  await node(other, "greet").waitFor();
  await saved(other);
  const pasted = await text(other, "countdown");
  assert.match(pasted, /greet:\n {4}title: Greet\n {4}call: client\.push/);
  await other.keyboard.press("Delete");
  await node(other, "greet").waitFor({ state: "detached" });
  assert.deepEqual(await ids(other), ["count", "positive", "show", "pause", "done"]);
  await other.close();

  // The text and the graph are one: what is typed in one is seen in the other.
  await page.getByRole("button", { name: "Both" }).click();
  await page.locator(".yaml-panel .cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+f");
  await page.keyboard.type("title: Greeting");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("End");
  await page.keyboard.type("s of all kinds");
  await page.getByRole("heading", { name: "Greetings of all kinds" }).waitFor();
  await saved(page);
  assert.match(await text(page, "greeting"), /^title: Greetings of all kinds$/m);

  // Nothing is lost on reload.
  await page.reload();
  await page.getByRole("heading", { name: "Greetings of all kinds" }).waitFor();
  await node(page, "sleep").waitFor();
  console.log("editing: ok");
});
