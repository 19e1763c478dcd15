// Pages of a project whose files change meanwhile: node browser/project.mjs http://127.0.0.1:8080 FOLDER_OF_PICTURES
//
// Says `served` when it sees the countdown served, and then waits for it to be spoilt; says `stale` when it sees that, and
// then waits for it to be removed.

import assert from "node:assert/strict";
import { picture, withWindows } from "./chromium.mjs";

const [, , BASE, PICTURES] = process.argv;
// A page goes on asking for a flow that is gone, and the browser says so.
const tolerates = (line) => line.includes("404");

await withWindows(async (open) => {
  const list = await open(BASE);
  await list.waitForSelector('[data-flow="countdown"][data-status="served"]');
  console.log("served");
  await list.waitForSelector('[data-flow="countdown"][data-status="stale"]');
  const said = await list.textContent('[data-flow="countdown"] .problems');
  assert.match(said, /\d+:\d+/, "a problem says where it is");
  assert.match(said, /no function nxt/, "and what is wrong");
  await picture(list, PICTURES, "interfaces-stale");
  const page = await open(`${BASE}/try/countdown`, { tolerates });
  await page.waitForSelector('#connection[data-state="live"]');
  await page.waitForSelector("#trouble .problems");
  await page.fill("#input-a", "0");
  await page.click("#go");
  await page.waitForSelector('#events [data-event="output"]');
  console.log("stale");
  await list.waitForSelector(".empty");
  await picture(list, PICTURES, "interfaces-empty");
  const demo = await open(`${BASE}/demo/countdown`, { tolerates });
  await demo.waitForSelector("#trouble:not([hidden])");
  assert.ok(await demo.isHidden("#play"));
});
console.log("project: ok");
