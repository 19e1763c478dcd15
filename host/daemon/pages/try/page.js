// A page to try a flow on, made from what the host says about it.

import { connect, connectRaw } from "/client.js";
import { $, copyButton, h, prose } from "../dom.js";
import { address, one, watch } from "../flows.js";
import { t } from "../i18n/i18n.js";
import { problems } from "../problems.js";
import { answers, frame, name, showState } from "../shell.js";
import { Events } from "./events.js";
import { examples } from "./examples.js";
import { FieldError, fields } from "./form.js";
import { Frames } from "./frames.js";
import { message } from "./message.js";

const ENDED_MAX = 1_000;
const ID = decodeURIComponent(location.pathname.split("/").at(-1));

frame("try");
const events = new Events();
const frames = new Frames();
const running = new Set();
const ended = new Set();
let client = null;
let framing = null;
let version = null;
let form = null;

$("copy-address").append(copyButton(() => $("address").textContent, { label: t("copy"), copied: t("copied") }));
watch(() => one(ID), { changed: (flow) => show(flow), failed: () => answers(false) });

function show(flow) {
  answers(true);
  const served = flow !== null && flow.status !== "broken";
  title(flow);
  trouble(flow);
  $("desk").hidden = !served;
  if (!served) return;
  changed(flow.version);
  desk(flow);
}

function title(flow) {
  const unknown = t("unknownTitle", { flow: ID });
  name(flow === null ? unknown : t("tryTitle", { title: flow.title }));
  $("title").textContent = flow === null ? unknown : flow.title;
  $("description").replaceChildren(...prose(flow === null ? t("unknownLead") : (flow.description ?? "")));
}

function trouble(flow) {
  const section = $("trouble");
  section.hidden = flow !== null && flow.problems.length === 0 && flow.status === "served";
  if (section.hidden) return;
  section.replaceChildren(...(flow === null ? [unknown()] : [state(flow), problems(flow.problems)].filter(Boolean)));
}

function unknown() {
  return h("p", {}, h("a", { class: "button", href: "/" }, t("seeInterfaces")));
}

function state({ status, version }) {
  if (status === "served") return null;
  const [kind, key] = status === "stale" ? ["warn", "staleHelp"] : ["bad", "brokenHelp"];
  return h("p", { class: "notice", "data-kind": kind }, t(key, { version }));
}

function changed(now) {
  if (version !== null && version !== now) {
    $("changed").hidden = false;
    $("changed").textContent = t("newVersion", { version: now });
  }
  version = now;
}

// The form and the connection are made anew only where the interface is another, so that nothing written is lost.
function desk(flow) {
  const face = JSON.stringify([flow.framing, flow.input]);
  if (form?.face !== face) fill(flow, face);
  if (framing !== flow.framing || client.state.name === "closed") join(flow.framing);
}

function fill(flow, face) {
  const raw = flow.framing === "raw";
  form = { face, ...(raw ? message() : fields(flow.input)) };
  $("address").textContent = address(ID).href;
  $("form").replaceChildren(...form.elements, buttons(raw));
  $("form").onsubmit = (event) => {
    event.preventDefault();
    (raw ? send : start)();
  };
  const redraw = examples(flow, address(ID).href, () => (raw ? {} : form.peek()));
  $("form").onchange = redraw;
}

function buttons(raw) {
  const cancel = h("button", { type: "button", id: "cancel", class: "quiet", disabled: true, onclick: stop }, t("cancel"));
  const refused = h("p", { class: "notice", "data-kind": "bad", id: "refused", role: "alert", hidden: true });
  const row = h("p", { class: "row" }, h("button", { id: "go" }, t(raw ? "send" : "start")), raw ? null : cancel);
  return h("div", { class: "stack" }, row, refused);
}

function join(now) {
  client?.close();
  running.clear();
  framing = now;
  client = framing === "raw" ? connectRaw(address(ID)) : connect(address(ID));
  showState(client);
  client.on("frame", (frame) => frames.add(frame));
  client.on("state", ({ reason }) => reason && events.refused({ message: reason }));
  if (framing === "raw") client.on("message", (message) => events.arrived(message));
  else listen();
}

function listen() {
  client.on("welcome", ({ client: id }) => {
    $("client").replaceChildren(`${t("client")} `, h("code", {}, id), h("br"), t("clientHint"));
  });
  client.on("push", (push) => events.pushed(push));
  client.on("gap", (gap) => events.missed(gap));
  client.on("output", (output) => over(output.run, () => events.ended(output)));
  client.on("failed", (failed) => over(failed.run, () => events.failed(failed)));
}

// Whoever started a run may hear of its end twice: as its client, and as one of everyone.
function over(run, tell) {
  if (ended.has(run)) return;
  ended.add(run);
  if (ended.size > ENDED_MAX) ended.delete(ended.values().next().value);
  tell();
  running.delete(run);
  cancellable();
}

function cancellable() {
  if ($("cancel")) $("cancel").disabled = running.size === 0;
}

async function start() {
  await attempt(async () => {
    const { run } = await client.start(form.read());
    events.started({ run });
    running.add(run);
    cancellable();
  });
}

// The one that was started last.
async function stop() {
  await attempt(() => client.cancel([...running].at(-1)));
}

async function send() {
  await attempt(async () => {
    if (!client.send(await form.read())) throw new Error(t("reconnecting"));
  });
}

async function attempt(act) {
  $("refused").hidden = true;
  try {
    await act();
  } catch (error) {
    // A field says itself what is wrong with it.
    if (!(error instanceof FieldError)) refuse(error);
  }
}

function refuse(error) {
  events.refused(error);
  const problems = (error.data?.problems ?? []).map((problem) => h("p", {}, `${problem.path}: ${problem.message}`));
  $("refused").replaceChildren(h("p", {}, error.message), ...problems);
  $("refused").hidden = false;
}
