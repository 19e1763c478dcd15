// What is wrong in a flow's file, as the check says it.

import { h, prose } from "./dom.js";
import { t } from "./i18n/i18n.js";

const KINDS = { error: "bad", warning: "warn" };

/** A list of problems: `{ severity, message, line, column, help }`. */
export function problems(list) {
  return h("ul", { class: "problems" }, list.map(problem));
}

/** A list of files that are left out: `{ file, message }`. */
export function files(list) {
  return h("ul", { class: "problems" }, list.map(file));
}

function file({ file, message }) {
  return h(
    "li",
    {},
    h("p", { class: "row" }, h("span", { class: "badge", "data-kind": "bad" }, t("error")), h("code", {}, file)),
    h("p", { class: "message" }, prose(message)),
  );
}

function problem({ severity, message, line, column, help }) {
  return h(
    "li",
    {},
    h(
      "p",
      { class: "row" },
      h("span", { class: "badge", "data-kind": KINDS[severity] ?? "bad" }, t(KINDS[severity] ? severity : "error")),
      line ? h("code", { class: "soft", title: t("problemAt", { line, column }) }, `${line}:${column}`) : null,
    ),
    h("p", { class: "message" }, prose(message)),
    help ? h("p", { class: "soft" }, prose(help)) : null,
  );
}
