import { expect, test } from "vitest";
import { shortcut } from "./shortcuts";

const nothing = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, typing: false, inText: false };
const press = (key: string, more: Partial<typeof nothing> = {}) => shortcut({ key, ...nothing, ...more });

test("letters are letters in a field, and shortcuts elsewhere", () => {
  expect(press("n")).toBe("add");
  expect(press("n", { typing: true })).toBeNull();
  expect(press("a", { ctrlKey: true, typing: true })).toBeNull();
});

test("undoing in the text is undoing in the graph, and a field's undoing is its own", () => {
  expect(press("z", { metaKey: true })).toBe("undo");
  expect(press("Z", { ctrlKey: true, shiftKey: true })).toBe("redo");
  expect(press("z", { ctrlKey: true, typing: true, inText: true })).toBe("undo");
  expect(press("z", { ctrlKey: true, typing: true })).toBeNull();
});

test("saving is asked for from anywhere", () => {
  expect(press("s", { ctrlKey: true, typing: true })).toBe("save");
});
