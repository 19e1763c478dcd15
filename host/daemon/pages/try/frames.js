// The frames that went over the WebSocket, to be copied.

import { $, copyButton, h } from "../dom.js";
import { t, time } from "../i18n/i18n.js";
import { measure, shown } from "./data.js";
import { Log } from "./log.js";

const ARROWS = { sent: "↑", received: "↓" };

export class Frames {
  #log = new Log("frames");

  constructor() {
    $("copy-frames").append(copyButton(() => this.#text(), { label: t("copyAll"), copied: t("copied") }));
  }

  /** A frame as a client tells of it. */
  add({ direction, data }) {
    const text = shown(data);
    const about = h(
      "p",
      { class: "about" },
      h("strong", {}, `${ARROWS[direction]} ${t(direction)}`),
      measure(data) ? h("span", {}, measure(data)) : null,
      h("time", {}, time(new Date())),
    );
    const copy = h("span", { class: "tail" }, copyButton(() => text, { label: t("copy"), copied: t("copied") }));
    this.#log.add(h("li", { "data-direction": direction }, about, copy, h("pre", {}, text)));
  }

  #text() {
    return this.#log.entries
      .map((entry) => `${ARROWS[entry.dataset.direction]} ${entry.querySelector("pre").textContent}\n`)
      .join("");
  }
}
