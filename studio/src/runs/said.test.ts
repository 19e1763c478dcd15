import { expect, test } from "vitest";
import { said } from "./said";

test("what was pushed is in the order of time, and then comes the end", () => {
  const push = (at: string, message: number) => ({ at, function: "push", to: "everyone", message, sessions: 1 });
  const of = (at: string, message: number) => ({ calls: [push(at, message)], ended: at }) as never;
  const start = Date.parse("2026-01-01T00:00:00Z");
  const trace = [of("2026-01-01T00:00:02Z", 2), of("2026-01-01T00:00:01Z", 1)];
  expect(said(trace, { status: "output", output: 0, error: null }, start)).toEqual([
    { atMs: 1000, kind: "push", to: "everyone", message: 1 },
    { atMs: 2000, kind: "push", to: "everyone", message: 2 },
    { atMs: 2000, kind: "output", message: 0 },
  ]);
});
