/** What was done to a text, to be undone and done again: without a limit, since texts share nothing but are small. */

/** What is typed without a pause is undone in one go. */
const PAUSE_MS = 1_500;

export class History {
  #past: string[] = [];
  #future: string[] = [];
  #merge: { name: string; at: number } | null = null;

  constructor(
    public text: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Puts another text in the place of this one. Those of one `merge` that follow each other are one. */
  do(text: string, how: { merge?: string } = {}): void {
    if (text === this.text) return;
    const at = this.now();
    const isMore = how.merge !== undefined && how.merge === this.#merge?.name && at - this.#merge.at < PAUSE_MS;
    if (!isMore) this.#past.push(this.text);
    this.#future = [];
    this.#merge = how.merge === undefined ? null : { name: how.merge, at };
    this.text = text;
  }

  undo(): void {
    this.#step(this.#past, this.#future);
  }

  redo(): void {
    this.#step(this.#future, this.#past);
  }

  #step(from: string[], to: string[]): void {
    const text = from.pop();
    if (text === undefined) return;
    to.push(this.text);
    this.#merge = null;
    this.text = text;
  }
}
