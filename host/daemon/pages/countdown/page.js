// The countdown in a browser: any window starts it, and every window sees the number fall.

import { connect } from "/client.js";
import { $, h, prose } from "../dom.js";
import { address, one, watch } from "../flows.js";
import { t } from "../i18n/i18n.js";
import { answers, frame, showState } from "../shell.js";
import * as dial from "./dial.js";
import { Follower } from "./follower.js";

const FLOW = "countdown";
const FROM = 10;

const own = new Set();
const follower = new Follower(show);
let client = null;
let shown = null;

frame("countdownTitle");
$("a").value = FROM;
dial.preview(FROM);
$("form").addEventListener("submit", start);
$("a").addEventListener("input", () => follower.run === null && dial.preview($("a").value || "–"));
watch(() => one(FLOW), { changed: found, failed: () => answers(false) });
ready();

// The page works as soon as there is a connection, and says so.
function ready() {
  $("start").disabled = client?.state.name !== "live";
}

function found(flow) {
  answers(true);
  const runnable = flow !== null && flow.status !== "broken";
  $("play").hidden = !runnable;
  $("trouble").hidden = runnable;
  $("trouble").replaceChildren(...(runnable ? [] : flow === null ? missing() : broken()));
  if (runnable) bound(flow.input?.properties?.a ?? {});
  if (runnable && (client === null || client.state.name === "closed")) join();
}

function missing() {
  return [h("p", {}, prose(t("countdownMissing"))), h("p", {}, prose(t("countdownMissingNext")))];
}

function broken() {
  return [h("p", {}, prose(t("countdownBroken"))), h("p", {}, h("a", { href: `/try/${FLOW}` }, t("seeProblems")))];
}

// What the flow says about its parameter holds for the field too.
function bound({ minimum, maximum }) {
  $("a").min = minimum ?? "";
  $("a").max = maximum ?? "";
}

function join() {
  client = connect(address(FLOW));
  showState(client);
  client.on("state", ready);
  client.on("push", ({ run, message }) => follower.pushed(run, message));
  client.on("output", ({ run, value }) => follower.ended(run, value));
  client.on("failed", ({ run, error }) => follower.failed(run, error));
  client.on("gap", missed);
  ready();
  say("idle");
}

async function start(event) {
  event.preventDefault();
  $("refused").hidden = true;
  follower.starting();
  try {
    const { run } = await client.start({ a: number($("a").value) });
    own.add(run);
    follower.started(run);
  } catch (error) {
    follower.refused();
    refuse(error);
  }
}

// What is no number goes to the host as it is: the flow says what it takes.
function number(text) {
  return text.trim() === "" ? null : Number(text);
}

function refuse({ message, data }) {
  const problems = (data?.problems ?? []).map((problem) => h("p", {}, problem.message));
  $("refused").replaceChildren(...(problems.length ? problems : [h("p", {}, message)]));
  $("refused").hidden = false;
}

function show({ run, value, error, last }) {
  if (error) say("failed", { message: error.message });
  else if (last) dial.arrive(value), say("zero");
  else if (run === shown) dial.next(value);
  else dial.begin(value), say(own.has(run) ? "own" : "other");
  shown = run;
}

function missed() {
  if (follower.run === null) return;
  follower.missed();
  say("missed");
}

function say(key, values) {
  $("status").textContent = t(key, values);
}
