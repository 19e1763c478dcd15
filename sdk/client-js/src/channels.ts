// Where this client is in each of its channels, and what it may take next.

import type { Gap, Position, Positions } from "./protocol.js";

/** What an entry is to whoever has had those before it: the next one, one that it has had, or one too far ahead. */
export type Fit = "next" | "had" | "ahead";

export class Channels {
  readonly #had: Map<string, Position>;
  #now: Positions = {};

  /** Goes on from these positions; where there are none, from where the host stands. */
  constructor(had: Positions = {}) {
    this.#had = new Map(Object.entries(had));
  }

  /** The last entry that was had of each channel. */
  get positions(): Positions {
    return Object.fromEntries(this.#had);
  }

  /** A session has begun, and the host's channels stand there. */
  begin(now: Positions): void {
    this.#now = now;
    for (const channel of this.#had.keys()) if (!(channel in now)) this.#had.delete(channel);
    for (const [channel, position] of Object.entries(now)) {
      const had = this.#had.get(channel);
      if (!had || isBeyond(had, position)) this.#had.set(channel, position);
    }
  }

  /** An entry has come. */
  enter(channel: string, { epoch, offset }: Position): Fit {
    const had = this.#had.get(channel);
    // What a later host sends of channels that it does not number is for whoever knows them.
    if (!had) return "next";
    const fit = fits(had, epoch, offset, offset);
    if (fit === "next") this.#had.set(channel, { epoch, offset });
    return fit;
  }

  /** It is said that entries will not come. */
  miss({ channel, epoch, from, to }: Gap): Fit {
    const had = this.#had.get(channel);
    if (!had) return "next";
    if (to === null) return this.#turn(channel, had, epoch);
    const fit = fits(had, epoch, from, to);
    if (fit === "next") this.#had.set(channel, { epoch, offset: to });
    return fit;
  }

  /** Goes to where the host stood when the session began. What was not had until there is gone. */
  settle(): Gap[] {
    return Object.entries(this.#now).flatMap(([channel, now]) => {
      const had = this.#had.get(channel) ?? now;
      const gaps = between(channel, had, now);
      if (gaps.length > 0) this.#had.set(channel, now);
      return gaps;
    });
  }

  // The rest of an epoch is gone: the next entry is the first of the one that there is now.
  #turn(channel: string, had: Position, epoch: string): Fit {
    const now = this.#now[channel];
    if (had.epoch !== epoch || !now || now.epoch === epoch) return "had";
    this.#had.set(channel, { epoch: now.epoch, offset: 0 });
    return "next";
  }
}

// A host whose data were set back has lost entries that it had sent, and gives their numbers again.
function isBeyond(had: Position, now: Position): boolean {
  return had.epoch === now.epoch && had.offset > now.offset;
}

function fits(had: Position, epoch: string, from: number, to: number): Fit {
  if (epoch !== had.epoch || from > had.offset + 1) return "ahead";
  return to <= had.offset ? "had" : "next";
}

function between(channel: string, had: Position, now: Position): Gap[] {
  if (had.epoch === now.epoch) return range(channel, now.epoch, had.offset, now.offset);
  const rest = { channel, epoch: had.epoch, from: had.offset + 1, to: null };
  return [rest, ...range(channel, now.epoch, 0, now.offset)];
}

function range(channel: string, epoch: string, had: number, now: number): Gap[] {
  return had < now ? [{ channel, epoch, from: had + 1, to: now }] : [];
}
