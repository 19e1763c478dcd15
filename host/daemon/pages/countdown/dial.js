// The large number and the ring around it.

import { $, h } from "../dom.js";

const FALL_MS = 320;

let first = null;

/** The number that a start would begin with. */
export function preview(value) {
  enter("idle");
  write(value);
}

/** The first number that is seen of a run: the ring is full. */
export function begin(value) {
  first = Number(value);
  enter("counting");
  fall(value);
}

/** A further number. */
export function next(value) {
  enter("counting");
  fall(value);
}

/** The last one. */
export function arrive(value) {
  enter("zero");
  fall(value);
}

function enter(phase) {
  $("dial").dataset.phase = phase;
}

function fall(value) {
  const left = first > 0 ? Math.min(1, Math.max(0, Number(value) / first)) : 0;
  $("rest").style.strokeDashoffset = String(1 - left);
  const before = $("number").textContent;
  write(value);
  if (before !== "" && !matchMedia("(prefers-reduced-motion: reduce)").matches) animate(before);
}

function write(value) {
  const text = String(value);
  $("number").textContent = text;
  $("dial").style.setProperty("--digits", String(text.length));
}

// The old number drops out below while the new one drops in from above.
function animate(before) {
  const gone = h("div", { class: "gone", "aria-hidden": "true" }, before);
  $("dial").append(gone);
  const timing = { duration: FALL_MS, easing: "cubic-bezier(.3, 0, .2, 1)" };
  $("number").animate({ transform: ["translateY(-45%)", "none"], opacity: [0, 1] }, timing);
  gone
    .animate({ transform: ["none", "translateY(45%)"], opacity: [1, 0] }, { ...timing, fill: "forwards" })
    .finished.finally(() => gone.remove());
}
