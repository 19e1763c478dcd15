// Versions compared and taken back, runs seen live and cancelled: node studio/versions.mjs http://127.0.0.1:8080 [pictures]

import assert from "node:assert/strict";
import { withWindows } from "../browser/chromium.mjs";
import { camera, node, select } from "./hands.mjs";

const [url, pictures] = process.argv.slice(2);
const flow = `${url}/api/v1/flows/countdown`;

await withWindows(async (open) => {
  const page = await open(`${url}/studio/flows/countdown`, { reducedMotion: "reduce", tolerates: (text) => text.includes("404") });
  const picture = camera(page, pictures && `${pictures}/versions`);

  // A second version: a node less, a node more, and one that does something else.
  await select(page, "pause");
  await page.locator('[data-parameter="milliseconds"] input').fill("20");
  await select(page, "done");
  await page.keyboard.press("Delete");
  await node(page, "done").waitFor({ state: "detached" });
  await page.keyboard.press("n");
  await page.keyboard.type("reply");
  await page.keyboard.press("Enter");
  await node(page, "reply").waitFor();
  await page.locator('[data-parameter="message"] input').fill("over");
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("f");
  await select(page, "positive");
  await page.getByLabel("Add a branch to").selectOption("reply");
  await page.locator("[data-errors='0']").waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByLabel("What changes").fill("Says when it is over");
  // What its cases say of it is seen before.
  await page.getByText("3 of 3 cases do not come out as expected.").waitFor();
  await page.locator(".text-diff-minus", { hasText: "output.result" }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await page.getByRole("heading", { name: "Version 2 is published" }).waitFor();

  // The two are compared on the graph, and the first is gone back to.
  await page.goto(`${url}/studio/flows/countdown/versions`);
  await node(page, "reply").locator(".card-added", { hasText: "+ added" }).waitFor();
  await node(page, "done").locator(".card-removed", { hasText: "− removed" }).waitFor();
  await node(page, "pause").locator(".card-changed", { hasText: "≠ changed" }).waitFor();
  await page.getByText("Says when it is over").first().waitFor();
  await picture("compared");
  await page.getByRole("button", { name: "Go back to this version" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Go back to this version" }).click();
  await page.getByText("as version 1").waitFor();
  assert.equal((await (await fetch(flow)).json()).version, 3);

  // A run appears as it starts, is followed on the graph, and is cancelled.
  await page.goto(`${url}/studio/flows/countdown/runs`);
  await page.getByText("No runs yet.").waitFor();
  const running = fetch(`${url}/run/countdown`, { method: "POST", body: JSON.stringify({ a: 1000 }) });
  await page.locator("tbody tr", { hasText: "under way" }).waitFor();
  await page.locator("tbody a").click();
  await node(page, "count").locator(".card-passed-badge").waitFor();
  await node(page, "pause").locator(".card-running").waitFor();
  await picture("running");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator(".page-tools .badge", { hasText: "cancelled" }).waitFor();
  assert.equal((await running).status, 409);
  await page.locator(".timeline-error").waitFor();
  console.log("versions: ok");
});
