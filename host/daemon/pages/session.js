// A session with a flow: JSON-RPC 2.0 over a WebSocket that comes back by itself.
//
//     const session = new Session("countdown");
//     session.addEventListener("push", ({ detail }) => console.log(detail.message));
//     const { run } = await session.start({ a: 3 });

import { Connection } from "./connection.js";

/** What the host answered, or that it could not: `code` and `data` are those of JSON-RPC. */
export class SessionError extends Error {
  constructor({ code, message, data }) {
    super(message);
    this.name = "SessionError";
    this.code = code;
    this.data = data;
  }
}

/** The code of requests that were under way when the connection was lost. Not one of the host's. */
export const DISCONNECTED = "disconnected";

const NOTIFICATIONS = new Set(["push", "output", "failed", "gap"]);

/** Where a flow is reached. `base` is the host's address, by default the page's own. */
export function address(flow, { base = location.href, client } = {}) {
  const url = new URL(`/ws/${encodeURIComponent(flow)}`, base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (client) url.searchParams.set("client", client);
  return url;
}

/**
 * Events: `welcome`, `push`, `output`, `failed` and `gap`, their details being the parameters that the protocol gives
 * them, and `state` and `frame` as a `Connection` has them. A `gap` is also made here, when the host says on coming
 * back that there were entries in between.
 */
export class Session extends EventTarget {
  #connection;
  #pending = new Map();
  #positions = new Map();
  #requests = 0;

  /** What the host said first, or undefined before that. */
  welcome;

  /** `client` is the client id, by default one that the host makes up and that is kept while this lives. */
  constructor(flow, { base, client } = {}) {
    super();
    this.#connection = new Connection(() => address(flow, { base, client: this.welcome?.client ?? client }));
    this.#connection.addEventListener("state", ({ detail }) => this.#changed(detail));
    this.#connection.addEventListener("frame", ({ detail }) => this.#passed(detail));
  }

  get state() {
    return this.#connection.state;
  }

  /** Starts a run; resolves to `{ run, output }` when it has ended, rejects with a `SessionError` when it fails. */
  run(input = {}) {
    return this.#request("run", { input });
  }

  /** Starts a run; resolves to `{ run }` at once. How it ends comes as `output` or `failed`. */
  start(input = {}) {
    return this.#request("start", { input });
  }

  /** Cancels a run that this client started. */
  cancel(run) {
    return this.#request("cancel", { run });
  }

  /** Ends the session, for good. */
  close() {
    this.#connection.close();
  }

  #request(method, params) {
    const id = ++this.#requests;
    return new Promise((resolve, reject) => {
      if (this.#connection.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }))) {
        this.#pending.set(id, { resolve, reject });
      } else {
        reject(disconnected());
      }
    });
  }

  #changed(detail) {
    if (detail.state !== "open") {
      for (const { reject } of this.#pending.values()) reject(disconnected());
      this.#pending.clear();
    }
    this.#emit("state", detail);
  }

  #passed(frame) {
    this.#emit("frame", frame);
    if (frame.direction !== "received" || typeof frame.data !== "string") return;
    const message = JSON.parse(frame.data);
    if (message.method) this.#notified(message.method, message.params);
    else this.#answered(message);
  }

  #answered({ id, result, error }) {
    const request = this.#pending.get(id);
    this.#pending.delete(id);
    this.#reached(result ?? error.data ?? {});
    if (error) request?.reject(new SessionError(error));
    else request?.resolve(result);
  }

  #notified(method, params) {
    if (method === "welcome") return this.#welcomed(params);
    // What a later version of the protocol adds is for those who know it.
    if (!NOTIFICATIONS.has(method)) return;
    this.#reached(params);
    this.#emit(method, params);
  }

  #welcomed(welcome) {
    const before = this.#positions;
    this.#positions = new Map(Object.entries(welcome.positions ?? {}));
    this.welcome = welcome;
    this.#emit("welcome", welcome);
    for (const [channel, { epoch, offset }] of this.#positions) {
      const had = before.get(channel);
      if (had && had.epoch !== epoch) this.#emit("gap", { channel, epoch });
      else if (had && had.offset < offset) this.#emit("gap", { channel, epoch, from: had.offset + 1, to: offset });
    }
  }

  #reached({ channel, epoch, offset, to }) {
    if (channel) this.#positions.set(channel, { epoch, offset: offset ?? to ?? 0 });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function disconnected() {
  return new SessionError({ code: DISCONNECTED, message: "the connection to the host was lost" });
}
