// A connection that is lost comes back, later each time, unless there is no point.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ClosedError, connect, connectRaw } from "../dist/client.js";
import { Host } from "./host.mjs";

const ADDRESS = "ws://host/ws/countdown";
const HOUR_MS = 3_600_000;

/** A client and its host, in a time that stands still. `random` is what chance gives. */
function meet(t, { random = 1, ...options } = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  t.mock.method(Math, "random", () => random);
  const host = new Host();
  const client = connect(ADDRESS, { WebSocket: host.WebSocket, ...options });
  const states = [];
  client.on("state", (state) => states.push(state));
  t.after(() => client.close());
  return { host, client, states, pass: (ms) => t.mock.timers.tick(ms) };
}

/** The pauses that a client made, in milliseconds. */
function lose({ host, states, pass }, times) {
  return Array.from({ length: times }, () => {
    host.socket.lose();
    const pause = states.at(-1).at - Date.now();
    pass(pause);
    return pause;
  });
}

test("pauses double up to the longest", (t) => {
  const met = meet(t, { retryMsMin: 100, retryMsMax: 1_000 });
  assert.deepEqual(lose(met, 6), [100, 200, 400, 800, 1_000, 1_000]);
  assert.equal(met.host.sockets.length, 7);
});

test("chance makes a pause anything down to none", (t) => {
  assert.deepEqual(lose(meet(t, { random: 0 }), 3), [0, 0, 0]);
});

test("a loss is told with its reason and the next attempt", (t) => {
  const { host, states } = meet(t, { random: 0.5, retryMsMin: 100 });
  host.socket.lose(4002, "too slow");
  const at = new Date(Date.now() + 50);
  assert.deepEqual(states, [{ name: "reconnecting", attempt: 1, at, code: 4002, reason: "too slow" }]);
});

test("pauses begin anew after a connection that was stable, and only then", (t) => {
  const met = meet(t, { retryMsMin: 100 });
  lose(met, 3);
  met.host.socket.welcome();
  met.pass(4_999);
  assert.deepEqual(lose(met, 1), [800]);
  met.host.socket.welcome();
  met.host.socket.resumed();
  met.pass(5_000);
  assert.deepEqual(lose(met, 2), [100, 200]);
});

for (const code of [1000, 1001, 1006, 1011, 1012, 1013, 4002]) {
  test(`code ${code} is no reason to give up`, (t) => {
    const { host, client, pass } = meet(t);
    host.socket.lose(code);
    assert.equal(client.state.name, "reconnecting");
    pass(HOUR_MS);
    assert.ok(host.sockets.length > 1);
  });
}

const ADVICE = { 1002: /connectRaw/, 1003: /connect anew/, 1008: /client id/, 4001: /credentials/, 4004: /api\/v1\/flows/ };

for (const [code, advice] of Object.entries(ADVICE).map(([code, advice]) => [Number(code), advice])) {
  test(`code ${code} is, and says what to do`, async (t) => {
    const { host, client, states, pass } = meet(t);
    const waiting = client.run({});
    host.socket.lose(code, "because");
    assert.deepEqual(states, [{ name: "closed", code, reason: "because" }]);
    const error = await waiting.catch((error) => error);
    assert.ok(error instanceof ClosedError);
    assert.deepEqual([error.code, error.reason], [code, "because"]);
    assert.match(error.message, /because/);
    assert.match(error.message, advice);
    pass(HOUR_MS);
    assert.equal(host.sockets.length, 1);
  });
}

test("a host that says nothing is given up", (t) => {
  const { host, client, pass } = meet(t);
  host.socket.open();
  pass(9_999);
  assert.equal(client.state.name, "connecting");
  pass(1);
  assert.match(client.state.reason, /nothing within 10000 ms/);
  assert.ok(host.sockets[0].closedBy);
});

test("one that takes long to tell what was missed is not", (t) => {
  const { host, client, pass } = meet(t, { client: "ann" });
  host.socket.welcome();
  pass(HOUR_MS);
  host.socket.resumed();
  assert.equal(client.state.name, "live");
});

test("closing what is closed changes nothing", (t) => {
  const { host, client } = meet(t);
  host.socket.lose(4004, "no such flow");
  client.close();
  assert.equal(client.state.code, 4004);
});

test("what an abandoned connection says later is not heard", (t) => {
  const { host, client, pass } = meet(t);
  const [first] = host.sockets;
  pass(10_000);
  pass(15_000);
  first.welcome();
  first.lose(4004);
  assert.equal(client.welcome, undefined);
  assert.equal(client.state.name, "connecting");
});

test("an address may be relative, or of HTTP", (t) => {
  const host = new Host();
  const clients = [connect("https://host/ws/a?x=1#here", { WebSocket: host.WebSocket, client: "ä n" })];
  globalThis.location = { href: "http://host:8080/shop/page" };
  t.after(() => (delete globalThis.location, clients.forEach((client) => client.close())));
  clients.push(connect("/ws/a", { WebSocket: host.WebSocket }));
  const addresses = host.sockets.map(({ address }) => address.href);
  assert.deepEqual(addresses, ["wss://host/ws/a?x=1&client=%C3%A4+n", "ws://host:8080/ws/a"]);
  assert.equal(host.socket.protocol, "sandgate.v1");
});

test("what cannot be connected to is said at once", () => {
  const { WebSocket } = new Host();
  assert.throws(() => connect("/ws/a", { WebSocket }), /no address: write it as ws:/);
  assert.throws(() => connect("ftp://host/ws/a", { WebSocket }), /no address of a flow/);
  assert.throws(() => connect(ADDRESS, { WebSocket, positions: {} }), /pass its id as `client`/);
});

test("without a global WebSocket the error says where to get one", (t) => {
  const { WebSocket } = globalThis;
  delete globalThis.WebSocket;
  t.after(() => WebSocket && (globalThis.WebSocket = WebSocket));
  assert.throws(() => connect(ADDRESS), /connect\(address, \{ WebSocket \}\), from the package "ws"/);
});

test("a raw client sends and receives as it is, and comes back", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const host = new Host();
  const client = connectRaw("ws://host/ws/echo", { WebSocket: host.WebSocket });
  const messages = [];
  client.on("message", (message) => messages.push(message));
  assert.equal(client.send("too early"), false);
  host.socket.open();
  assert.equal(client.send("hello"), true);
  host.socket.receive("hello");
  host.socket.lose(1011, "the run failed");
  t.mock.timers.tick(HOUR_MS);
  host.socket.open();
  host.socket.receive("again");
  assert.deepEqual(messages, ["hello", "again"]);
  client.close();
  assert.deepEqual(client.state, { name: "closed", code: 1000, reason: "" });
});
