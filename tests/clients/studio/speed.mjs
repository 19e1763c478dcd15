// How quick the Studio is, against a daemon that this starts: node studio/speed.mjs PATH_OF_SANDGATE
//
// Prints a line of JSON: what BENCHMARKS.md has of the Studio. Nothing depends on it.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { withWindows } from "../browser/chromium.mjs";

const [sandgate] = process.argv.slice(2);
const NODES = 500;
const TIMES = 5;

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const rounded = (number) => Math.round(number * 10) / 10;

/** A flow of so many nodes: rows of gateways and calls. */
function large() {
  const nodes = Array.from({ length: NODES }, (_, index) => {
    const next = `n${index + 1}`;
    if (index === NODES - 1) return `  n${index}: { call: output.result, with: { value: 1 } }`;
    if (index % 10 !== 0 || index > NODES - 6) return `  n${index}: { call: function.sleep, with: { milliseconds: ${index} }, next: ${next} }`;
    return `  n${index}:\n    gateway: exclusive\n    branches:\n      - { name: on, if: input.a > ${index}, next: ${next} }\n      - { next: n${index + 5} }`;
  });
  const head = "format: 1\nflow: large\ninterface:\n  protocol: websocket\n  input:\n    a: { type: integer, default: 1 }\nstart: n0\nnodes:\n";
  const at = (_, index) => `  n${index}: { x: ${(index % 25) * 280}, y: ${Math.floor(index / 25) * 180} }`;
  return `${head}${nodes.join("\n")}\nlayout:\n${Array.from({ length: NODES }, at).join("\n")}\n`;
}

const project = mkdtempSync(join(tmpdir(), "studio-speed-"));
mkdirSync(join(project, "flows"));
writeFileSync(join(project, "flows/large.yaml"), large());
writeFileSync(join(project, "flows/countdown.yaml"), execFileSync("cat", [new URL("../../../flows/countdown.yaml", import.meta.url).pathname]));
const daemon = spawn(sandgate, ["serve", project, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "ignore"] });
const first = (await createInterface({ input: daemon.stdout })[Symbol.asyncIterator]().next()).value;
const url = /http:\S+/.exec(first)[0];

/** Loads the editor of a small flow in a window that has nothing of it yet. */
async function load(open) {
  const page = await open("about:blank");
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  const before = performance.now();
  await page.goto(`${url}/studio/flows/countdown`);
  await page.locator('[data-id="count"] .card').waitFor();
  const kb = bytes / 1000;
  await page.locator('[data-id="count"] .card').click();
  await page.locator(".inspector h2", { hasText: "Count down" }).waitFor();
  const ms = performance.now() - before;
  await page.close();
  return { kb, ms };
}

/** Drags a node of the large flow, and counts the frames that are drawn meanwhile. */
async function drag(page) {
  const card = page.locator('[data-id="n250"] .card');
  const { x, y, width, height } = await card.boundingBox();
  const [left, top] = [x + width / 2, y + height / 3];
  await page.mouse.move(left, top);
  await page.mouse.down();
  await page.evaluate(() => {
    window.frames_drawn = [];
    const frame = (at) => {
      window.frames_drawn.push(at);
      window.counting = requestAnimationFrame(frame);
    };
    window.counting = requestAnimationFrame(frame);
  });
  const steps = 120;
  for (let step = 0; step < steps; step += 1) {
    await page.mouse.move(left + 80 * Math.sin(step / 9), top + 60 * Math.sin(step / 7));
  }
  const frames = await page.evaluate(() => (cancelAnimationFrame(window.counting), window.frames_drawn));
  await page.mouse.move(left, top);
  await page.mouse.up();
  return (frames.length - 1) / ((frames.at(-1) - frames[0]) / 1000);
}

/** From a key to what the check says of it. */
async function check(page) {
  await page.evaluate(() => {
    const field = document.querySelector('.inspector select[id]');
    window.checked = new Promise((resolve) => {
      const button = document.querySelector("[data-errors]");
      new MutationObserver(() => resolve(performance.now())).observe(button, { attributes: true, attributeFilter: ["data-errors"] });
    });
    document.addEventListener("keydown", () => (window.pressed = performance.now()), { capture: true, once: true });
    return field !== null;
  });
  await page.keyboard.type("x");
  return page.evaluate(async () => (await window.checked) - window.pressed);
}

const measured = {};
await withWindows(async (open) => {
  const tolerant = (address) => open(address, { tolerates: () => true, reducedMotion: "reduce" });
  const loads = [];
  for (let time = 0; time < TIMES; time += 1) loads.push(await load(tolerant));
  measured.first_load_kb = rounded(median(loads.map(({ kb }) => kb)));
  measured.interactive_ms = rounded(median(loads.map(({ ms }) => ms)));

  const page = await tolerant(`${url}/studio/flows/large`);
  await page.locator('[data-id="n0"] .card').waitFor();
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("f");
  await page.locator('[data-id="n250"] .card').waitFor();
  // Two frames after all of it is there, nothing moves any more.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const rates = [];
  for (let time = 0; time < TIMES; time += 1) rates.push(await drag(page));
  measured.drag_500_nodes_fps = rounded(median(rates));
  await page.close();

  const latencies = { countdown: [], large: [] };
  for (const [flow, found] of Object.entries(latencies)) {
    for (let time = 0; time < TIMES; time += 1) {
      const page = await tolerant(`${url}/studio/flows/${flow}`);
      await page.locator("[data-errors='0']").waitFor();
      await page.getByRole("button", { name: "Both" }).click();
      await page.locator(".cm-line", { hasText: "start:" }).click();
      await page.keyboard.press("End");
      found.push(await check(page));
      await page.close();
      await fetch(`${url}/api/v1/flows/${flow}/draft`, { method: "DELETE" });
    }
  }
  measured.check_ms = rounded(median(latencies.countdown));
  measured.check_500_nodes_ms = rounded(median(latencies.large));
});
daemon.kill();
console.log(JSON.stringify(measured));
