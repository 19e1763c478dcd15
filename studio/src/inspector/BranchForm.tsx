import { ArrowDown, ArrowUp, X } from "lucide-react";
import { moveBranch, parseCondition, removeBranch, setBranch, type Branch, type GatewayNode } from "../document";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { Segments } from "../ui/Segments";
import { TextField } from "../ui/TextField";
import { lazy, Suspense, useState } from "react";
import { ConditionBuilder } from "./condition/ConditionBuilder";
import type { Inspected } from "./Inspector";
import { NodeSelect } from "./NodeSelect";
import { below, marks } from "./problems";
import { ProblemLines } from "./ProblemLines";

const ExpressionEditor = lazy(async () => ({
  default: (await import("./expression/ExpressionEditor")).ExpressionEditor,
}));

type Way = "otherwise" | "builder" | "expression";

/** A branch: its name, when it is taken, and where it leads. */
export function BranchForm(properties: Inspected & { node: GatewayNode; branch: Branch; index: number }) {
  const { t } = useTexts();
  const { node, branch, index, text, checked, graph, scope, problems, onEdit } = properties;
  const of = (...steps: (string | number)[]) => below(problems, ["nodes", node.id, "branches", index, ...steps]);
  const tree = branch.if === undefined ? null : parseCondition(branch.if);
  const [chosen, setChosen] = useState<Way | null>(null);
  const way: Way = branch.if === undefined ? "otherwise" : chosen === "expression" || !tree ? "expression" : "builder";
  const change = (condition: string | undefined) =>
    onEdit(setBranch(text, node.id, index, { if: condition }), `if ${index}`);
  const choose = (to: Way) => {
    setChosen(to);
    if (to === "otherwise") change(undefined);
    else if (branch.if === undefined) change(firstCondition(properties));
  };
  const last = node.branches.length - 1;
  const title = branch.name ?? branch.next ?? t("canvas.branch", { number: index + 1 });
  return (
    <div className="branch" role="group" aria-label={title}>
      <div className="branch-head">
        <strong>{title}</strong>
        <Button
          look="bare"
          icon={<ArrowUp />}
          disabled={index === 0}
          aria-label={t("inspector.branchUp", { name: title })}
          onClick={() => onEdit(moveBranch(text, node.id, index, index - 1))}
        />
        <Button
          look="bare"
          icon={<ArrowDown />}
          disabled={index === last}
          aria-label={t("inspector.branchDown", { name: title })}
          onClick={() => onEdit(moveBranch(text, node.id, index, index + 1))}
        />
        <Button
          look="bare"
          icon={<X />}
          aria-label={t("inspector.removeBranch", { name: title })}
          onClick={() => onEdit(removeBranch(text, node.id, index))}
        />
      </div>
      <TextField
        label={t("inspector.branchName")}
        value={branch.name ?? ""}
        placeholder={branch.next}
        onChange={(name) => onEdit(setBranch(text, node.id, index, { name }), `name ${index}`)}
      />
      <Segments
        label={t("inspector.when")}
        options={(["otherwise", "builder", "expression"] as const).map((value) => ({
          value,
          label: t(`inspector.way.${value}`),
          ...(value === "builder" &&
            branch.if !== undefined &&
            !tree && { disabled: true, title: t("inspector.notBuildable") }),
        }))}
        chosen={way}
        onChoose={choose}
      />
      {way === "builder" && tree && <ConditionBuilder tree={tree} scope={scope} onChange={change} />}
      <Suspense fallback={<div className="value-loading" />}>
        {way === "expression" && (
          <ExpressionEditor
            label={t("inspector.condition")}
            value={branch.if ?? ""}
            scope={scope}
            marks={marks(checked, ["nodes", node.id, "branches", index, "if"], branch.if ?? "", of("if"))}
            onChange={(condition) => change(condition || " ")}
          />
        )}
      </Suspense>
      <ProblemLines problems={of("if")} />
      <NodeSelect
        label={t("inspector.leadsTo")}
        none={t("inspector.choose")}
        graph={graph}
        value={branch.next}
        problems={of("next")}
        onChange={(next) => onEdit(setBranch(text, node.id, index, { next }))}
      />
    </div>
  );
}

/** A condition to begin with: on the result of the node before, if that has one. */
function firstCondition({ graph, node, scope }: Inspected & { node: GatewayNode }): string {
  const before = graph.edges.find(({ to }) => to === node.id)?.from;
  const known =
    scope.names.find(({ name }) => name === before) ?? scope.names.find(({ name }) => name.startsWith("input."));
  return `${known?.name ?? "true"} > 0`.replace(/^true > 0$/, "true");
}
