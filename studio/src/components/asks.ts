/** What a component asks of the host, in a word each. */

/** Interfaces that have types alone ask for nothing. */
const TYPES = new Set(["types", "branches"]);

/** `push` of `sandgate:flow/push@0.1.0`; others than the platform's with their package. */
export function asksFor(imports: string[]): string[] {
  const names = imports.map((it) => it.replace(/@.*$/, "").replace(/^sandgate:flow\//, ""));
  return names.filter((name) => !TYPES.has(name));
}
