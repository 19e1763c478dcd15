// The message of an interface with raw framing: text, bytes in hex, or a file.

import { h } from "../dom.js";
import { t } from "../i18n/i18n.js";

const KINDS = { text: "kindText", hex: "kindHex", file: "kindFile" };

/** The fields, and `read()`, which resolves to a string or to bytes, or rejects with what is wrong. */
export function message() {
  const area = h("textarea", { id: "message", rows: 5, spellcheck: "false" });
  const file = h("input", { id: "file", type: "file", hidden: true, "aria-label": t("kindFile") });
  let chosen = "text";
  const choose = (kind) => {
    chosen = kind;
    area.hidden = kind === "file";
    file.hidden = kind !== "file";
  };
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: "message" }, t("message")),
    h("fieldset", { class: "kinds row" }, h("legend", { class: "hidden-visually" }, t("message")), kinds(choose)),
    area,
    file,
    h("p", { class: "soft" }, t("rawHint")),
  );
  return { elements: [element], read: () => READ[chosen](area, file) };
}

function kinds(choose) {
  return Object.entries(KINDS).map(([kind, label]) =>
    h(
      "label",
      {},
      h("input", { type: "radio", name: "kind", value: kind, checked: kind === "text", onchange: () => choose(kind) }),
      t(label),
    ),
  );
}

const READ = {
  text: async (area) => area.value,
  hex: async (area) => bytes(area.value),
  file: async (_, { files: [file] }) => {
    if (!file) throw new Error(t("noFile"));
    return file.arrayBuffer();
  },
};

function bytes(hex) {
  const digits = hex.replaceAll(/\s/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw new Error(t("notHex"));
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)).buffer;
}
