import { expect, test } from "vitest";
import type { CaseResult } from "../api/types";
import { expectationOf, timeOf } from "./expectation";

const result: CaseResult = {
  name: "it",
  status: "shown",
  input: {},
  pushes: [{ at_ms: 1000, to: "everyone", message: 3 }],
  end: { status: "output", output: 0, error: null },
  duration_ms: 1000,
  differences: [],
  activations: [],
  truncated: false,
};

test("what came is expected as it came", () => {
  expect(expectationOf(result)).toEqual({ pushes: [{ to: "everyone", message: 3, at: "1s" }], output: 0 });
});

test("of a run that failed the error is expected, and of one without an output nothing", () => {
  expect(expectationOf({ ...result, end: { status: "failed", output: null, error: "node a: trap" } })).toMatchObject({
    error: "node a: trap",
  });
  expect(expectationOf({ ...result, pushes: [], end: { status: "completed", output: null, error: null } })).toEqual({
    pushes: [],
  });
});

test("times are written as cases write them", () => {
  expect([0, 250, 1000, 90_000, 3_661_001].map(timeOf)).toEqual(["0s", "250ms", "1s", "1m30s", "1h1m1s1ms"]);
});
