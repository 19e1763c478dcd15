// The page's language: the first of the browser's that there are messages in.

import en from "./en.js";
import zh from "./zh.js";

const MESSAGES = { en, zh };
const TAGS = { en: "en", zh: "zh-CN" };

/** `en` or `zh`. */
export const language =
  navigator.languages.map((tag) => tag.split("-")[0].toLowerCase()).find((tag) => tag in MESSAGES) ?? "en";

/** A message, with values where it has places for them. */
export function t(key, values = {}) {
  const message = MESSAGES[language][key];
  if (message === undefined) throw new Error(`no message ${key} in ${language}`);
  if (typeof message === "function") return message(values);
  return message.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A time of day, to the millisecond. */
export function time(date) {
  return TIME.format(date);
}

const TIME = new Intl.DateTimeFormat(TAGS[language], {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

/** Fills in what the page's HTML leaves to the language: `data-t` is an element's text, `data-t-label` its label. */
export function translate() {
  document.documentElement.lang = TAGS[language];
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  }
}
