/** Opens a flow: its draft, or what is published of it, and what was not saved the last time. */

import { read, version, versions } from "../api/daemon";
import { ifAbsent } from "../api/ask";
import { stashed } from "./stash";
import { createEditor, type EditorStore } from "./store";

/** The editor of a flow; null if there is neither a draft nor a version. */
export async function open(flow: string): Promise<EditorStore | null> {
  const [draft, published] = await Promise.all([read(flow, "draft"), current(flow)]);
  const unsaved = stashed(flow, "draft");
  const text = draft?.text ?? published ?? unsaved?.text;
  if (text === undefined || text === null) return null;
  const editor = createEditor({ flow, which: "draft", text, tag: draft?.tag ?? null, published });
  if (unsaved && unsaved.text !== text) restore(editor, unsaved);
  return editor;
}

/** The editor of a flow's cases; of none yet, an empty one. */
export async function openCases(flow: string): Promise<EditorStore> {
  const kept = await read(flow, "cases");
  const unsaved = stashed(flow, "cases");
  const text = kept?.text ?? "";
  const editor = createEditor({ flow, which: "cases", text, tag: kept?.tag ?? null, published: text });
  if (unsaved && unsaved.text !== text) restore(editor, unsaved);
  return editor;
}

/** What was not saved is another edit, unless somebody else has saved since: then both are shown. */
function restore(editor: EditorStore, unsaved: { text: string; tag: string | null }): void {
  const { tag, text } = editor.getState();
  editor.edit(unsaved.text);
  if (unsaved.tag !== tag) editor.setState({ saved: { state: "conflict", theirs: text, tag } });
  else editor.setState({ saved: { state: "unsaved" } });
}

async function current(flow: string): Promise<string | null> {
  const page = await versions(flow).catch(ifAbsent(null));
  const newest = page?.versions[0];
  return newest ? (await version(flow, newest.version)).text : null;
}
