// A WebSocket that comes back: after a loss it is opened again, until it is closed, or the host says that there is no
// point.

import { Backoff } from "./backoff.js";

/** How a connection fares. */
export type State =
  /** It is being made, the first time or again. */
  | { name: "connecting" }
  /** What is sent arrives. */
  | { name: "live" }
  /** It was lost, for this reason, and is made again at that time. `attempt` counts from 1. */
  | { name: "reconnecting"; attempt: number; at: Date; code: number; reason: string }
  /** It has ended for good: by `close()`, with code 1000, or since the host says that it will not do. */
  | { name: "closed"; code: number; reason: string };

/** A frame that went over the WebSocket, as it was. */
export interface Frame {
  direction: "sent" | "received";
  data: FrameData;
}

/** A text, or bytes. */
export type FrameData = string | ArrayBuffer | ArrayBufferView;

/** What is used of a `WebSocket`: the browser's is one, and that of the package `ws`. */
export type WebSocketConstructor = new (address: string, protocol: string) => WebSocketLike;

export interface WebSocketLike {
  readonly readyState: number;
  binaryType: string;
  close(code?: number): void;
  // As loose as its kinds are: each has types of its own for bytes and for its events.
  send(data: any): void;
  addEventListener(type: string, listener: (event: any) => void): void;
}

export interface ConnectionOptions {
  /** By default the global one; Node has one from version 22 on, and for older ones there is the package `ws`. */
  WebSocket?: WebSocketConstructor;
  /** The longest pause before the first attempt to come back, in milliseconds; it doubles with each. 250 by default. */
  retryMsMin?: number;
  /** The longest pause there is. 15,000 by default. */
  retryMsMax?: number;
}

/** Who has a connection is told what becomes of it. */
export interface Holder {
  /** There is a WebSocket now. */
  opened(): void;
  /** A frame went over it. */
  passed(frame: Frame): void;
  /** It is in another state now. */
  changed(state: State): void;
}

const PROTOCOL = "sandgate.v1";
const OPEN = 1;
const NORMAL = 1000;

// The same request would be refused again.
const FINAL_CODES = new Set([1002, 1003, 1008, 4001, 4004]);

// A host that takes longer than that to say anything is as good as not there.
const FIRST_FRAME_MS_MAX = 10_000;

// A connection that was live for so long was a good one: the next loss is not the last one's fault.
const STABLE_MS_MIN = 5_000;

export class Connection {
  readonly #address: () => string;
  readonly #holder: Holder;
  readonly #backoff: Backoff;
  readonly #WebSocket: WebSocketConstructor;
  #state: State = { name: "connecting" };
  #socket: WebSocketLike | undefined;
  // Until the next attempt, or the end of the one that is made.
  #timer: ReturnType<typeof setTimeout> | undefined;
  #liveSince: number | undefined;

  /** `address` is asked before each attempt. */
  constructor(address: () => string, options: ConnectionOptions, holder: Holder) {
    this.#address = address;
    this.#holder = holder;
    this.#backoff = new Backoff(options.retryMsMin ?? 250, options.retryMsMax ?? 15_000);
    this.#WebSocket = options.WebSocket ?? globalWebSocket();
  }

  get state(): State {
    return this.#state;
  }

  /** Makes the first attempt. */
  open(): void {
    const socket = new this.#WebSocket(this.#address(), PROTOCOL);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    // What a socket says that was given up is of no interest any more.
    const when = <Event>(type: string, act: (event: Event) => void) =>
      socket.addEventListener(type, (event: Event) => socket === this.#socket && act(event));
    when("open", () => this.#holder.opened());
    when("message", ({ data }: MessageEvent<FrameData>) => this.#received(data));
    when("close", ({ code, reason }: CloseEvent) => this.#lost(code, reason));
    // A close follows, and says more; without a listener, `ws` would throw.
    when("error", () => {});
    const silent = () => this.drop(`the host said nothing within ${FIRST_FRAME_MS_MAX} ms`);
    this.#timer = setTimeout(silent, FIRST_FRAME_MS_MAX);
  }

  /** Sends a frame. False where there is no WebSocket now. */
  send(data: FrameData): boolean {
    if (this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(data);
    this.#holder.passed({ direction: "sent", data });
    return true;
  }

  /** What is sent from now on arrives: it is live. Not if it was closed or lost meanwhile. */
  live(): void {
    if (!this.#socket) return;
    clearTimeout(this.#timer);
    this.#liveSince = Date.now();
    this.#enter({ name: "live" });
  }

  /** Gives the WebSocket up and makes another, for this reason. Not if it was closed or lost meanwhile. */
  drop(reason: string): void {
    if (!this.#socket) return;
    this.#giveUp();
    this.#lost(NORMAL, reason);
  }

  /** Ends it for good. */
  close(code = NORMAL, reason = ""): void {
    if (this.#state.name === "closed") return;
    this.#giveUp();
    this.#enter({ name: "closed", code, reason });
  }

  #received(data: FrameData): void {
    clearTimeout(this.#timer);
    this.#holder.passed({ direction: "received", data });
  }

  #giveUp(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(NORMAL);
  }

  #lost(code: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#socket = undefined;
    if (FINAL_CODES.has(code)) return this.#enter({ name: "closed", code, reason });
    if (this.#wasStable()) this.#backoff.reset();
    const pause = this.#backoff.next();
    this.#timer = setTimeout(() => this.#again(), pause);
    const at = new Date(Date.now() + pause);
    this.#enter({ name: "reconnecting", attempt: this.#backoff.attempts, at, code, reason });
  }

  #wasStable(): boolean {
    const since = this.#liveSince;
    this.#liveSince = undefined;
    return since !== undefined && Date.now() - since >= STABLE_MS_MIN;
  }

  #again(): void {
    this.#enter({ name: "connecting" });
    // Whoever heard of that may have closed it.
    if (this.#state.name === "connecting") this.open();
  }

  #enter(state: State): void {
    this.#state = state;
    this.#holder.changed(state);
  }
}

function globalWebSocket(): WebSocketConstructor {
  const found = globalThis.WebSocket as WebSocketConstructor | undefined;
  if (found) return found;
  const help = 'pass one, as in connect(address, { WebSocket }), from the package "ws"';
  throw new TypeError(`there is no global WebSocket here: ${help}`);
}
