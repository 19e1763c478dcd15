import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { Finding } from "../api/types";
import type { Fault } from "../document";
import { useTexts } from "../i18n";
import { change } from "./change";
import { diagnostics } from "./diagnostics";
import { theme } from "./theme";
import "./yaml.css";

interface Properties {
  text: string;
  problems: Finding[];
  faults: Fault[];
  /** What is to be shown: where it is in the text. */
  reveal: { from: number; to: number } | null;
  onEdit: (text: string) => void;
}

/** A change that came from elsewhere, and is not told back. */
const outside = Annotation.define<boolean>();

/** The text of the flow, in step with the graph. Undoing is the page's: it knows of both. */
export function YamlPanel({ text, problems, faults, reveal, onEdit }: Properties) {
  const { t } = useTexts();
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef(onEdit);
  useEffect(() => {
    told.current = onEdit;
  });
  const label = t("editor.view.text");
  useEffect(() => {
    const made = new EditorView({ parent: holder.current!, state: stateOf(text, label, (now) => told.current(now)) });
    view.current = made;
    return () => made.destroy();
    // The text that it begins with; later ones are put in below.
    // eslint-disable-next-line
  }, [label]);
  useEffect(() => {
    const now = view.current;
    const changes = now && change(now.state.doc.toString(), text);
    if (changes) now.dispatch({ changes, annotations: outside.of(true) });
  }, [text]);
  useEffect(() => {
    const now = view.current;
    if (now && now.state.doc.toString() === text)
      now.dispatch(setDiagnostics(now.state, diagnostics(text, problems, faults)));
  }, [text, problems, faults]);
  useEffect(() => {
    if (!reveal || !view.current) return;
    const { from, to } = reveal;
    view.current.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
  }, [reveal]);
  return <div className="yaml-panel" ref={holder} />;
}

function stateOf(text: string, label: string, onEdit: (text: string) => void): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      foldGutter(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      lintGutter(),
      yaml(),
      theme,
      EditorView.contentAttributes.of({ "aria-label": label }),
      keymap.of([indentWithTab, ...searchKeymap, ...foldKeymap, ...lintKeymap, ...defaultKeymap]),
      EditorView.updateListener.of((update) => {
        const isOurs = update.transactions.some((it) => it.docChanged && !it.annotation(outside));
        if (isOurs) onEdit(update.state.doc.toString());
      }),
    ],
  });
}
