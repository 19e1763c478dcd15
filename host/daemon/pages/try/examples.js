// The same from one's own program, with the input that the form holds now.

import { $, copyButton, h } from "../dom.js";
import { t } from "../i18n/i18n.js";

const EXAMPLES = {
  "json-rpc": { exampleFrame: frame, exampleScript: script, exampleCurl: curl, exampleSse: stream },
  raw: { exampleScript: rawScript },
};

/** Shows the examples of a flow. `request()` is the input that they send. */
export function examples(flow, url, request) {
  const pane = h("div", { class: "example", id: "example", "aria-live": "polite" });
  const choices = Object.entries(EXAMPLES[flow.framing]).map(([label, write]) => choice(label, write));
  function choice(label, write) {
    const text = () => write({ flow: flow.flow, url, input: request() });
    return h("button", { type: "button", "data-label": label, onclick: show }, t(label));
    function show() {
      for (const one of choices) one.setAttribute("aria-pressed", String(one.dataset.label === label));
      pane.replaceChildren(h("pre", { class: "well" }, text()), copyButton(text, { label: t("copy"), copied: t("copied") }));
    }
  }
  $("examples").replaceChildren(h("div", { class: "tabs", role: "group", "aria-label": t("examples") }, choices), pane);
  choices[0].click();
  // The form has changed, and so has what is shown.
  return () => choices.find((one) => one.getAttribute("aria-pressed") === "true").click();
}

function frame({ input }) {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method: "start", params: { input } }, null, 2);
}

function script({ url, input }) {
  return `import { connect } from "${location.origin}/client.js";

const client = connect(${JSON.stringify(url)});
client.on("push", ({ message }) => console.log("push", message));
const { output } = await client.run(${JSON.stringify(input)});
console.log("output", output);`;
}

function rawScript({ url }) {
  return `const socket = new WebSocket(${JSON.stringify(url)});
socket.binaryType = "arraybuffer";
socket.onmessage = ({ data }) => console.log(data);
socket.onopen = () => socket.send("hello");`;
}

function curl({ flow, input }) {
  return `curl -d ${quoted(JSON.stringify(input))} -H 'content-type: application/json' ${location.origin}/run/${flow}`;
}

function stream(request) {
  return curl(request).replace("curl ", "curl -N -H 'accept: text/event-stream' ");
}

// For a shell: a quotation mark ends the string, stands alone, and begins another.
function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
