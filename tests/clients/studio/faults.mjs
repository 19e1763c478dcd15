// What is wrong, and two who edit one draft: node studio/faults.mjs http://127.0.0.1:8080 [pictures]

import assert from "node:assert/strict";
import { withWindows } from "../browser/chromium.mjs";
import { camera, node, saved, select } from "./hands.mjs";

const [url, pictures] = process.argv.slice(2);
const options = { reducedMotion: "reduce", tolerates: (text) => /404|412/.test(text) };

await withWindows(async (open) => {
  // A draft that does not parse opens as text, with the error marked.
  const page = await open(`${url}/studio/flows/unreadable`, options);
  const picture = camera(page, pictures);
  await page.locator(".cm-lint-marker-error").first().waitFor();
  await picture("unreadable");
  assert.match(await page.locator(".yaml-panel").innerText(), /flow: \[unreadable/);

  // A component that is gone from the project is named, with what to do.
  await page.goto(`${url}/studio/flows/gone`);
  await node(page, "one").locator(".card-bad").waitFor();
  await select(page, "one");
  await page.getByText("gone.away is not among the components of this project.").waitFor();
  await picture("gone");

  // The check's own words, at the node, at the field, and in the list; a press goes there.
  await page.goto(`${url}/studio/flows/countdown`);
  await select(page, "positive");
  const branch = page.locator(".branch").first();
  await branch.getByRole("button", { name: "Expression" }).click();
  await branch.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("count > zero");
  await page.keyboard.press("Escape");
  await branch.getByText("zero").first().waitFor();
  await node(page, "positive").locator(".card-bad").waitFor();
  await page.locator("[data-errors='1']").click();
  await page.locator(".problem").first().waitFor();
  await picture("problem");
  await select(page, "done");
  await page.locator(".problem").first().click();
  await page.locator(".inspector").getByRole("heading", { name: "positive" }).waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await saved(page);

  // Two on one draft: the second save is told, and shown the difference.
  const mine = await open(`${url}/studio/flows/echo`, options);
  const theirs = await open(`${url}/studio/flows/echo`, options);
  const title = (page) => page.locator(".inspector").getByLabel("Title", { exact: true });
  await title(mine).waitFor();
  await title(theirs).fill("Theirs");
  await theirs.getByText("Draft saved").waitFor();
  await title(mine).fill("Mine");
  const dialog = mine.getByRole("dialog", { name: "Somebody else has saved this draft" });
  await dialog.waitFor();
  await dialog.locator(".text-diff-minus", { hasText: "title: Theirs" }).waitFor();
  await dialog.locator(".text-diff-plus", { hasText: "title: Mine" }).waitFor();
  await camera(mine, pictures)("conflict");
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await mine.getByText("Draft saved").waitFor();
  const draft = await (await mine.request.get(`${url}/api/v1/flows/echo/draft`)).json();
  assert.match(draft.text, /^title: Mine$/m);

  // The other one is told in turn, and takes what there is; what was there can be had again.
  await title(theirs).fill("Theirs again");
  await theirs.getByRole("button", { name: "Take theirs" }).click();
  await theirs.getByRole("heading", { name: "Mine", level: 1 }).waitFor();
  await theirs.evaluate(() => document.activeElement?.blur());
  await theirs.keyboard.press("Control+z");
  await theirs.getByRole("heading", { name: "Theirs again", level: 1 }).waitFor();
  console.log("faults: ok");
});
