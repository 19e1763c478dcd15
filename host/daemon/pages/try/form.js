// A form made from an input's JSON Schema: a field for each parameter.

import { h } from "../dom.js";
import { t } from "../i18n/i18n.js";

/** A field holds what cannot be sent. It is marked, and says why. */
export class FieldError extends Error {}

/**
 * The fields; `read()`, which gives the input or throws a `FieldError`; and `peek()`, which gives as much of it as can be
 * had. What is left empty is left out.
 */
export function fields(schema) {
  const required = new Set(schema?.required ?? []);
  const all = Object.entries(schema?.properties ?? {}).map(([name, one]) => field(name, one, required.has(name)));
  return {
    elements: all.length ? all.map(({ element }) => element) : [h("p", { class: "soft" }, t("noParameters"))],
    read: () => input(all.map(({ name, read }) => [name, read()])),
    peek: () => input(all.map(({ name, peek }) => [name, peek()])),
  };
}

function input(entries) {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function field(name, schema, required) {
  const id = `input-${name}`;
  const control = kind(schema)(id, schema);
  const wrong = h("p", { class: "wrong", id: `${id}-wrong`, role: "alert", hidden: true });
  control.input.setAttribute("aria-describedby", `${id}-help ${id}-wrong`);
  if (required) control.input.setAttribute("aria-required", "true");
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: id }, h("code", {}, name), schema.title ? ` ${schema.title}` : null),
    h("div", { class: "check" }, control.input, control.after ?? null),
    h("p", { class: "soft", id: `${id}-help` }, help(schema, required, control.hint)),
    wrong,
  );
  return { name, element, read: () => marked(control, wrong), peek: () => quiet(control.read) };
}

function help(schema, required, hint) {
  return [schema.description, bounds(schema), hint, required ? t("required") : null].filter(Boolean).join(" · ");
}

function bounds({ minimum, maximum }) {
  if (minimum !== undefined && maximum !== undefined) return t("between", { minimum, maximum });
  if (minimum !== undefined) return t("atLeast", { minimum });
  if (maximum !== undefined) return t("atMost", { maximum });
  return null;
}

function marked({ input, read }, wrong) {
  try {
    const value = read();
    mark(input, wrong, null);
    return value;
  } catch (error) {
    mark(input, wrong, error.message);
    input.focus();
    throw new FieldError(error.message, { cause: error });
  }
}

function quiet(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function mark(input, wrong, message) {
  input.setAttribute("aria-invalid", String(message !== null));
  wrong.hidden = message === null;
  wrong.textContent = message ?? "";
}

function kind(schema) {
  if (schema.enum) return choice;
  return { integer: number, number, boolean: check, string: text }[schema.type] ?? json;
}

function number(id, schema) {
  const step = schema.type === "integer" ? 1 : "any";
  const { minimum: min, maximum: max } = schema;
  const input = h("input", { id, type: "number", step, min, max, value: schema.default });
  // What is no number is sent as the host would be sent it by any client, and refused with its own words.
  return { input, read: () => (input.value === "" ? undefined : Number(input.value)) };
}

function text(id, schema) {
  const { minLength: minlength, maxLength: maxlength } = schema;
  const input = h("input", { id, type: "text", minlength, maxlength, value: schema.default });
  const empty = schema.default === undefined ? undefined : "";
  return { input, read: () => (input.value === "" ? empty : input.value) };
}

function check(id, schema) {
  const input = h("input", { id, type: "checkbox", checked: schema.default === true });
  return { input, read: () => input.checked };
}

function choice(id, schema) {
  const none = schema.default === undefined ? [h("option", { value: "" }, t("unset"))] : [];
  const options = schema.enum.map((value, index) => {
    const label = typeof value === "string" ? value : JSON.stringify(value);
    return h("option", { value: index, selected: value === schema.default }, label);
  });
  const input = h("select", { id }, none, options);
  return { input, read: () => (input.value === "" ? undefined : schema.enum[input.value]) };
}

function json(id, schema) {
  const value = schema.default === undefined ? "" : JSON.stringify(schema.default, null, 2);
  const input = h("textarea", { id, rows: 4, spellcheck: "false" }, value);
  return { input, hint: t("jsonHint"), read: () => (input.value.trim() === "" ? undefined : parse(input.value)) };
}

function parse(written) {
  try {
    return JSON.parse(written);
  } catch (error) {
    throw new Error(t("notJson", { message: error.message }), { cause: error });
  }
}
