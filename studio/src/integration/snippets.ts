/** Code to begin with, in several languages. Each is run by the tests. */

import type { Json } from "../api/types";

export interface Subject {
  flow: string;
  /** `http://host:port` of the daemon. */
  origin: string;
  framing: "json-rpc" | "raw";
  /** What a run is given. */
  input: Json;
}

export type SnippetKind = "browser" | "client" | "python" | "curl";
export const SNIPPETS: Record<SnippetKind, (subject: Subject) => string> = { browser, client, python, curl };

const websocket = ({ origin, flow }: Subject) => `${origin.replace(/^http/, "ws")}/ws/${flow}`;

function browser(subject: Subject): string {
  if (subject.framing === "raw") {
    return `const socket = new WebSocket("${websocket(subject)}");
socket.onopen = () => socket.send("hello");
socket.onmessage = ({ data }) => console.log(data);
`;
  }
  return `const socket = new WebSocket("${websocket(subject)}", "sandgate.v1");
socket.onopen = () =>
  socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "run", params: { input: ${JSON.stringify(subject.input)} } }));
socket.onmessage = ({ data }) => {
  const { id, result, error, method, params } = JSON.parse(data);
  if (method === "push") console.log("push", params.message);
  if (id === 1) console.log(error ? error.message : result.output);
};
`;
}

function client(subject: Subject): string {
  const { origin, input } = subject;
  if (subject.framing === "raw") {
    return `import { connectRaw } from "${origin}/client.js";

const session = connectRaw("${websocket(subject)}");
session.on("message", (message) => console.log(message));
session.on("state", ({ name }) => name === "live" && session.send("hello"));
`;
  }
  return `import { connect } from "${origin}/client.js";

const session = connect("${websocket(subject)}");
session.on("push", ({ message }) => console.log("push", message));
const { output } = await session.run(${JSON.stringify(input)});
console.log(output);
session.close();
`;
}

function python(subject: Subject): string {
  if (subject.framing === "raw") {
    return `# pip install websockets
import asyncio, websockets

async def main():
    async with websockets.connect("${websocket(subject)}") as socket:
        await socket.send("hello")
        print(await socket.recv())

asyncio.run(main())
`;
  }
  return `# pip install websockets
import asyncio, json, websockets

async def main():
    async with websockets.connect("${websocket(subject)}", subprotocols=["sandgate.v1"]) as socket:
        request = {"jsonrpc": "2.0", "id": 1, "method": "run", "params": {"input": json.loads('${JSON.stringify(subject.input)}')}}
        await socket.send(json.dumps(request))
        async for text in socket:
            message = json.loads(text)
            if message.get("method") == "push":
                print("push", message["params"]["message"])
            if message.get("id") == 1:
                print(message["error"]["message"] if "error" in message else message["result"]["output"])
                break

asyncio.run(main())
`;
}

function curl({ flow, origin, framing, input }: Subject): string {
  const body = framing === "raw" ? "hello" : JSON.stringify(input);
  const type = framing === "raw" ? "text/plain" : "application/json";
  return `curl --no-buffer ${origin}/run/${flow} \\
  --header 'Content-Type: ${type}' --header 'Accept: text/event-stream' \\
  --data '${body.replaceAll("'", `'\\''`)}'
`;
}
