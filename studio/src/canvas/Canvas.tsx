import {
  Background,
  Controls,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  type Connection,
  type EdgeChange,
  type NodeChange,
  type OnConnectEnd,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useCallback, useEffect, useState, type DragEvent } from "react";
import type { NodeId, Point, Port } from "../document";
import { useTheme } from "../app/theme";
import { useTexts } from "../i18n";
import { FlowEdgeView } from "./edges/FlowEdgeView";
import { nodeTypes } from "./nodes/registry";
import type { Drawn } from "./project";
import { ENTRY, NEW_BRANCH, START, portOf, type EdgeShape, type NodeShape } from "./shape";
import { useShapes } from "./useShapes";
import "./canvas.css";

/** Where a way begins: at a port of a node, at a branch that is to be made, or at the interface. */
export type Source = { node: NodeId; port: Port } | { node: NodeId; port: null } | { node: null };

export interface Gestures {
  onSelect: (ids: NodeId[]) => void;
  onMove: (to: Map<NodeId, Point>) => void;
  onConnect: (from: Source, to: NodeId) => void;
  /** A way was pulled to where nothing is: at this place of the graph, and of the window. */
  onPull: (from: Source, at: Point, window: Point) => void;
  onRemove: (nodes: NodeId[], ways: { from: NodeId; port: Port }[]) => void;
  /** Something of this kind was dropped. */
  onDrop: (kind: string, at: Point) => void;
}

interface Properties extends Gestures {
  drawn: Drawn;
  selection: NodeId[];
  /** A node to go to. */
  focus: { id: NodeId } | null;
  /** When it changes, all of the flow is shown. */
  fit: number;
}

/** The kind of what is dragged out of the palette. */
export const DRAGGED = "application/x-sandgate-function";

const edgeTypes = { flow: FlowEdgeView };
const MAP_FROM = 8;
const LARGE_FROM = 120;
/** Smaller than this nothing on a node can be read, and is not drawn. */
const FAR = 0.3;
/** Of a flow that is larger than this its beginning is shown first. */
const AT_ONCE = 40;
const SEEN_FIRST = 8;

/** The graph, as it is edited. */
export function Canvas(properties: Properties) {
  return (
    <ReactFlowProvider>
      <Editable {...properties} />
    </ReactFlowProvider>
  );
}

function Editable({ drawn, selection, focus, fit, ...gestures }: Properties) {
  const { t } = useTexts();
  const { shown } = useTheme();
  const flow = useReactFlow<NodeShape, EdgeShape>();
  const isFar = useStore((it) => it.transform[2] < FAR);
  const shapes = useShapes(drawn, selection);
  const { change, selectEdges, edges } = shapes;
  // The map of a large flow is drawn anew for each move of a node, and would make it stutter.
  const [isDragging, setDragging] = useState(false);
  const isLarge = shapes.nodes.length > LARGE_FROM;
  const { onSelect, onMove, onConnect, onPull, onRemove, onDrop } = gestures;

  const changeNodes = useCallback(
    (changes: NodeChange<NodeShape>[]) => {
      change(changes);
      const chosen = new Set(selection);
      for (const it of changes) {
        if (it.type === "select" && it.id !== ENTRY) it.selected ? chosen.add(it.id) : chosen.delete(it.id);
      }
      if (chosen.size !== selection.length || selection.some((id) => !chosen.has(id))) onSelect([...chosen]);
      // Moved by the arrow keys: there is no end of a drag.
      const moved = changes.filter((it) => it.type === "position" && it.dragging === false && it.position);
      if (moved.length > 0)
        onMove(new Map(moved.flatMap((it) => ("position" in it && it.position ? [[it.id, it.position]] : []))));
    },
    [change, selection, onSelect, onMove],
  );
  const changeEdges = useCallback(
    (changes: EdgeChange<EdgeShape>[]) =>
      selectEdges(new Map(changes.flatMap((it) => (it.type === "select" ? [[it.id, it.selected]] : [])))),
    [selectEdges],
  );
  const connect = useCallback(
    ({ source, sourceHandle, target }: Connection) => {
      if (target !== ENTRY) onConnect(sourceOf(source, sourceHandle), target);
    },
    [onConnect],
  );
  const connectEnd = useCallback<OnConnectEnd>(
    (event, { isValid, fromNode, fromHandle, toNode }) => {
      if (isValid || toNode || !fromNode || fromHandle?.type !== "source") return;
      const { clientX: x, clientY: y } = "changedTouches" in event ? event.changedTouches[0]! : event;
      onPull(sourceOf(fromNode.id, fromHandle.id), flow.screenToFlowPosition({ x, y }), { x, y });
    },
    [flow, onPull],
  );
  const drop = (event: DragEvent) => {
    const kind = event.dataTransfer.getData(DRAGGED);
    if (!kind) return;
    event.preventDefault();
    onDrop(kind, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
  };
  useEffect(() => {
    if (focus) void flow.fitView({ nodes: [{ id: focus.id }], maxZoom: 1.1, minZoom: 0.6, duration: pace() });
  }, [flow, focus]);
  useEffect(() => {
    if (fit === 0) return;
    // When what has moved is drawn.
    const frame = requestAnimationFrame(() => void flow.fitView({ maxZoom: 1, padding: 0.12, duration: pace() }));
    return () => cancelAnimationFrame(frame);
  }, [flow, fit]);
  return (
    <ReactFlow
      className={isFar ? "canvas canvas-far" : "canvas"}
      aria-label={t("canvas.label")}
      nodes={shapes.nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      colorMode={shown}
      onNodesChange={changeNodes}
      onEdgesChange={changeEdges}
      onConnect={connect}
      onConnectEnd={connectEnd}
      onReconnect={(_, connection) => connect(connection)}
      onBeforeDelete={async ({ nodes, edges }) => {
        const ways = edges.flatMap(({ source, sourceHandle }) => {
          const port = portOf(sourceHandle);
          return port ? [{ from: source, port }] : [];
        });
        onRemove(
          nodes.map(({ id }) => id).filter((id) => id !== ENTRY),
          ways,
        );
        // The document says what is gone.
        return false;
      }}
      onDragOver={(event) => event.dataTransfer.types.includes(DRAGGED) && event.preventDefault()}
      onDrop={drop}
      deleteKeyCode={["Backspace", "Delete"]}
      multiSelectionKeyCode={["Shift", "Meta", "Control"]}
      connectionRadius={28}
      panOnScroll
      selectionOnDrag
      panOnDrag={[1, 2]}
      fitView
      fitViewOptions={{
        maxZoom: 1,
        padding: 0.12,
        nodes: shapes.nodes.length > AT_ONCE ? shapes.nodes.slice(0, SEEN_FIRST) : undefined,
      }}
      minZoom={0.04}
      maxZoom={2}
      onNodeDragStart={() => setDragging(true)}
      onNodeDragStop={() => setDragging(false)}
      onlyRenderVisibleElements={isLarge}
      ariaLabelConfig={{
        "node.a11yDescription.default": t("canvas.nodeHelp"),
        "edge.a11yDescription.default": t("canvas.edgeHelp"),
        "controls.ariaLabel": t("canvas.controls"),
        "controls.zoomIn.ariaLabel": t("canvas.zoomIn"),
        "controls.zoomOut.ariaLabel": t("canvas.zoomOut"),
        "controls.fitView.ariaLabel": t("canvas.fit"),
        "minimap.ariaLabel": t("canvas.map"),
      }}
    >
      <Background gap={20} />
      <Controls showInteractive={false} position="bottom-left" />
      {shapes.nodes.length > MAP_FROM && !(isDragging && isLarge) && (
        <MiniMap pannable zoomable position="bottom-right" />
      )}
    </ReactFlow>
  );
}

/** How long the view takes to get somewhere. */
function pace(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250;
}

function sourceOf(node: string, handle: string | null | undefined): Source {
  if (node === ENTRY || handle === START) return { node: null };
  return handle === NEW_BRANCH ? { node, port: null } : { node, port: portOf(handle) ?? { kind: "next" } };
}
