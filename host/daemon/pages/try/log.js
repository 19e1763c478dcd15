// A list of what happened: newest first, and bounded.

import { $ } from "../dom.js";

const ENTRIES_MAX = 300;

/** The list with this id; `<id>-empty` is shown while there is nothing in it, and `clear-<id>` empties it. */
export class Log {
  #list;
  #empty;

  constructor(id) {
    this.#list = $(id);
    this.#empty = $(`${id}-empty`);
    $(`clear-${id}`).addEventListener("click", () => this.#clear());
  }

  add(entry) {
    this.#list.prepend(entry);
    if (this.#list.children.length > ENTRIES_MAX) this.#list.lastElementChild.remove();
    this.#empty.hidden = true;
  }

  /** Oldest first. */
  get entries() {
    return [...this.#list.children].reverse();
  }

  #clear() {
    this.#list.replaceChildren();
    this.#empty.hidden = false;
  }
}
