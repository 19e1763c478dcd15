import { expect, test } from "vitest";
import { interfaces } from "./interfaces";

test("what was never published is listed with what was", () => {
  const flow = { flow: "b", title: "B", description: null } as never;
  const draft = (id: string) => ({ flow: id, title: `Draft ${id}` }) as never;
  const all = interfaces([flow], [draft("a"), draft("b")]);
  expect(all.map(({ id, title, flow, draft }) => [id, title, flow !== null, draft !== null])).toEqual([
    ["a", "Draft a", false, true],
    ["b", "Draft b", true, true],
  ]);
});
