// Which run a window shows: one at a time, so that two countdowns never mix.

/**
 * Follows the run that it sees first until that ends, unless this window starts one: its own is followed at once. A run
 * that was passed over for another is not joined later, in the middle: the last number of the one that was followed
 * stays until a run is new.
 * `show` is called with every entry that is to be seen: `{ run, value, last }`, or `{ run, error, last: true }`.
 */
export class Follower {
  #show;
  #run = null;
  #over = null;
  #passed = new Set();
  #starts = 0;
  #held = [];

  constructor(show) {
    this.#show = show;
  }

  /** The run that is followed, or null. */
  get run() {
    return this.#run;
  }

  /** This window asks for a run. Its first numbers may come before the answer that names it, so strange ones are held. */
  starting() {
    this.#starts += 1;
  }

  /** The answer: the run that this window started. */
  started(run) {
    if (this.#run !== null && this.#run !== run) this.#passed.add(this.#run);
    this.#run = run;
    this.#answered();
  }

  /** The answer: there is no run. */
  refused() {
    this.#answered();
  }

  /** A run pushed a number. */
  pushed(run, value) {
    this.#take({ run, value, last: false });
  }

  /** A run has ended with an output. */
  ended(run, value) {
    this.#take({ run, value, last: true });
  }

  /** A run has failed. */
  failed(run, error) {
    this.#take({ run, error, last: true });
  }

  /** Something was missed, maybe the end of the run that is followed. The next number begins anew. */
  missed() {
    this.#run = null;
    this.#passed.clear();
  }

  #take(entry) {
    // Whoever started a run may hear of its end twice: as its client, and as one of everyone.
    if (entry.run === this.#over) return;
    if (entry.run === this.#run) this.#follow(entry);
    else if (this.#passed.has(entry.run)) this.#pass(entry);
    else if (this.#starts > 0) this.#held.push(entry);
    else if (this.#run === null) this.#follow(entry);
    else this.#pass(entry);
  }

  #pass({ run, last }) {
    if (last) this.#passed.delete(run);
    else this.#passed.add(run);
  }

  #follow(entry) {
    this.#run = entry.last ? null : entry.run;
    if (entry.last) this.#over = entry.run;
    this.#show(entry);
  }

  #answered() {
    this.#starts -= 1;
    const held = this.#held;
    this.#held = [];
    for (const entry of held) this.#take(entry);
  }
}
