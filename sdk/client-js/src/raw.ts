// A client of a flow with raw framing: messages as they are, over a connection that comes back.

import { resolve } from "./address.js";
import { Connection } from "./connection.js";
import type { ConnectionOptions, Frame, FrameData, State } from "./connection.js";
import { Emitter } from "./events.js";
import type { ListenOptions, Listener } from "./events.js";

/** What a raw client tells, by the name that it is listened to by. */
export interface RawEvents {
  /** The flow pushed or output this: a text, or bytes. */
  message: string | ArrayBuffer;
  /** The connection is in another state. */
  state: State;
  /** A frame went over the WebSocket, for whoever keeps a log. */
  frame: Frame;
}

export interface RawOptions extends ConnectionOptions {
  /** The client id, a bearer secret. Without one the host makes one up. */
  client?: string;
}

/** A client of one flow with raw framing. Made by `connectRaw`. What comes while it is away it never hears of. */
export class RawClient {
  readonly #events = new Emitter<RawEvents>();
  readonly #connection: Connection;

  constructor(address: string | URL, { client, ...options }: RawOptions = {}) {
    const url = resolve(address);
    if (client) url.searchParams.set("client", client);
    this.#connection = new Connection(() => url.href, options, {
      opened: () => this.#connection.live(),
      passed: (frame) => this.#passed(frame),
      changed: (state) => this.#changed(state),
    });
    this.#connection.open();
  }

  get state(): State {
    return this.#connection.state;
  }

  /** Listens; what is returned, or `off`, or the signal ends it. */
  on<Type extends keyof RawEvents>(type: Type, listener: Listener<RawEvents[Type]>, options?: ListenOptions): () => void {
    return this.#events.on(type, listener, options);
  }

  off<Type extends keyof RawEvents>(type: Type, listener: Listener<RawEvents[Type]>): void {
    this.#events.off(type, listener);
  }

  /** Sends a message, which starts a run. False where there is no connection now: it is not kept for later. */
  send(message: FrameData): boolean {
    return this.#connection.send(message);
  }

  /** Closes it for good, and removes the listeners. */
  close(): void {
    this.#connection.close();
  }

  #passed(frame: Frame): void {
    this.#events.emit("frame", frame);
    if (frame.direction === "received") this.#events.emit("message", frame.data as RawEvents["message"]);
  }

  #changed(state: State): void {
    this.#events.emit("state", state);
    if (state.name === "closed") this.#events.clear();
  }
}

/** Connects to a flow with raw framing, and again whenever the connection is lost. */
export function connectRaw(address: string | URL, options?: RawOptions): RawClient {
  return new RawClient(address, options);
}
