import { expect, test } from "vitest";
import { messagesOf } from "./asyncapi";

test("a message's direction is that of its operation, and one that has none is an answer", () => {
  const message = (name: string) => ({ name, summary: `${name}.`, payload: {}, examples: [{ payload: name }] });
  const reference = (name: string) => ({ $ref: `#/channels/session/messages/${name}` });
  const document = {
    operations: {
      run: { action: "receive", messages: [reference("run")], reply: { messages: [reference("ran")] } },
      push: { action: "send", messages: [reference("push")] },
    },
    components: { messages: { run: message("run"), ran: message("ran"), push: message("push") } },
  };
  expect(messagesOf(document).map(({ name, direction, answers }) => [name, direction, answers])).toEqual([
    ["run", "toHost", ["ran"]],
    ["ran", "answer", []],
    ["push", "toClient", []],
  ]);
});
