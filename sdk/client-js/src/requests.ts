// Requests and their answers. A request that is not answered when the connection is lost is sent again.

import { ClosedError, RequestError } from "./errors.js";
import { request } from "./protocol.js";
import type { Answer } from "./protocol.js";

/** A request that waits for its answer. */
interface Pending {
  text: string;
  wasSent: boolean;
  promise: Promise<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export class Requests {
  readonly #send: (text: string) => boolean;
  // By id, in the order in which they were asked.
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #isLive = false;
  #closed: ClosedError | undefined;

  constructor(send: (text: string) => boolean) {
    this.#send = send;
  }

  /** Asks when there is a connection; resolves to the result. Who aborts the signal does not wait for it any more. */
  ask<Result>(method: string, params: object, signal?: AbortSignal): Promise<Result> {
    try {
      if (this.#closed) throw this.#closed;
      signal?.throwIfAborted();
      const id = ++this.#lastId;
      const pending = this.#add(id, request(id, method, params), signal);
      if (this.#isLive) pending.wasSent = this.#send(pending.text);
      return pending.promise as Promise<Result>;
    } catch (error) {
      // As the input is no JSON, say.
      return Promise.reject(error);
    }
  }

  /** There is a connection: what waits is sent. */
  live(): void {
    this.#isLive = true;
    for (const pending of this.#pending.values()) pending.wasSent = this.#send(pending.text);
  }

  /** There is none now. */
  lost(): void {
    this.#isLive = false;
  }

  answered({ id, result, error }: Answer): void {
    const pending = this.#pending.get(id as number);
    if (error) pending?.reject(new RequestError(error));
    else pending?.resolve(result);
  }

  /**
   * The host closed the connection since a message was too large for it. That was the largest of those that it has not
   * answered; sent again, it would end the next connection as well.
   */
  refuseLargest(reason: string): void {
    const sent = [...this.#pending.values()].filter(({ wasSent }) => wasSent);
    const [largest] = sent.sort((one, other) => other.text.length - one.text.length);
    largest?.reject(new RangeError(`the request is larger than the host takes: ${reason}`));
  }

  /** There will be no answers any more. */
  close(error: ClosedError): void {
    this.#closed = error;
    for (const { promise, reject } of this.#pending.values()) {
      // The end is told as a state as well: who does not look at the answer has not missed it.
      promise.catch(() => {});
      reject(error);
    }
  }

  #add(id: number, text: string, signal: AbortSignal | undefined): Pending {
    const { promise, resolve, reject } = deferred();
    const abort = () => settle(() => reject(signal?.reason));
    const settle = (act: () => void) => {
      this.#pending.delete(id);
      signal?.removeEventListener("abort", abort);
      act();
    };
    signal?.addEventListener("abort", abort);
    const pending = {
      text,
      wasSent: false,
      promise,
      resolve: (result: unknown) => settle(() => resolve(result)),
      reject: (error: unknown) => settle(() => reject(error)),
    };
    this.#pending.set(id, pending);
    return pending;
  }
}

function deferred() {
  let resolve!: (result: unknown) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<unknown>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}
