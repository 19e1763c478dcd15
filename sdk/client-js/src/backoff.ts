// How long to wait before the next attempt.

/** Exponential, bounded, with full jitter: the clients of a host that comes back must not come at once. */
export class Backoff {
  readonly #msMin: number;
  readonly #msMax: number;
  #attempts = 0;

  constructor(msMin: number, msMax: number) {
    this.#msMin = msMin;
    this.#msMax = msMax;
  }

  /** The attempts since the last reset. */
  get attempts(): number {
    return this.#attempts;
  }

  /** The milliseconds until the next attempt: anything up to a bound that doubles each time. */
  next(): number {
    const bound = Math.min(this.#msMax, this.#msMin * 2 ** this.#attempts);
    this.#attempts += 1;
    return Math.random() * bound;
  }

  reset(): void {
    this.#attempts = 0;
  }
}
