// One interface of the list.

import { copyButton, h, prose } from "../dom.js";
import { address } from "../flows.js";
import { t } from "../i18n/i18n.js";
import { problems } from "../problems.js";

const KINDS = { served: "good", stale: "warn", broken: "bad" };

// Flows that a page of their own shows best.
const DEMOS = { countdown: "/demo/countdown" };

/** A flow, as the host's list has it. */
export function card(flow) {
  return h(
    "article",
    { class: "card flow", "data-flow": flow.flow, "data-status": flow.status },
    h(
      "header",
      {},
      h(
        "div",
        { class: "row" },
        h("h2", {}, h("a", { href: tryPage(flow) }, flow.title)),
        flow.title === flow.flow ? null : h("code", { class: "soft" }, flow.flow),
        h("span", { class: "badge end", "data-kind": KINDS[flow.status] }, t(flow.status)),
      ),
      flow.description ? h("p", { class: "soft" }, prose(flow.description)) : null,
    ),
    flow.status === "broken" ? null : facts(flow),
    flow.problems.length ? trouble(flow) : null,
    links(flow),
  );
}

function facts(flow) {
  const url = address(flow.flow).href;
  return h(
    "dl",
    {},
    h("dt", {}, "WebSocket"),
    h("dd", {}, h("code", {}, url), copyButton(() => url, { label: t("copy"), copied: t("copied") })),
    flow.framing === "raw" ? null : [h("dt", {}, t("input")), h("dd", { class: "parameters" }, parameters(flow.input))],
    h("dt", {}, t("framing")),
    h("dd", {}, t(`framing.${flow.framing}`)),
    h("dt", {}, t("version")),
    h("dd", {}, flow.version),
  );
}

function parameters(input) {
  const all = Object.entries(input?.properties ?? {});
  return all.length ? all.map(parameter) : t("noInput");
}

function parameter([name, schema]) {
  const types = schema.enum ? schema.enum.map((one) => JSON.stringify(one)) : [schema.type ?? "any"].flat();
  const fallback = "default" in schema ? ` = ${JSON.stringify(schema.default)}` : "";
  return h("code", { class: "parameter", title: schema.description }, `${name}: ${types.join(" | ")}${fallback}`);
}

function trouble(flow) {
  const help = { stale: "staleHelp", broken: "brokenHelp" }[flow.status];
  return h(
    "section",
    { class: "trouble", "aria-label": t("problems", { count: flow.problems.length }) },
    help ? h("p", { class: "notice", "data-kind": KINDS[flow.status] }, t(help, { version: flow.version })) : null,
    problems(flow.problems),
  );
}

function links(flow) {
  const demo = DEMOS[flow.flow];
  return h(
    "p",
    { class: "row" },
    flow.status === "broken" ? null : h("a", { class: "button", href: tryPage(flow) }, t("try")),
    h("a", { class: "button quiet", href: `/studio/flows/${encodeURIComponent(flow.flow)}` }, t("edit")),
    demo ? h("a", { class: "button quiet", href: demo }, t("demo")) : null,
  );
}

function tryPage(flow) {
  return `/try/${encodeURIComponent(flow.flow)}`;
}

/** What to do where there is no flow. */
export function empty() {
  const text = example();
  return h(
    "section",
    { class: "card empty" },
    h("h2", {}, t("emptyTitle")),
    h("p", {}, prose(t("emptyLead"))),
    h("pre", { class: "well" }, text),
    h("p", { class: "row" }, copyButton(() => text, { label: t("copy"), copied: t("copied") })),
    h("p", { class: "soft" }, prose(t("emptyNext"))),
  );
}

function example() {
  return `format: 1
flow: hello
title: ${t("exampleTitle")}
interface:
  protocol: websocket
  input:
    name: { type: string, default: world }
start: greet
nodes:
  greet:
    call: output.result
    with: { value: "Hello, \${input.name}!" }
`;
}
