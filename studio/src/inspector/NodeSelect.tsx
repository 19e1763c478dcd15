import type { Finding } from "../api/types";
import type { Graph, NodeId } from "../document";
import { ProblemLines } from "./ProblemLines";
import { Select } from "./Select";

interface Properties {
  label: string;
  /** What it means that there is none. */
  none: string;
  graph: Graph;
  value: NodeId | undefined;
  problems?: Finding[];
  isLabelHidden?: boolean;
  onChange: (id: NodeId | undefined) => void;
}

/** A node of the flow, by its title. */
export function NodeSelect({ label, none, graph, value, problems = [], isLabelHidden, onChange }: Properties) {
  const nodes = graph.nodes.map(({ id, title }) => ({ value: id, label: title ? `${title} (${id})` : id }));
  return (
    <>
      <Select
        label={label}
        isLabelHidden={isLabelHidden}
        value={value ?? ""}
        options={[{ value: "", label: none }, ...nodes]}
        onChange={(id) => onChange(id || undefined)}
      />
      <ProblemLines problems={problems} />
    </>
  );
}
