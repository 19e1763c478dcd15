// A page of another origin, once of one that was allowed and once of one that was not: node browser/origins.mjs
//
// Says first which two origins it serves the page from, `allowed ORIGIN` and `stranger ORIGIN`, and then waits to be told
// on standard input where the daemon is that allows the one and not the other.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { withWindows } from "./chromium.mjs";

const WAIT_MS_MAX = 15_000;
const HTML = '<!doctype html><html lang="en"><title>A shop</title><link rel="icon" href="data:," /><p>A shop</p>';

/** Somebody else's web site, on a port of its own. */
async function site() {
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(HTML));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/** Runs the countdown from a page of that origin; resolves to the numbers, or to `refused`. */
async function countdown(open, origin, daemon) {
  // The browser says on its console what was refused, as it should.
  const page = await open(origin, { tolerates: (line) => /WebSocket connection|CORS|Failed to load|fetch/.test(line) });
  const numbers = await page.evaluate(({ daemon, wait }) => {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${daemon.replace("http", "ws")}/ws/countdown`);
      const numbers = [];
      const told = ({ method, params }) => {
        if (method === "welcome") socket.send('{"jsonrpc":"2.0","id":1,"method":"start","params":{"input":{"a":2}}}');
        if (method === "push") numbers.push(params.message);
        if (method === "output") resolve([...numbers, params.value]);
      };
      socket.onmessage = ({ data }) => told(JSON.parse(data));
      socket.onerror = () => resolve("refused");
      setTimeout(() => resolve("nothing in time"), wait);
    });
  }, { daemon, wait: WAIT_MS_MAX });
  const answer = await page.evaluate(async (daemon) => {
    const asked = fetch(`${daemon}/run/countdown`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"a":0}',
    });
    return asked.then((response) => response.json(), () => "refused");
  }, daemon);
  const library = await page.evaluate((daemon) => {
    return import(`${daemon}/client.js`).then(({ connect }) => typeof connect, () => "refused");
  }, daemon);
  return { numbers, output: answer.output ?? answer, library };
}

const [allowed, stranger] = [await site(), await site()];
console.log(`allowed ${allowed.origin}\nstranger ${stranger.origin}`);
const input = createInterface({ input: process.stdin });
const [daemon] = await once(input, "line");
input.close();
await withWindows(async (open) => {
  assert.deepEqual(await countdown(open, allowed.origin, daemon), { numbers: [2, 1, 0], output: 0, library: "function" });
  assert.deepEqual(await countdown(open, stranger.origin, daemon), { numbers: "refused", output: "refused", library: "refused" });
});
allowed.server.close();
stranger.server.close();
console.log("origins: ok");
