import { Plus } from "lucide-react";
import { addBranch, setConfig, setNode, type GatewayNode, type Json } from "../document";
import { JsonField } from "../cases/JsonField";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { BranchForm } from "./BranchForm";
import { DescriptionField } from "./DescriptionField";
import type { Inspected } from "./Inspector";
import { NodeHead } from "./NodeHead";
import { NodeSelect } from "./NodeSelect";
import { below } from "./problems";
import { ProblemLines } from "./ProblemLines";
import { Select } from "./Select";

/** A node that chooses: by which component, and among which branches. */
export function GatewayForm(inspected: Inspected & { node: GatewayNode }) {
  const { t } = useTexts();
  const { node, text, graph, components, problems, onEdit } = inspected;
  const gateways = components.filter((it) => it.gateway);
  const component = gateways.find((it) => it.component === node.callee);
  const of = (...steps: (string | number)[]) => below(problems, ["nodes", node.id, ...steps]);
  return (
    <>
      <NodeHead {...inspected} />
      <Select
        label={t("inspector.gateway")}
        value={node.callee}
        options={gateways.map((it) => ({ value: it.component, label: it.title ?? it.component }))}
        hint={component?.docs ?? undefined}
        onChange={(callee) => onEdit(setNode(text, node.id, "gateway", callee))}
      />
      <ProblemLines problems={of("gateway")} />
      {components.length > 0 && !component && (
        <p className="inspector-gone" role="alert">
          {t("inspector.gone", { callee: node.callee })}
        </p>
      )}
      <section className="inspector-fields" aria-label={t("inspector.branches")}>
        <h3>{t("inspector.branches")}</h3>
        {node.branches.length === 0 && <p className="field-hint">{t("inspector.noBranches")}</p>}
        {node.branches.map((branch, index) => (
          <BranchForm key={index} {...inspected} branch={branch} index={index} />
        ))}
        <div className="branch-add">
          <Plus aria-hidden="true" />
          <NodeSelect
            label={t("inspector.addBranch")}
            none={t("inspector.choose")}
            graph={graph}
            value={undefined}
            onChange={(next) => next && onEdit(addBranch(text, node.id, { next }))}
          />
        </div>
      </section>
      {node.with === undefined ? (
        <Button look="bare" onClick={() => onEdit(setConfig(text, node.id, {}))} hidden>
          {t("inspector.config")}
        </Button>
      ) : (
        <JsonField
          label={t("inspector.config")}
          value={node.with}
          onChange={(value: Json) => onEdit(setConfig(text, node.id, value), "config")}
        />
      )}
      <DescriptionField
        value={node.description}
        onChange={(value) => onEdit(setNode(text, node.id, "description", value), "description")}
      />
    </>
  );
}
