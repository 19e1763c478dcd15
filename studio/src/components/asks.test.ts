import { expect, test } from "vitest";
import { asksFor } from "./asks";

test("what has types alone asks for nothing", () => {
  expect(
    asksFor(["sandgate:flow/types@0.1.0", "sandgate:flow/push@0.1.0", "wasi:http/outgoing-handler@0.2.0"]),
  ).toEqual(["push", "wasi:http/outgoing-handler"]);
});
