// The client library on the example flows: node sdk/flows.mjs http://127.0.0.1:8080

import assert from "node:assert/strict";
import WebSocket from "ws";
import { ClosedError, connect, connectRaw, ErrorCode, RequestError } from "../../../sdk/client-js/dist/client.js";
import { Inbox } from "../inbox.mjs";

const BASE = process.argv[2];
const NOBODYS_RUN = "00000000-0000-7000-8000-000000000000";

/** A client of a flow, and what it is told. */
function meet(flow, options) {
  const client = connect(`${BASE}/ws/${flow}`, { WebSocket, ...options });
  const told = new Inbox();
  for (const type of ["push", "output", "failed"]) client.on(type, (event) => told.add({ type, ...event }));
  return { client, told };
}

const short = ({ type, message, value }) => [type, message ?? value];

async function aRunAnswersWithItsOutput() {
  const { client, told } = meet("countdown");
  const { run, output } = await client.run({ a: 2 });
  assert.equal(output, 0);
  const seen = await told.until(({ type }) => type === "output", "everyone's output");
  assert.deepEqual(seen.map(short), [["push", 2], ["push", 1], ["output", 0]]);
  assert.ok(seen.every((event) => event.run === run));
  client.close();
}

async function aStartIsToldOfItsEnd() {
  const { client, told } = meet("countdown", { client: "ann" });
  const { run } = await client.start({ a: 1 });
  const seen = await told.until(({ type, channel }) => type === "output" && channel === "client:ann", "the output");
  assert.deepEqual(seen.at(-1).run, run);
  client.close();
}

async function aRunIsCancelled() {
  const { client, told } = meet("countdown");
  const { run } = await client.start({ a: 1000 });
  assert.deepEqual(await client.cancel(run), { run, ended: "cancelled" });
  const { error } = (await told.until(({ type }) => type === "failed", "the cancellation")).at(-1);
  assert.equal(error.code, ErrorCode.Cancelled);
  const unknown = await client.cancel(NOBODYS_RUN).catch((error) => error);
  assert.equal(unknown.code, ErrorCode.UnknownRun);
  client.close();
}

async function aGreetingReachesOneClient() {
  const bob = meet("greeting", { client: "bob" });
  const ann = meet("greeting", { client: "ann" });
  await new Promise((live) => bob.client.on("state", live));
  const { output } = await ann.client.run({ client: "bob", name: "Bob" });
  assert.deepEqual(output, { sessions: 1 });
  assert.equal((await bob.told.next("the greeting")).message, "Hello, Bob!");
  for (const { client } of [ann, bob]) client.close();
}

async function whatDoesNotFitIsRefused() {
  const { client } = meet("countdown");
  const error = await client.run({ a: -1 }).catch((error) => error);
  assert.ok(error instanceof RequestError);
  assert.equal(error.code, ErrorCode.InvalidParams);
  assert.equal(error.data.problems.length, 1);
  client.close();
}

async function anUnknownFlowIsSaidToBe() {
  const { client } = meet("nothing");
  const error = await client.run().catch((error) => error);
  assert.ok(error instanceof ClosedError);
  assert.equal(error.code, 4004);
  assert.match(error.message, /nothing.*\/api\/v1\/flows/);
}

async function rawMessagesGoAsTheyAre() {
  const client = connectRaw(`${BASE}/ws/echo`, { WebSocket });
  const messages = new Inbox();
  client.on("message", (message) => messages.add(message));
  await new Promise((live) => client.on("state", live));
  client.send("hello, 世界");
  assert.equal(await messages.next("the echo"), "hello, 世界");
  client.send(Uint8Array.of(0, 1, 255));
  assert.deepEqual(new Uint8Array(await messages.next("the echo")), Uint8Array.of(0, 1, 255));
  client.close();
}

await aRunAnswersWithItsOutput();
await aStartIsToldOfItsEnd();
await aRunIsCancelled();
await aGreetingReachesOneClient();
await whatDoesNotFitIsRefused();
await anUnknownFlowIsSaidToBe();
await rawMessagesGoAsTheyAre();
console.log("flows: ok");
