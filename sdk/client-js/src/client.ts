// A client of a flow: requests, what the host tells, and a connection that comes back.

import { resolve } from "./address.js";
import { Connection } from "./connection.js";
import type { ConnectionOptions, Frame, State } from "./connection.js";
import { ClosedError } from "./errors.js";
import { Emitter } from "./events.js";
import type { ListenOptions, Listener } from "./events.js";
import { isObject, isWelcome, read, request } from "./protocol.js";
import type { Answer, Cancelled, Ended, Failed, Gap, Notification } from "./protocol.js";
import type { Output, Positions, Push, Welcome } from "./protocol.js";
import { Requests } from "./requests.js";
import { Stream } from "./stream.js";
import type { Told } from "./stream.js";

/** The types of a flow, as `sandgate types` writes them. */
export interface FlowTypes {
  input: unknown;
  output: unknown;
  push: unknown;
}

/** What a client tells, by the name that it is listened to by. */
export interface Events<Flow extends FlowTypes> {
  /** A session has begun. */
  welcome: Welcome;
  /** A run pushed something. */
  push: Push<Flow["push"]>;
  /** A run has ended with an output. One that pushed to everyone is told twice to who started it, by the same `run`. */
  output: Output<Flow["output"]>;
  /** A run of this client has failed, or was cancelled. */
  failed: Failed;
  /** Entries are gone. */
  gap: Gap;
  /** The connection is in another state. */
  state: State;
  /** A frame went over the WebSocket, for whoever keeps a log. */
  frame: Frame;
}

export interface Options extends ConnectionOptions {
  /** The client id, a bearer secret. Without one the host makes one up, which this client keeps. */
  client?: string;
  /** Goes on from there, as `positions` of an earlier client with the same id said. Needs `client`. */
  positions?: Positions;
  /** When it is aborted, the client is closed. */
  signal?: AbortSignal;
}

export interface RequestOptions {
  /**
   * The same key again means the same run, however often it is asked for: 1 to 128 characters. By default one that
   * nobody else has, so that a request that is sent again after a loss does not start a second run.
   */
  key?: string;
  /** When it is aborted, the answer is not waited for any more. The run goes on. */
  signal?: AbortSignal;
}

/** The arguments of a request: the input may be left out where each of its parameters may. */
export type Arguments<Input> = {} extends Input
  ? [input?: Input, options?: RequestOptions]
  : [input: Input, options?: RequestOptions];

// Not a number, so that it is none of those that requests have.
const RESUME = "resume";

const PROTOCOL_ERROR = 1002;
const TOO_LARGE = 1009;

/** A client of one flow. Made by `connect`. */
export class Client<Flow extends FlowTypes = FlowTypes> {
  readonly #address: URL;
  readonly #events = new Emitter<Events<Flow>>();
  readonly #connection: Connection;
  readonly #requests: Requests;
  readonly #stream: Stream;
  readonly #signal: AbortSignal | undefined;
  #welcome: Welcome | undefined;

  constructor(address: string | URL, { client, positions, signal, ...options }: Options = {}) {
    if (positions && !client) throw new TypeError("positions are those of a client: pass its id as `client` too");
    this.#address = resolve(address);
    if (client) this.#address.searchParams.set("client", client);
    this.#stream = new Stream(positions, (told) => this.#tell(told));
    this.#connection = new Connection(() => this.#address.href, options, {
      opened: () => {},
      passed: (frame) => this.#passed(frame),
      changed: (state) => this.#changed(state),
    });
    this.#requests = new Requests((text) => this.#connection.send(text));
    this.#signal = signal;
    if (signal?.aborted) this.close();
    else this.#connection.open();
    // Last, since an address may be refused.
    signal?.addEventListener("abort", this.#abort);
  }

  /** What the host said first in the session that there is, or was last; undefined before the first. */
  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  get state(): State {
    return this.#connection.state;
  }

  /** The last entry that was had of each channel. Kept, they let a later client with the same id go on from there. */
  get positions(): Positions {
    return this.#stream.positions;
  }

  /** Listens; what is returned, or `off`, or the signal ends it. */
  on<Type extends keyof Events<Flow>>(
    type: Type,
    listener: Listener<Events<Flow>[Type]>,
    options?: ListenOptions,
  ): () => void {
    return this.#events.on(type, listener, options);
  }

  off<Type extends keyof Events<Flow>>(type: Type, listener: Listener<Events<Flow>[Type]>): void {
    this.#events.off(type, listener);
  }

  /** Starts a run; resolves to its output when it has ended, and rejects with a `RequestError` when it fails. */
  run(...[input, options]: Arguments<Flow["input"]>): Promise<Ended<Flow["output"]>> {
    return this.#begin("run", input, options);
  }

  /** Starts a run; resolves to its id at once. Its end comes as `output` or `failed`. */
  start(...[input, options]: Arguments<Flow["input"]>): Promise<{ run: string }> {
    return this.#begin("start", input, options);
  }

  /**
   * Cancels a run that this client started. One that has ended already is a `RequestError`, `ErrorCode.UnknownRun`, as may be
   * one that this has cancelled when the connection was lost before the answer came.
   */
  cancel(run: string, { signal }: { signal?: AbortSignal } = {}): Promise<Cancelled> {
    return this.#requests.ask("cancel", { run }, signal);
  }

  /** Closes it for good: what waits for an answer rejects with a `ClosedError`, and the listeners are removed. */
  close(): void {
    this.#connection.close();
  }

  // Not a method, so that it can be removed again.
  readonly #abort = () => this.close();

  #begin<Result>(method: string, input: unknown, { key = unique(), signal }: RequestOptions = {}): Promise<Result> {
    return this.#requests.ask(method, { input: input ?? {}, key }, signal);
  }

  #passed(frame: Frame): void {
    this.#events.emit("frame", frame);
    if (frame.direction === "sent") return;
    const message = read(frame.data);
    if (!message) this.#fail("what the host sent is not JSON-RPC");
    else if ("method" in message) this.#notified(message);
    else this.#answered(message);
  }

  #notified({ method, params }: Notification): void {
    if (method === "welcome" && !isWelcome(params)) this.#fail("what the host sent as its welcome is none");
    else if (method === "welcome") this.#welcomed(params as unknown as Welcome);
    else if (isTold(method)) this.#arrived({ type: method, event: params } as unknown as Told);
    // What a later host tells is for those who know it.
  }

  #welcomed(welcome: Welcome): void {
    const named = this.#address.searchParams.has("client");
    // Who comes back comes as the same.
    this.#address.searchParams.set("client", welcome.client);
    this.#welcome = welcome;
    this.#stream.begin(welcome.positions);
    this.#events.emit("welcome", welcome);
    // The host waits for it before it sends anything to a client that was named, be that new or not.
    if (named) this.#connection.send(request(RESUME, "resume", { positions: this.#stream.positions }));
    else this.#settled();
  }

  #arrived(told: Told): void {
    if (!this.#stream.take(told)) this.#lostTrack();
  }

  #answered(answer: Answer): void {
    // A host that cannot resume leaves a gap, which is found by the positions.
    if (answer.id === RESUME) return this.#settled();
    const entry = answer.error ? answer.error.data : answer.result;
    if (isObject(entry) && typeof entry["channel"] === "string") {
      this.#stream.answered(entry["channel"], entry as unknown as Ended);
    }
    this.#requests.answered(answer);
  }

  #settled(): void {
    if (this.#stream.settled()) this.#connection.live();
    else this.#lostTrack();
  }

  // The host has the entries that are missing, or says that they are gone, to whoever comes back.
  #lostTrack(): void {
    this.#connection.drop("an entry is missing");
  }

  #tell({ type, event }: Told): void {
    this.#events.emit(type, event as Events<Flow>[typeof type]);
  }

  #changed(state: State): void {
    if (state.name === "live") this.#requests.live();
    else this.#requests.lost();
    if (state.name === "reconnecting" && state.code === TOO_LARGE) this.#requests.refuseLargest(state.reason);
    if (state.name === "closed") this.#requests.close(new ClosedError(state.code, state.reason));
    this.#events.emit("state", state);
    if (state.name === "closed") this.#release();
  }

  #fail(reason: string): void {
    this.#connection.close(PROTOCOL_ERROR, reason);
  }

  #release(): void {
    this.#events.clear();
    this.#signal?.removeEventListener("abort", this.#abort);
  }
}

/** Connects to a flow, and again whenever the connection is lost. Requests may be made at once: they wait for it. */
export function connect<Flow extends FlowTypes = FlowTypes>(address: string | URL, options?: Options): Client<Flow> {
  return new Client(address, options);
}

function isTold(method: string): method is Told["type"] {
  return method === "push" || method === "output" || method === "failed" || method === "gap";
}

// `crypto.randomUUID` is not there in pages that came without TLS.
function unique(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
