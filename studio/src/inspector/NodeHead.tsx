import { Trash2 } from "lucide-react";
import { useState } from "react";
import { idFault, removeNodes, renameNode, setNode, type FlowNode } from "../document";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { TextField } from "../ui/TextField";
import type { Inspected } from "./Inspector";
import { atNode } from "./problems";
import { ProblemLines } from "./ProblemLines";

/** Title, id and description: what all nodes have. */
export function NodeHead({ node, text, graph, problems, onEdit, onSelect }: Inspected & { node: FlowNode }) {
  const { t } = useTexts();
  return (
    <>
      <header className="inspector-head">
        <h2>{node.title ?? node.id}</h2>
        <Button
          look="bare"
          icon={<Trash2 />}
          aria-label={t("inspector.removeNode")}
          onClick={() => {
            onEdit(removeNodes(text, [node.id]));
            onSelect(null);
          }}
        />
      </header>
      <ProblemLines problems={atNode(problems, node.id)} />
      <TextField
        label={t("inspector.title")}
        value={node.title ?? ""}
        placeholder={node.id}
        onChange={(title) => onEdit(setNode(text, node.id, "title", title), "title")}
      />
      <Rename
        id={node.id}
        taken={graph.nodes.map(({ id }) => id)}
        onRename={(id) => {
          onEdit(renameNode(text, node.id, id));
          onSelect(id);
        }}
      />
    </>
  );
}

/** The id changes when it is left, or by Enter: half of it is no name. */
function Rename({ id, taken, onRename }: { id: string; taken: string[]; onRename: (id: string) => void }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState(id);
  const fault = typed === id ? null : idFault(typed, taken);
  const take = () => (typed !== id && !fault ? onRename(typed) : setTyped(id));
  return (
    <TextField
      label={t("inspector.id")}
      hint={t("inspector.idHint")}
      fault={fault ? t(`inspector.idFault.${fault}`) : undefined}
      value={typed}
      spellCheck={false}
      onChange={setTyped}
      onBlur={take}
      onKeyDown={({ key }) => {
        if (key === "Enter") take();
        if (key === "Escape") setTyped(id);
      }}
    />
  );
}
