// Who listens is told, as long as they want to be.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../dist/client.js";
import { EVERYONE, Host } from "./host.mjs";

function meet(t) {
  const host = new Host();
  const client = connect("ws://host/ws/countdown", { WebSocket: host.WebSocket });
  t.after(() => client.close());
  host.socket.welcome();
  return { socket: host.socket, client };
}

const entry = { channel: EVERYONE, epoch: "e1", run: "r" };

test("each event has the parameters of the protocol", (t) => {
  const { socket, client } = meet(t);
  const told = [];
  for (const type of ["push", "output", "failed", "gap"]) client.on(type, (event) => told.push([type, event]));
  const said = [
    ["push", { ...entry, offset: 1, message: 3 }],
    ["output", { ...entry, offset: 2, value: 0 }],
    ["failed", { ...entry, offset: 3, error: { code: -32000, message: "it failed" } }],
    ["gap", { channel: EVERYONE, epoch: "e1", from: 4, to: 6 }],
  ];
  for (const [type, params] of said) socket.tell(type, params);
  assert.deepEqual(told, said);
});

test("a listener that was removed is not told", (t) => {
  const { socket, client } = meet(t);
  const [kept, byOff, byReturn, bySignal] = Array.from({ length: 4 }, () => t.mock.fn());
  const controller = new AbortController();
  const released = t.mock.method(controller.signal, "removeEventListener");
  client.on("push", kept);
  client.on("push", kept);
  client.on("push", byOff);
  client.on("push", bySignal, { signal: controller.signal });
  client.on("push", t.mock.fn(), { signal: AbortSignal.abort() });
  const remove = client.on("push", byReturn);
  socket.push(1);
  client.off("push", byOff);
  remove();
  controller.abort();
  socket.push(2);
  assert.deepEqual([kept, byOff, byReturn, bySignal].map((it) => it.mock.callCount()), [2, 1, 1, 1]);
  assert.equal(released.mock.callCount(), 1, "the signal holds nothing any more");
});

test("a listener that is added again belongs to the last signal that it was added with", (t) => {
  const { socket, client } = meet(t);
  const listener = t.mock.fn();
  const controller = new AbortController();
  client.on("push", listener, { signal: controller.signal });
  client.on("push", listener);
  controller.abort();
  socket.push(1);
  assert.equal(listener.mock.callCount(), 1);
});

test("a listener that another removes is not told of the same event", (t) => {
  const { socket, client } = meet(t);
  const second = t.mock.fn();
  client.on("push", () => client.off("push", second));
  client.on("push", second);
  socket.push(1);
  assert.equal(second.mock.callCount(), 0);
});

test("a listener that throws keeps nobody else from the event, and is told as uncaught", (t) => {
  const { socket, client } = meet(t);
  const uncaught = t.mock.method(globalThis, "queueMicrotask", () => {});
  const other = t.mock.fn();
  client.on("push", () => assert.fail("a fault of the page"));
  client.on("push", other);
  socket.push(1);
  socket.push(2);
  assert.equal(other.mock.callCount(), 2);
  assert.throws(uncaught.mock.calls[0].arguments[0], /a fault of the page/);
});

test("what a later host says is passed over", (t) => {
  const { socket, client } = meet(t);
  socket.tell("presence", { client: "bob" });
  socket.push(1, { channel: "group:a", epoch: "g" });
  socket.push(1);
  assert.equal(client.state.name, "live");
});

test("what is not JSON-RPC ends it, with what to use instead", async (t) => {
  const { socket, client } = meet(t);
  const run = client.run();
  socket.receive("hello");
  assert.deepEqual([client.state.name, client.state.code], ["closed", 1002]);
  await assert.rejects(run, /not JSON-RPC.*connectRaw/);
});

test("nor does a welcome do that is none", (t) => {
  const { socket, client } = meet(t);
  socket.tell("welcome", { client: "ann" });
  assert.deepEqual([client.state.name, client.state.reason], ["closed", "what the host sent as its welcome is none"]);
});

test("frames are told as they went", (t) => {
  const { socket, client } = meet(t);
  const frames = [];
  client.on("frame", ({ direction, data }) => frames.push([direction, JSON.parse(data).method]));
  client.cancel("r");
  socket.push(1);
  assert.deepEqual(frames, [["sent", "cancel"], ["received", "push"]]);
});
