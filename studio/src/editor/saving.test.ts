import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { saving } from "./saving";
import { createEditor } from "./store";

/** A daemon that keeps one text, and refuses to replace it for whoever does not know it. */
function daemon(kept: { text: string; tag: string } | null) {
  const state = { kept, away: false, written: [] as string[] };
  vi.stubGlobal(
    "fetch",
    async (path: string, { method, body, headers }: RequestInit & { headers: Record<string, string> }) => {
      if (state.away) throw new TypeError("away");
      if (path.startsWith("/livez")) return new Response("ok");
      if (method === "GET") {
        return state.kept
          ? Response.json({ text: state.kept.text }, { headers: { ETag: state.kept.tag } })
          : new Response(null, { status: 404 });
      }
      if ((headers["If-Match"] ?? null) !== (state.kept?.tag ?? null)) {
        return Response.json({ type: "urn:sandgate:problem:changed", detail: "changed", status: 412 }, { status: 412 });
      }
      state.kept = { text: String(body), tag: `"${state.written.length + 1}"` };
      state.written.push(String(body));
      return Response.json({}, { status: 200, headers: { ETag: state.kept.tag } });
    },
  );
  return state;
}

const editor = () => createEditor({ flow: "it", which: "draft", text: "a", tag: '"0"', published: null });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what is typed is saved once it is quiet, in one go", async () => {
  const kept = daemon({ text: "a", tag: '"0"' });
  const edited = editor();
  const stop = saving(edited).start();
  for (const text of ["ab", "abc", "abcd"]) edited.edit(text);
  expect(edited.getState().saved.state).toBe("unsaved");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(kept.written).toEqual(["abcd"]);
  expect(edited.getState()).toMatchObject({ tag: '"1"', saved: { state: "saved" } });
  stop();
  edited.edit("more");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(kept.written).toEqual(["abcd"]);
});

test("what was never started saves nothing", async () => {
  const kept = daemon({ text: "a", tag: '"0"' });
  const edited = editor();
  saving(edited);
  edited.edit("b");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(kept.written).toEqual([]);
});

test("while the daemon is away it is tried again, and the last text is saved", async () => {
  const kept = daemon({ text: "a", tag: '"0"' });
  const edited = editor();
  saving(edited).start();
  kept.away = true;
  edited.edit("b");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(edited.getState().saved.state).toBe("away");
  edited.edit("bc");
  kept.away = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(kept.written).toEqual(["bc"]);
  expect(edited.getState().saved.state).toBe("saved");
});

test("who saves second is told, and their text is not lost", async () => {
  const kept = daemon({ text: "theirs", tag: '"9"' });
  const edited = editor();
  saving(edited).start();
  edited.edit("mine");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(edited.getState()).toMatchObject({ text: "mine", saved: { state: "conflict", theirs: "theirs", tag: '"9"' } });
  expect(kept.written).toEqual([]);
});
