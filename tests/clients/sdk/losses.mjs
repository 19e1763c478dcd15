// The client library while connections are lost at any moment: node sdk/losses.mjs [SEED]
//
// Every entry comes once and in order or is told as gone, and every request starts one run, wherever the loss was.

import assert from "node:assert/strict";
import WebSocket from "ws";
import { connect } from "../../../sdk/client-js/dist/client.js";
import { Inbox } from "../inbox.mjs";
import { Host } from "./host.mjs";

const SEED = Number(process.argv[2] ?? 1);
const STEPS = 400;
const WAIT_MS_MAX = 15_000;

/** Chance that is the same each time (mulberry32): a number below `bound`. */
function chance(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** What was told, an entry each: `{ epoch, offset }`, whether it came or is gone. The rest of an epoch is one without end. */
function entries(told) {
  return told.flatMap(({ epoch, offset, from, to }) => {
    if (from === undefined) return [{ epoch, offset }];
    if (to === null) return [{ epoch, offset: Infinity }];
    return Array.from({ length: to - from + 1 }, (_, index) => ({ epoch, offset: from + index }));
  });
}

// Each is the next of its epoch, or the first of another after the rest of the one before was said to be gone.
function assertInOrder(all) {
  for (const [index, { epoch, offset }] of all.entries()) {
    const before = all[index - 1] ?? { epoch, offset: 0 };
    if (offset === Infinity) assert.equal(epoch, before.epoch);
    else if (before.offset === Infinity) assert.equal(offset, 1);
    else assert.deepEqual([epoch, offset], [before.epoch, before.offset + 1]);
  }
}

async function meet(keep) {
  const host = new Host({ keep });
  const client = connect(await host.listen(), { WebSocket, retryMsMin: 1, retryMsMax: 5 });
  const told = new Inbox();
  client.on("push", (event) => told.add(event));
  client.on("gap", (event) => told.add(event));
  return { host, client, told };
}

const turn = () => new Promise((next) => setImmediate(next));

/** Pushes, asks and loses, as chance has it; resolves to what was told, and to the answers. */
async function live({ host, client, told }, random, restarts) {
  const start = () => client.start({}, { signal: AbortSignal.timeout(WAIT_MS_MAX) });
  await start();
  const asked = [];
  for (let step = 0; step < STEPS; step++) {
    const what = random(10);
    if (what === 0) host.cut();
    else if (what === 1 && restarts && random(5) === 0) await host.restart();
    else if (what <= 3) asked.push(start());
    else host.push(step);
    for (let turns = random(4); turns > 0; turns--) await turn();
  }
  const answers = await Promise.all(asked);
  host.push("last");
  const all = await told.until(({ message }) => message === "last", "the last message");
  client.close();
  host.close();
  return { all, answers };
}

async function nothingIsLost() {
  const met = await meet(Infinity);
  const { all, answers } = await live(met, chance(SEED), false);
  assertInOrder(entries(all));
  assert.ok(all.every(({ from }) => from === undefined), "the host had everything");
  const runs = new Set(answers.map(({ run }) => run));
  assert.equal(runs.size, answers.length);
  assert.equal(met.host.started, answers.length + 1, "each request started one run");
}

async function whatIsGoneIsSaid() {
  const met = await meet(1);
  const { all } = await live(met, chance(SEED + 1), true);
  assertInOrder(entries(all));
  assert.ok(all.some(({ to }) => to > 0), "something was gone");
  assert.ok(all.some(({ to }) => to === null), "an epoch has ended");
}

await nothingIsLost();
await whatIsGoneIsSaid();
console.log("losses: ok");
