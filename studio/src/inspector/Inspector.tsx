import { useMemo } from "react";
import type { Check, Component, ExpressionFunction } from "../api/types";
import type { Graph, NodeId } from "../document";
import { useTexts } from "../i18n";
import { CallForm } from "./CallForm";
import { FlowForm } from "./FlowForm";
import { GatewayForm } from "./GatewayForm";
import { placed, type Placed } from "./problems";
import type { Scope } from "./expression/completion";
import "./inspector.css";

interface Properties {
  text: string;
  graph: Graph;
  selected: NodeId | null;
  components: Component[];
  /** What the daemon finds wrong, and the text in which it does. */
  check: { of: string; said: Check } | null;
  functions: ExpressionFunction[];
  onEdit: (text: string, merge?: string) => void;
  onSelect: (id: NodeId | null) => void;
}

/** What the forms of the inspector have in common. */
export interface Inspected {
  text: string;
  graph: Graph;
  components: Component[];
  scope: Scope;
  /** The text in which the problems are. */
  checked: string;
  problems: Placed[];
  onEdit: (text: string, merge?: string) => void;
  onSelect: (id: NodeId | null) => void;
}

/** What is said of the node that is selected; of the flow, if none is. */
export function Inspector({ text, graph, selected, components, check, functions, onEdit, onSelect }: Properties) {
  const { t } = useTexts();
  const problems = useMemo(() => (check ? placed(check.of, check.said.problems) : []), [check]);
  const scope = useMemo(() => ({ names: check?.said.names ?? [], functions }), [check, functions]);
  const node = graph.nodes.find(({ id }) => id === selected);
  const inspected = { text, checked: check?.of ?? text, graph, components, scope, problems, onEdit, onSelect };
  return (
    <aside className="inspector" aria-label={t("inspector.label")}>
      {!node && <FlowForm {...inspected} />}
      {node?.kind === "call" && <CallForm key={node.id} {...inspected} node={node} />}
      {node?.kind === "gateway" && <GatewayForm key={node.id} {...inspected} node={node} />}
    </aside>
  );
}
