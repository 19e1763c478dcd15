// The flows through Node's `ws`: node ws.mjs http://127.0.0.1:8080

import assert from "node:assert/strict";
import WebSocket from "ws";
import { Inbox } from "./inbox.mjs";

const BASE = process.argv[2].replace(/^http/, "ws");
const MEBIBYTE = 1024 * 1024;

/** A socket, its frames and its end. */
async function connect(path, protocols) {
  const frames = new Inbox();
  const closed = new Inbox();
  // No compression, so that a large frame is large.
  const socket = new WebSocket(BASE + path, protocols, { perMessageDeflate: false });
  socket.on("message", (data, isBinary) => frames.add(isBinary ? data : data.toString()));
  socket.on("close", (code, reason) => closed.add({ code, reason: reason.toString() }));
  await new Promise((opened, failed) => socket.on("open", opened).on("error", failed));
  return { socket, frames, closed };
}

/** A session by JSON-RPC, which has been welcomed. */
async function session(path) {
  const { socket, frames, closed } = await connect(path, "sandgate.v1");
  assert.equal(socket.protocol, "sandgate.v1");
  const messages = new Inbox();
  const welcome = JSON.parse(await frames.next("welcome"));
  assert.equal(welcome.method, "welcome");
  frames.add = (frame) => messages.add(JSON.parse(frame));
  const ask = (id, method, params) => socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  return { socket, messages, closed, ask, welcome: welcome.params };
}

/** What an entry of everyone's channel says, in short. */
function everyone(messages) {
  const entries = messages.filter(({ params }) => params?.channel === "everyone");
  return entries.map(({ method, params }) => [method, params.message ?? params.value]);
}

const isOutputForEveryone = ({ method, params }) => method === "output" && params.channel === "everyone";

async function countdownReachesEveryone() {
  const starter = await session("/ws/countdown");
  const silent = await session("/ws/countdown");
  const elsewhere = await session("/ws/greeting");
  starter.ask(1, "start", { input: { a: 3 } });
  const seen = await silent.messages.until(isOutputForEveryone, "the output");
  const fell = [["push", 3], ["push", 2], ["push", 1], ["output", 0]];
  assert.deepEqual(everyone(seen), fell);
  const own = await starter.messages.until(isOutputForEveryone, "the output");
  assert.equal(own[0].id, 1, "the answer comes before anything that the run says");
  assert.deepEqual(everyone(own), fell);
  const offsets = seen.map(({ params }) => params.offset);
  assert.deepEqual(offsets, offsets.map((_, index) => offsets[0] + index), "offsets have no holes");
  elsewhere.ask(2, "start", { input: {} });
  assert.equal((await elsewhere.messages.next("the answer")).id, 2, "nobody on another flow was told");
  for (const { socket } of [starter, silent, elsewhere]) socket.close();
}

async function greetingReachesOneClient() {
  const ann = await session("/ws/greeting?client=ann");
  const bob = await session("/ws/greeting?client=bob");
  assert.equal(bob.welcome.client, "bob");
  ann.ask(1, "run", { input: { client: "bob", name: "Bob" } });
  const { method, params } = await bob.messages.next("the greeting");
  assert.deepEqual([method, params.channel, params.message], ["push", "client:bob", "Hello, Bob!"]);
  const answer = await ann.messages.next("the answer");
  assert.equal(answer.id, 1, "only the client that is greeted is told");
  ann.ask(2, "run", { input: { client: "nobody" } });
  const { error } = await ann.messages.next("the error");
  assert.equal(error.data.node, "greet");
  assert.match(error.message, /greeting.*greet.*nobody/);
  ann.socket.close();
  bob.socket.close();
}

async function broadcastReachesEveryone() {
  const sessions = await Promise.all(["ann", "bob", "cleo"].map((id) => session(`/ws/broadcast?client=${id}`)));
  sessions[0].ask(1, "run", { input: { from: "Ann", text: "good morning" } });
  for (const { messages } of sessions) {
    const { params } = await messages.next("the broadcast");
    assert.deepEqual(params.message, { from: "Ann", text: "good morning" });
  }
  sessions.forEach(({ socket }) => socket.close());
}

async function echoKeepsOpcodes() {
  const one = await connect("/ws/echo");
  const other = await connect("/ws/echo");
  for (const message of ["hello, 世界", "", Buffer.from([0, 1, 255]), Buffer.alloc(0), Buffer.alloc(MEBIBYTE, 7)]) {
    one.socket.send(message);
    assert.deepEqual(await one.frames.next("the echo"), message);
  }
  other.socket.send("mine");
  assert.equal(await other.frames.next("the echo"), "mine", "only the caller is replied to");
  one.socket.close();
  other.socket.close();
}

async function unknownFlowIsClosed() {
  const { closed } = await connect("/ws/nothing");
  const { code, reason } = await closed.next("the close");
  assert.equal(code, 4004);
  assert.match(reason, /nothing/);
}

async function badFramesHarmNothing() {
  const { socket, messages, ask } = await session("/ws/greeting");
  socket.send("{");
  assert.equal((await messages.next("the error")).error.code, -32700);
  socket.send("[]");
  assert.equal((await messages.next("the error")).error.code, -32600);
  socket.send(Buffer.from([1]));
  assert.match((await messages.next("the error")).error.message, /binary/);
  ask(1, "dance", {});
  assert.match((await messages.next("the error")).error.message, /dance/);
  ask(2, "run", { input: { client: 7 } });
  assert.match((await messages.next("the error")).error.message, /greeting.*client.*7/);
  socket.close();
}

await countdownReachesEveryone();
await greetingReachesOneClient();
await broadcastReachesEveryone();
await echoKeepsOpcodes();
await unknownFlowIsClosed();
await badFramesHarmNothing();
console.log("ws: ok");
