import { expect, test } from "vitest";
import { merged } from "./merged";

const run = (run: string, status: string) => ({ run, status }) as never;

test("a run is listed once, as it was told last, and the youngest first", () => {
  const all = merged([run("01a", "running"), run("01b", "running")], [run("01a", "output"), run("01c", "running")]);
  expect(all.map(({ run, status }) => [run, status])).toEqual([
    ["01c", "running"],
    ["01b", "running"],
    ["01a", "output"],
  ]);
});
