import { acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder as placeholderOf } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { change } from "../../yaml/change";
import { theme } from "../../yaml/theme";
import { completions, type Scope } from "./completion";
import { cel } from "./language";
import "./expression.css";

interface Properties {
  value: string;
  label: string;
  placeholder?: string;
  scope: Scope;
  /** What is wrong with it. */
  fault?: string;
  onChange: (value: string) => void;
}

const outside = Annotation.define<boolean>();

/** One expression in one line, with what can be written at each place of it. */
export function ExpressionEditor({ value, label, placeholder, scope, fault, onChange }: Properties) {
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
    const marks = fault ? [{ from: 0, to: now.state.doc.length, severity: "error" as const, message: fault }] : [];
    now.dispatch(setDiagnostics(now.state, marks));
  }, [fault, value]);
  return <div className={`expression ${fault ? "expression-bad" : ""}`} ref={holder} />;
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
