import { acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderOf } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { change } from "../../yaml/change";
import { theme } from "../../yaml/theme";
import type { Mark } from "../problems";
import { completions, type Scope } from "./completion";
import { cel } from "./language";
import "./expression.css";

interface Properties {
  value: string;
  label: string;
  placeholder?: string;
  scope: Scope;
  /** What is wrong with it, and where. */
  marks: Mark[];
  onChange: (value: string) => void;
}

const outside = Annotation.define<boolean>();

/** One expression in one line, with what can be written at each place of it. */
export function ExpressionEditor({ value, label, placeholder, scope, marks, onChange }: Properties) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ scope, onChange });
  useEffect(() => {
    latest.current = { scope, onChange };
  });
  const initial = useRef(value);
  useEffect(() => {
    const state = stateOf(initial.current, label, placeholder, latest.current, () => latest.current);
    const made = new EditorView({ parent: holder.current!, state });
    view.current = made;
    return () => made.destroy();
  }, [label, placeholder]);
  useEffect(() => {
    const now = view.current;
    const changes = now && change(now.state.doc.toString(), value);
    if (changes) now.dispatch({ changes, annotations: outside.of(true) });
  }, [value]);
  useEffect(() => {
    const now = view.current;
    if (!now) return;
    const { length } = now.state.doc;
    const shown = marks.map(({ from, to, message }) => {
      return { from: Math.min(from, length), to: Math.min(to, length), severity: "error" as const, message };
    });
    now.dispatch(setDiagnostics(now.state, shown));
  }, [marks, value]);
  return <div className={`expression ${marks.length > 0 ? "expression-bad" : ""}`} ref={holder} />;
}

type Latest = Pick<Properties, "scope" | "onChange">;

function stateOf(
  value: string,
  label: string,
  placeholder: string | undefined,
  _: Latest,
  latest: () => Latest,
): EditorState {
  return EditorState.create({
    doc: value,
    extensions: [
      history(),
      cel,
      theme,
      autocompletion({ override: [(context) => completions(latest().scope)(context)], icons: false }),
      EditorView.contentAttributes.of({ "aria-label": label }),
      placeholder ? placeholderOf(placeholder) : [],
      // One line, and an expression that is pasted with its braces loses them.
      EditorState.transactionFilter.of((it) => (it.newDoc.lines > 1 ? [] : it)),
      keymap.of([{ key: "Tab", run: acceptCompletion }, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.clipboardInputFilter.of((text) =>
        text
          .trim()
          .replace(/\s*\n\s*/g, " ")
          .replace(/^\$\{([^{}]*)\}$/, "$1"),
      ),
      EditorView.updateListener.of((update) => {
        const isOurs = update.transactions.some((it) => it.docChanged && !it.annotation(outside));
        if (isOurs) latest().onChange(update.state.doc.toString());
      }),
    ],
  });
}
