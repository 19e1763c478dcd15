// The client library while the daemon is killed and started again, and a while longer: node sdk/crash.mjs http://127.0.0.1:8080
//
// Says `counting` when two runs are under way, and then waits for the daemon to be killed and started again.

import assert from "node:assert/strict";
import WebSocket from "ws";
import { connect } from "../../../sdk/client-js/dist/client.js";
import { Inbox } from "../inbox.mjs";

const ADDRESS = `${process.argv[2]}/ws/countdown`;
// Nobody listens there.
const NOWHERE = "ws://127.0.0.1:1";

let isAway = false;

/** A WebSocket that reaches nobody while the client is to be away. */
class Sometimes extends WebSocket {
  constructor(address, protocol) {
    super(isAway ? NOWHERE : address, protocol);
  }
}

const client = connect(ADDRESS, { WebSocket: Sometimes, retryMsMax: 100 });
const onlooker = connect(ADDRESS, { WebSocket, retryMsMax: 100 });
const [told, seen] = [new Inbox(), new Inbox()];
onlooker.on("push", (event) => seen.add(event));
for (const type of ["push", "output", "failed", "gap", "state"]) client.on(type, (event) => told.add({ type, ...event }));
const isState = (wanted) => ({ type, name }) => type === "state" && name === wanted;

await told.until(isState("live"), "the connection");
const { client: id, session } = client.welcome;
const ran = client.run({ a: 3 });
const { run } = await client.start({ a: 4 });
const before = await told.until((event) => event.type === "push" && event.run === run, "the first push");
isAway = true;
console.log("counting");
const lost = await told.until(isState("reconnecting"), "the loss");
await seen.until((event) => event.run === run && event.message === 2, "a push that the client misses");
isAway = false;
const asked = client.run({ a: 0 });
const missed = await told.until(isState("live"), "the connection");
assert.equal(client.welcome.client, id, "it is the same client");
assert.notEqual(client.welcome.session, session);
assert.equal((await asked).output, 0, "what was asked meanwhile is answered");
const answer = await ran;
assert.equal(answer.output, 0, "and what was asked before");
const after = await told.until(({ type, run: of }) => type === "output" && of === run, "the output");
const all = [...before, ...lost, ...missed, ...after];
const of = (run) => all.filter((event) => event.run === run && event.type === "push").map(({ message }) => message);
assert.deepEqual(of(run), [4, 3, 2, 1], "each number came once");
assert.deepEqual(of(answer.run), [3, 2, 1], "of the other run too: it was started once");
assert.deepEqual(new Set(all.filter(({ type }) => type === "push").map(({ run }) => run)), new Set([run, answer.run]));
assert.deepEqual(all.filter(({ type }) => type === "gap" || type === "failed"), []);
client.close();
onlooker.close();
console.log("crash: ok");
