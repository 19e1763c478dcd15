import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useTexts } from "../../i18n";
import type { EdgeShape } from "../shape";
import { back, type Way } from "./path";

/** A way from one node to another, with the branch's name on it. */
export const FlowEdgeView = memo(function FlowEdgeView(properties: EdgeProps<EdgeShape>) {
  const { id, data, markerEnd, selected } = properties;
  const { path, labelX, labelY } = way(properties);
  const { kind, label, mark, count } = data!;
  const classes = ["edge", `edge-${kind}`, mark && `edge-${mark}`, count && "edge-passed", selected && "edge-selected"];
  const name = classes.filter(Boolean).join(" ");
  return (
    <>
      <BaseEdge id={id} path={path} markerEnd={markerEnd} className={name} interactionWidth={18} />
      <Label {...{ label, count, kind, hint: data!.hint, x: labelX, y: labelY, name }} />
    </>
  );
});

function way({ data, ...ends }: EdgeProps<EdgeShape>): Way {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition } = ends;
  if (data!.side !== undefined) return back({ sourceX, sourceY, targetX, targetY }, data!.side);
  const [path, labelX, labelY] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition,
    targetPosition,
    borderRadius: 14,
  });
  return { path, labelX, labelY };
}

interface LabelProperties {
  label?: string;
  hint?: string;
  count?: number;
  kind: string;
  x: number;
  y: number;
  name: string;
}

function Label({ label, hint, count, kind, x, y, name }: LabelProperties) {
  const { t } = useTexts();
  const text = label ?? (kind === "error" ? t("canvas.onErrorShort") : undefined);
  if (!text && !count) return null;
  return (
    <EdgeLabelRenderer>
      <span
        className={`edge-label ${name}-label`}
        title={hint}
        style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
      >
        {text}
        {count ? <span className="edge-count">×{count}</span> : null}
      </span>
    </EdgeLabelRenderer>
  );
}
