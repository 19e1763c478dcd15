// Requests are answered once, whatever becomes of the connection meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ClosedError, connect, ErrorCode, RequestError } from "../dist/client.js";
import { Host } from "./host.mjs";

const LONG_MS = 60_000;

function meet(t, options) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const host = new Host();
  const client = connect("ws://host/ws/countdown", { WebSocket: host.WebSocket, ...options });
  t.after(() => client.close());
  const back = () => {
    t.mock.timers.tick(LONG_MS);
    host.socket.welcome();
    host.socket.resumed();
  };
  return { host, client, back };
}

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

/** What was asked of the host in this session, apart from resuming. */
const asked = ({ socket }) => socket.sent.filter(({ method }) => method !== "resume");

test("a request waits for the connection", async (t) => {
  const { host, client } = meet(t);
  const started = client.start({ a: 3 }, { key: "mine" });
  host.socket.open();
  assert.deepEqual(host.socket.sent, []);
  host.socket.welcome();
  const params = { input: { a: 3 }, key: "mine" };
  assert.deepEqual(host.socket.sent, [{ jsonrpc: "2.0", id: 1, method: "start", params }]);
  host.socket.answer(1, { run: "r" });
  assert.deepEqual(await started, { run: "r" });
});

test("what is not answered is asked again with its key, in order, once the client is back", async (t) => {
  const { host, client, back } = meet(t);
  host.socket.welcome();
  const answered = client.start();
  const [run, start, cancel] = [client.run({ a: 1 }), client.start({ a: 2 }), client.cancel("r")];
  host.socket.answer(1, { run: "first" });
  const [, ...before] = asked(host);
  host.socket.lose();
  const waited = client.start({ a: 3 }, { key: "later" });
  back();
  const { input, key } = asked(host).at(-1).params;
  assert.deepEqual([input, key], [{ a: 3 }, "later"]);
  assert.deepEqual(asked(host).slice(0, -1), before);
  for (const { id } of asked(host)) host.socket.answer(id, { of: id });
  const answers = await Promise.all([answered, run, start, cancel, waited]);
  assert.deepEqual(answers, [{ run: "first" }, { of: 2 }, { of: 3 }, { of: 4 }, { of: 5 }]);
  host.socket.lose();
  back();
  assert.deepEqual(asked(host), []);
});

test("nothing is asked while the client resumes", (t) => {
  const { host, client } = meet(t);
  host.socket.welcome();
  host.socket.lose();
  t.mock.timers.tick(LONG_MS);
  host.socket.welcome();
  client.start();
  assert.deepEqual(host.socket.sent.map(({ method }) => method), ["resume"]);
  host.socket.resumed();
  assert.deepEqual(host.socket.sent.map(({ method }) => method), ["resume", "start"]);
});

test("each request has a key of its own", (t) => {
  const { host, client } = meet(t);
  host.socket.welcome();
  for (let count = 0; count < 3; count++) client.start();
  const keys = asked(host).map(({ params }) => params.key);
  assert.equal(new Set(keys).size, 3);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});

test("an error has the host's code, message and data", async (t) => {
  const { host, client } = meet(t);
  host.socket.welcome();
  const run = client.run({ a: -1 });
  host.socket.refuse(1, { code: -32602, message: "it does not fit", data: { problems: [] } });
  const error = await run.catch((error) => error);
  assert.ok(error instanceof RequestError);
  assert.deepEqual([error.code, error.message, error.data], [ErrorCode.InvalidParams, "it does not fit", { problems: [] }]);
});

test("what is no JSON is not sent", async (t) => {
  const { host, client } = meet(t);
  host.socket.welcome();
  await assert.rejects(client.run({ a: 3n }), TypeError);
  assert.deepEqual(asked(host), []);
});

test("a request lets go of its signal", async (t) => {
  const { host, client } = meet(t);
  host.socket.welcome();
  const { signal } = withAbort();
  const removed = t.mock.method(signal, "removeEventListener");
  const started = client.start({}, { signal });
  host.socket.answer(1, { run: "r" });
  await started;
  assert.equal(removed.mock.callCount(), 1);
});

test("who aborts does not wait any more", async (t) => {
  const { host, client, back } = meet(t);
  const aborted = AbortSignal.abort(new Error("never mind"));
  await assert.rejects(client.run({}, { signal: aborted }), /never mind/);
  const { signal, abort } = withAbort();
  const run = client.run({}, { signal });
  abort(new Error("too long"));
  await assert.rejects(run, /too long/);
  host.socket.welcome();
  host.socket.lose();
  back();
  assert.deepEqual(asked(host), []);
});

test("a request that is too large is refused, and the others are asked again", async (t) => {
  const { host, client, back } = meet(t);
  host.socket.welcome();
  const [small, large] = [client.start({ text: "a" }), client.start({ text: "a".repeat(100) })];
  host.socket.lose(1009, "message_bytes_max is 64");
  await assert.rejects(large, /larger than the host takes: message_bytes_max is 64/);
  back();
  assert.deepEqual(asked(host).map(({ id }) => id), [1]);
  host.socket.answer(1, { run: "r" });
  assert.deepEqual(await small, { run: "r" });
});

test("closing settles everything, and says so to nobody who does not ask", async (t) => {
  const unhandled = t.mock.fn();
  process.on("unhandledRejection", unhandled);
  t.after(() => process.off("unhandledRejection", unhandled));
  const { host, client } = meet(t);
  host.socket.welcome();
  const states = [];
  client.on("state", ({ name }) => states.push(name));
  const run = client.run();
  client.start();
  host.socket.lose();
  client.close();
  client.close();
  await assert.rejects(run, (error) => error instanceof ClosedError && /connect anew/.test(error.message));
  await assert.rejects(client.run(), ClosedError);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(unhandled.mock.callCount(), 0);
  assert.deepEqual(states, ["reconnecting", "closed"]);
  t.mock.timers.tick(LONG_MS);
  assert.equal(host.sockets.length, 1);
});

test("closing when it is told of an attempt stops that", (t) => {
  const { host, client } = meet(t);
  client.on("state", ({ name }) => name === "connecting" && client.close());
  host.socket.lose();
  t.mock.timers.tick(LONG_MS);
  assert.equal(client.state.name, "closed");
  assert.equal(host.sockets.length, 1);
});

for (const [type, happens] of Object.entries({
  welcome: (socket) => socket.welcome(),
  push: (socket) => (socket.welcome(), socket.push(1), socket.push(3)),
  frame: (socket) => socket.welcome(),
})) {
  test(`closing when a ${type} is told is the end`, (t) => {
    const { host, client } = meet(t);
    const states = [];
    client.on("state", ({ name }) => states.push(name));
    client.on(type, () => client.close());
    happens(host.socket);
    assert.equal(client.state.name, "closed");
    assert.equal(states.at(-1), "closed");
  });
}

test("closing when a frame is told is the end, also if the frame is a fault", (t) => {
  const { host, client } = meet(t);
  host.socket.welcome();
  client.on("frame", () => client.close());
  host.socket.push(2);
  assert.equal(client.state.name, "closed");
});

test("a signal closes the client, now or later", (t) => {
  const host = new Host();
  const { signal, abort } = withAbort();
  const later = connect("ws://host/ws/a", { WebSocket: host.WebSocket, signal });
  const removed = t.mock.method(signal, "removeEventListener");
  abort();
  assert.equal(later.state.name, "closed");
  assert.equal(removed.mock.callCount(), 1);
  const never = connect("ws://host/ws/a", { WebSocket: host.WebSocket, signal });
  assert.equal(never.state.name, "closed");
  assert.equal(host.sockets.length, 1);
});
