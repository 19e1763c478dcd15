// A host that keeps the protocol's promises on resuming and on keys, over real sockets, and loses connections when told to.

import { once } from "node:events";
import { WebSocketServer } from "ws";

const EVERYONE = "everyone";

export class Host {
  #server;
  #sessions = new Set();
  #history = [];
  #offset = 0;
  #epochs = 0;
  #keep;
  // Runs by client and key: the same again is the same run.
  #runs = new Map();
  started = 0;

  /** Keeps as many entries of its channel for those who come back. */
  constructor({ keep }) {
    this.#keep = keep;
  }

  async listen() {
    this.#server = new WebSocketServer({ port: this.#server?.options.port ?? 0, host: "127.0.0.1" });
    this.#server.on("connection", (socket, { url }) => this.#welcome(socket, new URL(url, "http://host").searchParams));
    await once(this.#server, "listening");
    this.#server.options.port = this.#server.address().port;
    return `ws://127.0.0.1:${this.#server.options.port}/ws/any`;
  }

  /** A new entry for everyone. */
  push(message) {
    const entry = { channel: EVERYONE, epoch: this.#epoch, offset: ++this.#offset, run: "r", message };
    this.#history.push(entry);
    this.#history.splice(0, this.#history.length - this.#keep);
    for (const session of this.#sessions) if (session.isLive) tell(session.socket, "push", entry);
  }

  /** Every connection is lost, as if the network were. */
  cut() {
    for (const { socket } of this.#sessions) socket.terminate();
  }

  /** It crashes, forgets its channels, and is started again. */
  async restart() {
    this.cut();
    await new Promise((closed) => this.#server.close(closed));
    this.#epochs += 1;
    this.#offset = 0;
    this.#history = [];
    await this.listen();
  }

  close() {
    this.cut();
    this.#server.close();
  }

  get #epoch() {
    return `e${this.#epochs}`;
  }

  #welcome(socket, parameters) {
    const client = parameters.get("client") ?? crypto.randomUUID();
    const position = { epoch: this.#epoch, offset: this.#offset };
    // Who was named is sent nothing before its first message.
    const session = { socket, client, position, isLive: !parameters.has("client") };
    this.#sessions.add(session);
    socket.on("close", () => this.#sessions.delete(session));
    socket.on("message", (text) => this.#asked(session, JSON.parse(text)));
    const welcome = { client, session: crypto.randomUUID(), flow: "any", version: 1, positions: { [EVERYONE]: position } };
    tell(socket, "welcome", welcome);
  }

  #asked(session, { id, method, params }) {
    if (method === "resume") this.#resume(session, params.positions[EVERYONE]);
    const result = method === "resume" ? { positions: {} } : this.#run(session.client, params.key);
    say(session.socket, { id, result });
    session.isLive = true;
  }

  // What was missed, up to now: no entry is made between the welcome and the answer, since that is said in one go.
  #resume({ socket }, { epoch, offset }) {
    const had = epoch === this.#epoch ? offset : 0;
    if (epoch !== this.#epoch) tell(socket, "gap", { channel: EVERYONE, epoch, from: offset + 1, to: null });
    const kept = this.#offset - this.#history.length;
    if (had < kept) tell(socket, "gap", { channel: EVERYONE, epoch: this.#epoch, from: had + 1, to: kept });
    for (const entry of this.#history) if (entry.offset > had) tell(socket, "push", entry);
  }

  #run(client, key) {
    const name = JSON.stringify([client, key]);
    if (!this.#runs.has(name)) this.#runs.set(name, { run: `run ${++this.started}` });
    return this.#runs.get(name);
  }
}

function tell(socket, method, params) {
  say(socket, { method, params });
}

function say(socket, message) {
  socket.send(JSON.stringify({ jsonrpc: "2.0", ...message }));
}
