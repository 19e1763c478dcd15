// What the host tells of its channels, brought into order: each entry once, one after the other, and every gap said.

import { Channels } from "./channels.js";
import type { Fit } from "./channels.js";
import type { Failed, Gap, Output, Position, Positions, Push } from "./protocol.js";

/** An entry of a channel, or a gap in it. */
export type Told =
  | { type: "push"; event: Push<never> }
  | { type: "output"; event: Output<never> }
  | { type: "failed"; event: Failed }
  | { type: "gap"; event: Gap };

// A host that sends that much out of order has lost its way.
const HELD_MAX = 10_000;

export class Stream {
  readonly #channels: Channels;
  readonly #tell: (told: Told) => void;
  // While a session resumes: what came too early, which happens when this client was slow to ask.
  #held: Told[] | undefined;

  /** Goes on from these positions. */
  constructor(positions: Positions | undefined, tell: (told: Told) => void) {
    this.#channels = new Channels(positions);
    this.#tell = tell;
  }

  get positions(): Positions {
    return this.#channels.positions;
  }

  /** A session has begun, and the host's channels stand there. What follows is what was missed, until it is `settled`. */
  begin(now: Positions): void {
    this.#channels.begin(now);
    this.#held = [];
  }

  /** What was missed has come, or never will. False where there is a hole that nobody explained. */
  settled(): boolean {
    const held = this.#held ?? [];
    this.#held = undefined;
    const early = held.filter((told) => !this.#take(told));
    for (const event of this.#channels.settle()) this.#tell({ type: "gap", event });
    return early.every((told) => this.#take(told));
  }

  /** Something was told. False where there is a hole before it. */
  take(told: Told): boolean {
    if (this.#take(told)) return true;
    if (this.#held === undefined || this.#held.length >= HELD_MAX) return false;
    this.#held.push(told);
    return true;
  }

  /** An answer was an entry as well. */
  answered(channel: string, position: Position): void {
    // One that was answered before is not the next, and that is as it should be.
    this.#channels.enter(channel, position);
  }

  #take(told: Told): boolean {
    const fit = this.#fit(told);
    if (fit === "next") this.#tell(told);
    return fit !== "ahead";
  }

  #fit({ type, event }: Told): Fit {
    return type === "gap" ? this.#channels.miss(event) : this.#channels.enter(event.channel, event);
  }
}
