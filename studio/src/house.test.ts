import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Every source file, from here, with what it imports. */
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes(".test."))
  .map((file) => {
    const text = readFileSync(join(import.meta.dirname, file), "utf8");
    return { file, imports: [...text.matchAll(/from "([^"]+)"/g)].map(([, from]) => from!) };
  });

const importing = (from: RegExp) =>
  files.filter(({ imports }) => imports.some((it) => from.test(it))).map(({ file }) => file);

test("React Flow never leaves canvas/", () => {
  expect(importing(/^@xyflow/).filter((file) => !file.startsWith("canvas/"))).toEqual([]);
});

test("what is known of documents needs no browser", () => {
  const known = files.filter(({ file }) => file.startsWith("document/"));
  expect(known.length).toBeGreaterThan(10);
  for (const { file, imports } of known) {
    const others = imports.filter(
      (it) => !it.startsWith("./") && it !== "yaml" && it !== "@dagrejs/dagre" && it !== "../api/types",
    );
    expect([file, others]).toEqual([file, []]);
  }
});

test("what is asked of the daemon is asked in api/", () => {
  const asking = files
    .filter(({ file }) => !file.startsWith("api/"))
    .filter(({ file }) => {
      return /\bfetch\(/.test(readFileSync(join(import.meta.dirname, file), "utf8"));
    });
  expect(asking.map(({ file }) => file)).toEqual([]);
});
