// What arrives from the flow: pushes, outputs, failures and gaps.

import { h } from "../dom.js";
import { t, time } from "../i18n/i18n.js";
import { measure, shown } from "./data.js";
import { Log } from "./log.js";

// The end of a UUIDv7 is random; its beginning is the time, and alike for runs that were started one after another.
const RUN_SHOWN = 8;

export class Events {
  #log = new Log("events");

  started({ run }) {
    this.#add("started", { run });
  }

  pushed(push) {
    this.#add("push", { ...push, text: JSON.stringify(push.message, null, 2) });
  }

  ended(output) {
    this.#add("output", { ...output, text: JSON.stringify(output.value, null, 2) });
  }

  failed(failed) {
    this.#add("failed", { ...failed, text: failed.error.message });
  }

  missed(gap) {
    this.#add("gap", { channel: gap.channel, text: gap.to === null ? t("gapUnknown") : t("gap", gap) });
  }

  /** A start that the host refused, or that could not be sent. */
  refused({ message, data }) {
    const problems = (data?.problems ?? []).map((problem) => `${problem.path}: ${problem.message}`);
    this.#add("refused", { text: [message, ...problems].join("\n") });
  }

  /** A frame of an interface with raw framing. */
  arrived(data) {
    this.#add("push", { text: shown(data), measured: measure(data) });
  }

  #add(event, { run, channel, offset, text, measured }) {
    const about = h(
      "p",
      { class: "about" },
      h("strong", {}, t(`event.${event}`)),
      channel ? h("span", { title: channel }, place(channel, offset)) : null,
      run ? h("span", { title: run }, t("run", { run: `…${run.slice(-RUN_SHOWN)}` })) : null,
      measured ? h("span", {}, measured) : null,
    );
    const now = h("time", { class: "about tail" }, time(new Date()));
    const body = text === undefined ? null : h("pre", {}, text);
    this.#log.add(h("li", { "data-event": event, "data-run": run }, about, now, body));
  }
}

// A client is only ever told of its own channel, and its id is shown elsewhere.
function place(channel, offset) {
  const [kind] = channel.split(":");
  return offset ? `${kind} #${offset}` : kind;
}
