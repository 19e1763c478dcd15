// Each entry comes once and in order, across losses, and what is gone is said.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../dist/client.js";
import { CLIENT, EVERYONE, Host, OWN, START } from "./host.mjs";

const LONG_MS = 60_000;
const at = (offset, epoch = "e1") => ({ ...START, [EVERYONE]: { epoch, offset } });

/** A client and its host. `told` has the offsets of pushes, and gaps as `gap EPOCH FROM-TO`. */
function meet(t, options) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const host = new Host();
  const client = connect("ws://host/ws/countdown", { WebSocket: host.WebSocket, ...options });
  const told = [];
  client.on("push", ({ offset }) => told.push(offset));
  client.on("gap", ({ epoch, from, to }) => told.push(`gap ${epoch} ${from}-${to}`));
  t.after(() => client.close());
  const back = (positions) => {
    t.mock.timers.tick(LONG_MS);
    host.socket.welcome(positions);
    return host.socket;
  };
  return { host, client, told, back };
}

/** As `meet`, after the pushes 1 and 2 and a loss. */
function meetAndLose(t) {
  const met = meet(t);
  met.host.socket.welcome();
  met.host.socket.push(1);
  met.host.socket.push(2);
  met.host.socket.lose();
  return met;
}

test("a client that lets the host choose its id starts live", (t) => {
  const { host, client } = meet(t);
  host.socket.welcome();
  assert.equal(host.socket.client, null);
  assert.deepEqual(host.socket.sent, []);
  assert.equal(client.state.name, "live");
  assert.equal(client.welcome.client, CLIENT);
});

test("a client that was named says at once that it missed nothing, and need not be waited for", (t) => {
  const { host, client } = meet(t, { client: "ann" });
  host.socket.welcome(at(7));
  assert.deepEqual(host.socket.sent.map(({ method, params }) => [method, params]), [["resume", { positions: at(7) }]]);
  assert.equal(client.state.name, "connecting");
  host.socket.resumed();
  assert.equal(client.state.name, "live");
});

test("who comes back is the same client, and says first where it was", (t) => {
  const { client, told, back } = meetAndLose(t);
  const socket = back(at(4));
  assert.equal(socket.client, CLIENT);
  assert.deepEqual(socket.sent, [{ jsonrpc: "2.0", id: "resume", method: "resume", params: { positions: at(2) } }]);
  socket.push(3);
  socket.push(4);
  assert.equal(client.state.name, "connecting");
  socket.resumed();
  socket.push(5);
  assert.deepEqual(told, [1, 2, 3, 4, 5]);
  assert.equal(client.state.name, "live");
});

test("positions that were kept let a later client go on", (t) => {
  const { host, told } = meet(t, { client: "ann", positions: at(2) });
  host.socket.welcome(at(3));
  assert.deepEqual(host.socket.sent[0].params.positions, at(2));
  host.socket.push(3);
  host.socket.resumed();
  assert.deepEqual(told, [3]);
});

test("positions of channels that the host does not have are forgotten", (t) => {
  const { host } = meet(t, { client: "ann", positions: { ...at(2), "client:bob": { epoch: "c1", offset: 1 } } });
  host.socket.welcome(at(2));
  assert.deepEqual(host.socket.sent[0].params.positions, at(2));
});

test("a host whose data were set back is followed from where it is", (t) => {
  const { told, back } = meetAndLose(t);
  const socket = back(at(1));
  assert.deepEqual(socket.sent[0].params.positions, at(1));
  socket.resumed();
  socket.push(2);
  assert.deepEqual(told, [1, 2, 2]);
});

test("an entry that was had is not told again", (t) => {
  const { told, back } = meetAndLose(t);
  const socket = back(at(3));
  for (const offset of [1, 2, 3, 3]) socket.push(offset);
  socket.resumed();
  socket.push(3);
  assert.deepEqual(told, [1, 2, 3]);
});

test("a hole ends the session, and what is missing is asked for", (t) => {
  const { host, client, told, back } = meet(t);
  host.socket.welcome();
  host.socket.push(1);
  host.socket.push(3);
  assert.deepEqual([client.state.name, client.state.reason], ["reconnecting", "an entry is missing"]);
  const socket = back(at(3));
  assert.equal(socket.sent[0].params.positions[EVERYONE].offset, 1);
  for (const offset of [2, 3]) socket.push(offset);
  socket.resumed();
  assert.deepEqual(told, [1, 2, 3]);
});

test("what another epoch has is a hole as well, unless that was said", (t) => {
  const { host, client } = meet(t);
  host.socket.welcome();
  host.socket.push(1, { epoch: "e2" });
  assert.equal(client.state.name, "reconnecting");
});

test("channels have their own offsets", (t) => {
  const { host, told } = meet(t);
  host.socket.welcome();
  host.socket.push(1);
  host.socket.push(1, { channel: OWN, epoch: "c1" });
  host.socket.push(2);
  assert.deepEqual(told, [1, 1, 2]);
});

test("entries that are gone are told as a gap, and the next is taken", (t) => {
  const { client, told, back } = meetAndLose(t);
  const socket = back(at(9));
  socket.tell("gap", { channel: EVERYONE, epoch: "e1", from: 3, to: 8 });
  socket.push(9);
  socket.resumed();
  socket.push(10);
  assert.deepEqual(told, [1, 2, "gap e1 3-8", 9, 10]);
  assert.deepEqual(client.positions, at(10));
});

test("a new epoch begins with its first entry", (t) => {
  const { told, back } = meetAndLose(t);
  const socket = back(at(1, "e2"));
  socket.tell("gap", { channel: EVERYONE, epoch: "e1", from: 3, to: null });
  socket.push(1, { epoch: "e2" });
  socket.resumed();
  assert.deepEqual(told, [1, 2, "gap e1 3-null", 1]);
});

test("or after a gap of its own", (t) => {
  const { client, told, back } = meetAndLose(t);
  const socket = back(at(5, "e2"));
  socket.tell("gap", { channel: EVERYONE, epoch: "e1", from: 3, to: null });
  socket.tell("gap", { channel: EVERYONE, epoch: "e2", from: 1, to: 4 });
  socket.push(5, { epoch: "e2" });
  socket.resumed();
  assert.deepEqual(told, [1, 2, "gap e1 3-null", "gap e2 1-4", 5]);
  assert.deepEqual(client.positions, at(5, "e2"));
});

test("an epoch that goes on does not turn", (t) => {
  const { client, back } = meetAndLose(t);
  const socket = back(at(2));
  socket.tell("gap", { channel: EVERYONE, epoch: "e1", from: 3, to: null });
  assert.deepEqual(client.positions, at(2));
});

test("a loss while an epoch turns is not told as a second gap", (t) => {
  const { told, back } = meetAndLose(t);
  const socket = back(at(0, "e2"));
  socket.tell("gap", { channel: EVERYONE, epoch: "e1", from: 3, to: null });
  socket.lose();
  const next = back(at(1, "e2"));
  assert.deepEqual(next.sent[0].params.positions, at(0, "e2"));
  next.push(1, { epoch: "e2" });
  next.resumed();
  assert.deepEqual(told, [1, 2, "gap e1 3-null", 1]);
});

test("what comes before the answer to a resume that was late waits for its turn", (t) => {
  const { told, back } = meetAndLose(t);
  const socket = back(at(3));
  socket.push(4);
  socket.push(3);
  assert.deepEqual(told, [1, 2, 3]);
  socket.resumed();
  socket.push(5);
  assert.deepEqual(told, [1, 2, 3, 4, 5]);
});

test("a resume that is refused leaves a gap up to where the host was", (t) => {
  const { client, told, back } = meetAndLose(t);
  const socket = back(at(4));
  socket.push(5);
  socket.refuse("resume", { code: -32602, message: "too late" });
  assert.deepEqual(told, [1, 2, "gap e1 3-4", 5]);
  assert.equal(client.state.name, "live");
});

test("also one whose epoch is another", (t) => {
  const { told, back } = meetAndLose(t);
  const socket = back(at(2, "e2"));
  socket.refuse("resume", { code: -32601, message: "no such method" });
  socket.push(3, { epoch: "e2" });
  assert.deepEqual(told, [1, 2, "gap e1 3-null", "gap e2 1-2", 3]);
});

test("an answer that is an entry counts as one", async (t) => {
  const { host, client, told } = meet(t);
  host.socket.welcome();
  const run = client.run({});
  const position = { channel: OWN, epoch: "c1", offset: 1 };
  host.socket.answer(1, { run: "r", output: 0, ...position });
  host.socket.push(2, { channel: OWN, epoch: "c1" });
  assert.deepEqual(await run, { run: "r", output: 0, ...position });
  const failed = client.run({});
  host.socket.refuse(2, { code: -32000, message: "it failed", data: { run: "q", ...position, offset: 3 } });
  host.socket.push(4, { channel: OWN, epoch: "c1" });
  await assert.rejects(failed, /it failed/);
  assert.deepEqual(told, [2, 4]);
});
