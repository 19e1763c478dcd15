// A page as its author would write it, with the package and the types that `sandgate types countdown` writes.

import { connect, RequestError } from "@sandgate/client";
import type { Countdown } from "./countdown.js";

const host = new URLSearchParams(location.search).get("host") ?? location.href;
const client = connect<Countdown>(new URL("/ws/countdown", host));

function show(id: string, text: string): void {
  document.getElementById(id)!.textContent = text;
}

const numbers: string[] = [];
client.on("push", ({ message }) => {
  numbers.push(JSON.stringify(message));
  show("numbers", numbers.join(" "));
});
client.on("state", (state) => show("state", state.name === "reconnecting" ? state.at.toISOString() : state.name));

// @ts-expect-error: the flow has no such parameter.
client.run({ b: 3 }).catch((error) => show("state", error instanceof RequestError ? error.message : "?"));
// @ts-expect-error: its parameter is a number.
const refused = client.run({ a: "three" }).catch((error: RequestError) => error.code);

await refused;
const { output } = await client.run({ a: 2 });
show("output", JSON.stringify(output));
