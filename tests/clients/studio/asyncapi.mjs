// Whether what is said of each flow's interface is AsyncAPI, and so of what the host sends: node studio/asyncapi.mjs http://127.0.0.1:8080

import assert from "node:assert/strict";
import { Parser } from "@asyncapi/parser";
import Ajv from "ajv";
import WebSocket from "ws";

const [url] = process.argv.slice(2);
const parser = new Parser();
const { flows } = await (await fetch(`${url}/api/v1/flows`)).json();
assert.ok(flows.length >= 4);

for (const { flow } of flows) {
  const text = await (await fetch(`${url}/api/v1/flows/${flow}/asyncapi.json`)).text();
  const { document, diagnostics } = await parser.parse(text);
  const errors = diagnostics.filter(({ severity }) => severity === 0).map(({ message, path }) => `${path.join(".")}: ${message}`);
  assert.deepEqual(errors, [], flow);
  assert.equal(document.version(), "3.0.0");
  // Examples are what they are examples of.
  for (const [name, { payload, examples }] of Object.entries(JSON.parse(text).components.messages)) {
    for (const example of examples) fits(payload, example.payload, `${flow} ${name}`);
  }
}

function fits(schema, value, what) {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  assert.ok(validate(value), `${what}: ${JSON.stringify(validate.errors)}`);
}

// What the host really sends in a run is what is said of it.
const { components } = await (await fetch(`${url}/api/v1/flows/countdown/asyncapi.json`)).json();
const socket = new WebSocket(`${url.replace(/^http/, "ws")}/ws/countdown`, "sandgate.v1");
const seen = new Set();
await new Promise((resolve, reject) => {
  socket.on("error", reject);
  socket.on("message", (data) => {
    const message = JSON.parse(data);
    const name = message.method ?? (message.error ? "refused" : message.id === 1 ? "ran" : "started");
    fits(components.messages[name].payload, message, name);
    seen.add(name);
    if (name === "welcome") {
      const ask = (id, method, params) => socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
      ask(3, "cancel", { run: "01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd" });
      ask(2, "start", { input: { a: 0 } });
      ask(1, "run", { input: { a: 1 } });
    }
    if (name === "ran") resolve();
  });
});
socket.close();
assert.deepEqual([...seen].sort(), ["output", "push", "ran", "refused", "started", "welcome"]);
console.log("asyncapi: ok");
