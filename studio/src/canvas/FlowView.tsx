import { Background, Controls, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useMemo } from "react";
import type { Activation } from "../api/types";
import { useTheme } from "../app/theme";
import { useTexts } from "../i18n";
import { read, union, type NodeId } from "../document";
import { FlowEdgeView } from "./edges/FlowEdgeView";
import { nodeTypes } from "./nodes/registry";
import { passedOf } from "./passed";
import { edgesOf, nodesOf } from "./project";
import { ENTRY, type EdgeShape, type Mark, type NodeShape } from "./shape";
import { useComponents } from "./useComponents";
import "./canvas.css";

interface Properties {
  /** The document. */
  text: string;
  /** That with which it is compared: what is gone from it is drawn as well. */
  before?: string;
  marks?: { nodes: Map<NodeId, Mark>; edges: Map<string, Mark> };
  trace?: Activation[];
  selected?: NodeId | null;
  onSelect?: (id: NodeId | null) => void;
}

const edgeTypes = { flow: FlowEdgeView };

/** A flow that is only looked at: with what a run did, or with what differs from another version. */
export function FlowView(properties: Properties) {
  return (
    <ReactFlowProvider>
      <View {...properties} />
    </ReactFlowProvider>
  );
}

function View({ text, before, marks, trace, selected, onSelect }: Properties) {
  const { t } = useTexts();
  const { shown } = useTheme();
  const components = useComponents();
  const graph = useMemo(() => {
    const [now, then] = [read(text).graph, before === undefined ? null : read(before).graph];
    return now && then ? union(then, now) : now;
  }, [text, before]);
  const passed = useMemo(() => (trace && graph ? passedOf(graph, trace) : undefined), [graph, trace]);
  const drawn = useMemo(
    () => graph && { graph, components, readOnly: true, marks, passed },
    [graph, components, marks, passed],
  );
  const nodes = useMemo<NodeShape[]>(
    () => (drawn ? nodesOf(drawn).map((node) => ({ ...node, selected: node.id === selected }) as NodeShape) : []),
    [drawn, selected],
  );
  const edges = useMemo<EdgeShape[]>(() => (drawn ? edgesOf(drawn) : []), [drawn]);
  if (!graph) return <p className="canvas-empty">{t("canvas.notDrawn")}</p>;
  return (
    <ReactFlow
      className="canvas canvas-view"
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      colorMode={shown}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      elementsSelectable={onSelect !== undefined}
      onNodeClick={(_, node) => onSelect?.(node.id === ENTRY ? null : node.id)}
      onPaneClick={() => onSelect?.(null)}
      fitView
      fitViewOptions={{ maxZoom: 1, padding: 0.12 }}
      minZoom={0.1}
      onlyRenderVisibleElements={nodes.length > 120}
    >
      <Background gap={20} />
      <Controls showInteractive={false} position="bottom-left" />
    </ReactFlow>
  );
}
