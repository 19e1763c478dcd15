import type { Argument } from "../api/types";
import { connect, disconnect, setArgument, setNode, type CallNode } from "../document";
import { useTexts } from "../i18n";
import { offers } from "../editor/palette";
import type { Inspected } from "./Inspector";
import { NodeHead } from "./NodeHead";
import { NodeSelect } from "./NodeSelect";
import { below, marks } from "./problems";
import { ProblemLines } from "./ProblemLines";
import { Select } from "./Select";
import { ValueField } from "./ValueField";
import { DescriptionField } from "./DescriptionField";

/** A node that calls a function: which, with what, and what follows. */
export function CallForm(inspected: Inspected & { node: CallNode }) {
  const { t } = useTexts();
  const { node, text, checked, graph, components, scope, problems, onEdit } = inspected;
  const [name, ...path] = node.callee.split(".");
  const component = components.find((it) => it.component === name);
  const called = component?.functions.find((it) => it.function === path.at(-1));
  const of = (...steps: (string | number)[]) => below(problems, ["nodes", node.id, ...steps]);
  const options = offers(components, "").flatMap(({ offers }) =>
    offers
      .filter((it) => it.offered.kind === "call")
      .map((it) => ({ value: it.offered.callee, label: `${it.title} (${it.offered.callee})` })),
  );
  const [hidden, shown] = [true, false].map((which) => called?.parameters.filter((it) => it.hidden === which) ?? []);
  const unknown = Object.keys(node.with).filter((key) => called && !called.parameters.some((it) => it.name === key));
  const field = (argument: Argument) => (
    <ValueField
      key={argument.name}
      argument={argument}
      value={node.with[argument.name]}
      scope={scope}
      problems={of("with", argument.name)}
      marksOf={(expression) =>
        marks(checked, ["nodes", node.id, "with", argument.name], expression, of("with", argument.name))
      }
      onChange={(value) => onEdit(setArgument(text, node.id, argument.name, value), `with ${argument.name}`)}
    />
  );
  return (
    <>
      <NodeHead {...inspected} />
      <Select
        label={t("inspector.function")}
        value={node.callee}
        options={options}
        hint={called?.docs ?? component?.docs ?? undefined}
        onChange={(callee) => onEdit(setNode(text, node.id, "call", callee))}
      />
      <ProblemLines problems={of("call")} />
      {components.length > 0 && !called && node.callee !== "" && (
        <p className="inspector-gone" role="alert">
          {t("inspector.gone", { callee: node.callee })}
        </p>
      )}
      <section className="inspector-fields" aria-label={t("inspector.parameters")}>
        {shown?.map(field)}
        {called && called.parameters.length === 0 && <p className="field-hint">{t("inspector.noParameters")}</p>}
        {hidden && hidden.length > 0 && (
          <details>
            <summary>{t("inspector.more")}</summary>
            {hidden.map(field)}
          </details>
        )}
        {unknown.map((key) => (
          <div key={key} className="field">
            <span className="field-label">{key}</span>
            <ProblemLines problems={of("with", key)} />
            <button type="button" className="button" onClick={() => onEdit(setArgument(text, node.id, key, undefined))}>
              {t("inspector.unset", { name: key })}
            </button>
          </div>
        ))}
      </section>
      <NodeSelect
        label={t("inspector.next")}
        none={t("inspector.endsHere")}
        graph={graph}
        value={node.next}
        problems={of("next")}
        onChange={(to) =>
          onEdit(to ? connect(text, node.id, { kind: "next" }, to) : disconnect(text, node.id, { kind: "next" }))
        }
      />
      {(called?.error || node.onError) && (
        <NodeSelect
          label={t("inspector.onError")}
          none={t("inspector.fails")}
          graph={graph}
          value={node.onError}
          problems={of("on-error")}
          onChange={(to) =>
            onEdit(to ? connect(text, node.id, { kind: "error" }, to) : disconnect(text, node.id, { kind: "error" }))
          }
        />
      )}
      <DescriptionField
        value={node.description}
        onChange={(value) => onEdit(setNode(text, node.id, "description", value), "description")}
      />
    </>
  );
}
