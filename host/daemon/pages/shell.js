// What every page has around it: its head, the state of its connection, and a line for when the host does not answer.

import { $, h } from "./dom.js";
import { t, translate } from "./i18n/i18n.js";

const STATES = { connecting: "warn", live: "good", reconnecting: "warn", closed: "bad" };

/** Fills in the page's frame. `title` is a message's key. */
export function frame(title) {
  translate();
  name(t(title));
  $("head").append(
    h(
      "div",
      {},
      h("a", { class: "brand", href: "/" }, h("img", { src: "/pages/logo.svg", alt: "" }), "Sandgate"),
      h("span", { class: "project", id: "project" }),
      h("nav", { class: "row" }, h("span", { class: "badge", id: "connection", role: "status", hidden: true })),
    ),
  );
}

/** Names the page in the browser's tab. */
export function name(title) {
  document.title = `${title} · Sandgate`;
}

/** Shows the state of a client's connection, from now on. */
export function showState(client) {
  const show = ({ name, code, reason }) => {
    const badge = $("connection");
    badge.hidden = false;
    badge.dataset.kind = STATES[name];
    badge.dataset.state = name;
    badge.textContent = t(name, { reason: reason || t("closedCode", { code }) });
  };
  show(client.state);
  client.on("state", show);
}

/** Whether the host answers. */
export function answers(yes) {
  $("unreachable").hidden = yes;
}
