// Elements, without a framework.

/**
 * An element. An attribute `onclick` and the like is a listener, `class`, `aria-label` and so on are attributes, true
 * is an attribute without a value, and null, undefined and false are none. Children that are not elements are text.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** A text of which what stands between backticks is code, as the host's own texts have it. */
export function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

/** The element of the page with this id. */
export function $(id) {
  return document.getElementById(id);
}

/** A button that copies what `text()` says, and shows for a moment that it did. */
export function copyButton(text, { label, copied }) {
  const button = h("button", { type: "button", class: "quiet small", onclick: copy }, label);
  async function copy() {
    await write(text());
    button.textContent = copied;
    setTimeout(() => (button.textContent = label), COPIED_MS);
  }
  return button;
}

const COPIED_MS = 1_500;

// The clipboard's interface exists only in secure contexts, and a host in the local network is none.
async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = h("textarea", { class: "hidden-visually" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
