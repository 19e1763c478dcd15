import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { arrange, read, sizeOf } from "./index";

const COUNTDOWN = readFileSync(new URL("../../../flows/countdown.yaml", import.meta.url), "utf8");
const graph = read(COUNTDOWN).graph!;

test("nodes stand below what leads to them, and do not lie upon each other", () => {
  const at = arrange(graph);
  expect(at.get("count")!.y).toBeLessThan(at.get("positive")!.y);
  expect(at.get("positive")!.y).toBeLessThan(at.get("show")!.y);
  expect(at.get("show")!.y).toBe(at.get("done")!.y);
  // The first branch is on the left.
  expect(at.get("show")!.x).toBeLessThan(at.get("done")!.x);
  for (const one of graph.nodes) {
    for (const other of graph.nodes) {
      if (one === other) continue;
      const [a, b] = [at.get(one.id)!, at.get(other.id)!];
      const apart = Math.abs(a.x - b.x) >= sizeOf(one).width || Math.abs(a.y - b.y) >= sizeOf(one).height;
      expect([one.id, other.id, apart]).toEqual([one.id, other.id, true]);
    }
  }
});

test("the same flow is always arranged in the same way", () => {
  expect(arrange(graph)).toEqual(arrange(read(COUNTDOWN).graph!));
});

test("a chain of a thousand nodes, with ways back, can be arranged", () => {
  const nodes = Array.from({ length: 1000 }, (_, index) => ({
    kind: "call" as const,
    id: `n${index}`,
    callee: "a.b",
    with: {},
  }));
  const edges = nodes.flatMap((node, index) => [
    { id: `${node.id}/next`, from: node.id, port: { kind: "next" as const }, to: `n${(index + 1) % 1000}` },
  ]);
  expect(arrange({ ...graph, nodes, edges, start: "n0" }).size).toBe(1000);
});
