import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import type { Activation, Finding } from "../api/types";
import { useComponents } from "../canvas/useComponents";
import { arrange, move, placeOf, read, spanOf, type NodeId } from "../document";
import { Inspector } from "../inspector/Inspector";
import { useTexts } from "../i18n";
import { checking } from "./checking";
import { Conflict } from "./Conflict";
import { EditorBar, type Drawer, type View } from "./EditorBar";
import { Graphed } from "./Graphed";
import { KeysDialog } from "./KeysDialog";
import { Palette } from "./Palette";
import { Problems } from "./Problems";
import { saving, type Saver } from "./saving";
import type { EditorStore } from "./store";
import { useAdding } from "./useAdding";
import { useExpressions } from "./useExpressions";
import { useKeys } from "./useKeys";
import "./editor.css";

// What is not seen at first is loaded when it is.
const CasesPanel = lazy(async () => ({ default: (await import("../cases/CasesPanel")).CasesPanel }));
const PublishDialog = lazy(async () => ({ default: (await import("../publishing/PublishDialog")).PublishDialog }));
const TryPanel = lazy(async () => ({ default: (await import("../trying/TryPanel")).TryPanel }));
const YamlPanel = lazy(async () => ({ default: (await import("../yaml/YamlPanel")).YamlPanel }));

/** What a flow is edited with: palette, graph, text and inspector, and below them problems, cases and trying. */
export function Workbench({ editor, cases }: { editor: EditorStore; cases: EditorStore }) {
  const { t } = useTexts();
  const edited = useStore(editor);
  const { text, selection, check } = edited;
  const components = useComponents();
  const functions = useExpressions();
  const [view, setView] = useState<View>("graph");
  const [drawer, setDrawer] = useState<Drawer | null>(null);
  const [dialog, setDialog] = useState<"keys" | "publish" | null>(null);
  const [focus, setFocus] = useState<{ id: NodeId } | null>(null);
  const [fit, setFit] = useState(0);
  const [reveal, setReveal] = useState<{ from: number; to: number } | null>(null);
  const [trace, setTrace] = useState<Activation[] | null>(null);
  const saver = useSaver(editor);
  const casesSaver = useSaver(cases);
  useEffect(() => checking(editor), [editor]);
  const { graph, faults } = read(text);
  const problems = check?.said.problems ?? NONE;
  const { adding, add, ask, dismiss } = useAdding(editor, components, setFocus);
  const refit = useCallback(() => setFit((it) => it + 1), []);
  const tidy = useCallback(() => {
    const { graph } = read(editor.getState().text);
    if (graph) editor.edit(move(editor.getState().text, arrange(graph)));
    refit();
  }, [editor, refit]);
  useKeys(editor, {
    add: () => ask(null, null),
    arrange: tidy,
    fit: refit,
    help: () => setDialog("keys"),
    save: () => {
      void saver.now();
      void casesSaver.now();
    },
  });
  const go = (finding: Finding) => {
    const { node, path } = placeOf(check?.of ?? text, finding.line, finding.column);
    editor.select(node ? [node] : []);
    if (node) setFocus({ id: node });
    if (view !== "graph") setReveal(spanOf(text, path));
  };
  const errors = problems.filter(({ severity }) => severity === "error").length;
  // What cannot be read is mended as text.
  const isGraph = graph !== null && (faults.length === 0 ? view !== "text" : view === "split");
  const isText = !isGraph || view === "split";
  return (
    <main className="editor" id="content">
      <EditorBar
        edited={edited}
        title={graph?.title ?? edited.flow}
        errors={errors}
        warnings={problems.length - errors}
        view={view}
        drawer={drawer}
        onView={(now) => {
          setView(now);
          refit();
        }}
        onDrawer={(now) => {
          setDrawer(now);
          refit();
        }}
        onUndo={editor.undo}
        onRedo={editor.redo}
        onArrange={tidy}
        onHelp={() => setDialog("keys")}
        onPublish={() => setDialog("publish")}
      />
      <div className={`editor-body editor-${isGraph ? "graphed" : "text"}`}>
        {isGraph && <Palette components={components} onAdd={(offered) => add(offered, null, null)} />}
        <div className="editor-middle">
          <div className="editor-panes">
            {isGraph && <Graphed {...{ editor, graph, components, trace, focus, fit, adding, add, ask, dismiss }} />}
            {isText && (
              <div className="editor-text">
                {(!graph || faults.length > 0) && <p className="editor-text-only">{t("editor.textOnly")}</p>}
                <Suspense fallback={null}>
                  <YamlPanel
                    text={text}
                    problems={problems}
                    faults={faults}
                    reveal={reveal}
                    onEdit={(now) => editor.edit(now, "text")}
                  />
                </Suspense>
              </div>
            )}
          </div>
        </div>
        {graph && (
          <Inspector
            text={text}
            graph={graph}
            selected={selection.length === 1 ? selection[0]! : null}
            components={components}
            check={check}
            functions={functions}
            onEdit={editor.edit}
            onSelect={(id) => editor.select(id === null ? [] : [id])}
          />
        )}
        {drawer && (
          <section className={`editor-drawer editor-${drawer}`} aria-label={t("editor.drawer")}>
            <Suspense fallback={null}>
              {drawer === "problems" && <Problems text={check?.of ?? text} problems={problems} onGo={go} />}
              {drawer === "cases" && (
                <CasesPanel
                  flow={edited.flow}
                  document={editor}
                  cases={cases}
                  onTrace={setTrace}
                  selection={selection}
                />
              )}
              {drawer === "try" && (
                <TryPanel flow={edited.flow} document={editor} onTrace={setTrace} selection={selection} />
              )}
            </Suspense>
          </section>
        )}
      </div>
      <Suspense fallback={null}>
        {" "}
        {dialog === "keys" && <KeysDialog onClose={() => setDialog(null)} />}
        {dialog === "publish" && (
          <PublishDialog document={editor} cases={cases} savers={[saver, casesSaver]} onClose={() => setDialog(null)} />
        )}
      </Suspense>{" "}
      <Conflict editor={editor} saver={saver} />
      <Conflict editor={cases} saver={casesSaver} />
    </main>
  );
}

const NONE: Finding[] = [];

/** Saves an editor's text as long as the page is there. */
function useSaver(editor: EditorStore): Saver {
  const saver = useMemo(() => saving(editor), [editor]);
  useEffect(() => saver.start(), [saver]);
  return saver;
}
