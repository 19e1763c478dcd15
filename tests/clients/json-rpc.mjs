// The countdown through the JSON-RPC library `json-rpc-2.0`: node json-rpc.mjs http://127.0.0.1:8080

import assert from "node:assert/strict";
import { JSONRPCClient, JSONRPCServer, JSONRPCServerAndClient } from "json-rpc-2.0";
import WebSocket from "ws";
import { Inbox } from "./inbox.mjs";

const NOTIFICATIONS = ["welcome", "push", "output", "failed"];

/** The library over a WebSocket, and what it is notified of. */
async function connect(flow) {
  const socket = new WebSocket(`${process.argv[2].replace(/^http/, "ws")}/ws/${flow}`);
  const rpc = new JSONRPCServerAndClient(
    new JSONRPCServer(),
    new JSONRPCClient((request) => socket.send(JSON.stringify(request))),
  );
  const told = new Inbox();
  for (const method of NOTIFICATIONS) rpc.addMethod(method, (params) => told.add({ method, ...params }));
  socket.on("message", (data) => rpc.receiveAndSend(JSON.parse(data)));
  await new Promise((opened, failed) => socket.on("open", opened).on("error", failed));
  return { socket, rpc, told };
}

async function runAnswersWithTheOutput({ rpc, told }) {
  const { run, output } = await rpc.request("run", { input: { a: 2 } });
  assert.equal(output, 0);
  const entries = await told.until(({ method }) => method === "output", "the output");
  const pushes = entries.filter(({ method, run: of }) => method === "push" && of === run);
  assert.deepEqual(pushes.map(({ message }) => message), [2, 1]);
}

async function cancelEndsARun({ rpc, told }) {
  const { run } = await rpc.request("start", { input: { a: 1000 } });
  await told.until(({ method }) => method === "push", "the first push");
  assert.equal((await rpc.request("cancel", { run })).run, run);
  const failed = (await told.until(({ method }) => method === "failed", "the cancellation")).at(-1);
  assert.equal(failed.run, run);
  assert.match(failed.error.message, /cancelled/);
}

async function errorsAreErrors({ rpc }) {
  const wrong = (method, params) => rpc.request(method, params).then(assert.fail, (error) => error);
  const unfit = await wrong("run", { input: { a: -1 } });
  assert.equal(unfit.code, -32602);
  assert.equal(unfit.data.flow, "countdown");
  assert.equal(unfit.data.problems.length, 1);
  assert.equal((await wrong("dance", {})).code, -32601);
  assert.equal((await wrong("cancel", { run: "00000000-0000-7000-8000-000000000000" })).code, -32003);
}

const connection = await connect("countdown");
await runAnswersWithTheOutput(connection);
await cancelEndsARun(connection);
await errorsAreErrors(connection);
connection.socket.close();
console.log("json-rpc: ok");
