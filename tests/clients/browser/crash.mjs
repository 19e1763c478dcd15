// The countdown's page while the daemon is killed and started again: node browser/crash.mjs http://127.0.0.1:8080
//
// Says `counting` when the number falls, and then waits for the daemon to be killed and started again.

import assert from "node:assert/strict";
import { withWindows } from "./chromium.mjs";

const [, , BASE] = process.argv;
// The browser says on its console that the daemon is away, as it should.
const tolerates = (line) => /WebSocket connection|Failed to load/.test(line);

const live = (page) => page.waitForSelector('#connection[data-state="live"]');

/** From now on, every number that the page shows is noted, and every state: some are over before they are looked for. */
function note(page) {
  return page.evaluate(() => {
    const [badge, number] = ["connection", "number"].map((id) => document.getElementById(id));
    window.states = [];
    window.numbers = [];
    new MutationObserver(() => window.states.push(badge.dataset.state)).observe(badge, { attributeFilter: ["data-state"] });
    new MutationObserver(() => window.numbers.push(number.textContent)).observe(number, { childList: true });
  });
}

await withWindows(async (open) => {
  const countdown = await open(`${BASE}/demo/countdown`, { tolerates });
  const trial = await open(`${BASE}/try/countdown`, { tolerates });
  await Promise.all([countdown, trial].map(live));
  await countdown.fill("#a", "5");
  await note(countdown);
  await countdown.click("#start:enabled");
  await countdown.waitForSelector('#dial[data-phase="counting"]');
  console.log("counting");
  await countdown.waitForSelector('#dial[data-phase="zero"]');
  assert.deepEqual(await countdown.evaluate(() => window.numbers), ["5", "4", "3", "2", "1", "0"]);
  assert.ok(await countdown.evaluate(() => window.states.includes("reconnecting")), "the connection was lost meanwhile");
  await trial.waitForSelector('#events [data-event="output"]');
  const pushes = await trial.$$eval('#events [data-event="push"] pre', (all) => all.map(({ textContent }) => textContent));
  assert.deepEqual(pushes, ["1", "2", "3", "4", "5"], "newest first, each once");
});
console.log("crash: ok");
