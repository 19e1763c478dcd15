import { useCallback, useMemo } from "react";
import { useStore } from "zustand";
import type { Activation, Component } from "../api/types";
import { Canvas, type Source } from "../canvas/Canvas";
import { passedOf } from "../canvas/passed";
import { move, placeOf, type Graph, type NodeId, type Point, type Port } from "../document";
import { useTexts } from "../i18n";
import { lead, remove } from "./gestures";
import { QuickAdd } from "./QuickAdd";
import type { EditorStore } from "./store";
import type { useAdding } from "./useAdding";

interface Properties extends ReturnType<typeof useAdding> {
  editor: EditorStore;
  graph: Graph;
  components: Component[];
  trace: Activation[] | null;
  focus: { id: NodeId } | null;
  fit: number;
}

/** The graph with what is done on it, as changes of the text. */
export function Graphed({ editor, graph, components, trace, focus, fit, adding, add, ask, dismiss }: Properties) {
  const { t } = useTexts();
  const { selection, check } = useStore(editor);
  const problems = useMemo(() => counted(check), [check]);
  const passed = useMemo(() => (trace ? passedOf(graph, trace) : undefined), [graph, trace]);
  const drawn = useMemo(
    () => ({ graph, components, readOnly: false, problems, passed }),
    [graph, components, problems, passed],
  );
  const now = useCallback(() => editor.getState().text, [editor]);
  const onMove = useCallback(
    (to: Map<NodeId, Point>) => {
      const whole = new Map([...to].map(([id, { x, y }]) => [id, { x: Math.round(x), y: Math.round(y) }]));
      editor.edit(move(now(), whole), "move");
    },
    [editor, now],
  );
  const onConnect = useCallback((from: Source, to: NodeId) => editor.edit(lead(now(), from, to)), [editor, now]);
  const onRemove = useCallback(
    (nodes: NodeId[], ways: { from: NodeId; port: Port }[]) => {
      editor.edit(remove(now(), nodes, ways));
      editor.select([]);
    },
    [editor, now],
  );
  const onDrop = useCallback((kind: string, at: Point) => add(JSON.parse(kind), at, null), [add]);
  return (
    <div className="editor-graph">
      <Canvas
        drawn={drawn}
        selection={selection}
        focus={focus}
        fit={fit}
        onSelect={editor.select}
        onMove={onMove}
        onConnect={onConnect}
        onPull={ask}
        onRemove={onRemove}
        onDrop={onDrop}
      />
      {graph.nodes.length === 0 && (
        <div className="editor-empty">
          <h2>{t("editor.emptyTitle")}</h2>
          <p>{t("editor.emptyHelp")}</p>
        </div>
      )}
      {adding && (
        <QuickAdd
          components={components}
          at={adding.window}
          onAdd={(offered) => add(offered, adding.at, adding.from)}
          onClose={dismiss}
        />
      )}
    </div>
  );
}

type Checked = ReturnType<EditorStore["getState"]>["check"];

/** How many errors and warnings each node has. */
function counted(check: Checked): Map<NodeId, { errors: number; warnings: number }> {
  const counts = new Map<NodeId, { errors: number; warnings: number }>();
  if (!check) return counts;
  for (const { line, column, severity } of check.said.problems) {
    const { node } = placeOf(check.of, line, column);
    if (node === undefined) continue;
    const { errors, warnings } = counts.get(node) ?? { errors: 0, warnings: 0 };
    counts.set(node, severity === "error" ? { errors: errors + 1, warnings } : { errors, warnings: warnings + 1 });
  }
  return counts;
}
