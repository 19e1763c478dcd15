// What arrives, to be waited for.

const WAIT_MS_MAX = 15_000;

export class Inbox {
  #arrived = [];
  #waiting = null;

  add(message) {
    this.#arrived.push(message);
    this.#waiting?.();
  }

  /** Everything so far, once one that `isLast` accepts has arrived. What comes later is for the next to wait. */
  async until(isLast, what) {
    const expired = AbortSignal.timeout(WAIT_MS_MAX);
    for (let seen = 0; ; seen++) {
      while (seen >= this.#arrived.length) await this.#more(expired, what);
      if (isLast(this.#arrived[seen])) return this.#arrived.splice(0, seen + 1);
    }
  }

  /** The next one. */
  async next(what) {
    return (await this.until(() => true, what))[0];
  }

  #more(expired, what) {
    return new Promise((resolve, reject) => {
      this.#waiting = resolve;
      expired.onabort = () => reject(new Error(`waited in vain for ${what}; so far: ${JSON.stringify(this.#arrived)}`));
    });
  }
}
