import { setFlow, setInterface, setParameters, setStart } from "../document";
import { useTexts } from "../i18n";
import { TextField } from "../ui/TextField";
import { DescriptionField } from "./DescriptionField";
import type { Inspected } from "./Inspector";
import { NodeSelect } from "./NodeSelect";
import { ParametersForm } from "./parameters/ParametersForm";
import { below } from "./problems";
import { ProblemLines } from "./ProblemLines";
import { Select } from "./Select";

/** What is said of the flow, and of how clients reach it. */
export function FlowForm({ text, graph, problems, onEdit }: Inspected) {
  const { t } = useTexts();
  const option = (value: string, label: string) => ({ value, label });
  const elsewhere = problems.filter(({ place }) => !["nodes", "interface", "start"].includes(String(place.path[0])));
  return (
    <>
      <header className="inspector-head">
        <h2>{t("inspector.interface")}</h2>
      </header>
      <ProblemLines problems={elsewhere.map(({ problem }) => problem)} />
      <TextField
        label={t("inspector.title")}
        value={graph.title ?? ""}
        placeholder={graph.id}
        onChange={(title) => onEdit(setFlow(text, "title", title), "title")}
      />
      <DescriptionField
        value={graph.description}
        onChange={(value) => onEdit(setFlow(text, "description", value), "description")}
      />
      {graph.framing !== "raw" && (
        <ParametersForm
          parameters={graph.input}
          problems={problems}
          onChange={(parameters) => onEdit(setParameters(text, parameters), "input")}
        />
      )}
      <NodeSelect
        label={t("inspector.start")}
        none={t("inspector.choose")}
        graph={graph}
        value={graph.start}
        problems={below(problems, ["start"])}
        onChange={(id) => id && onEdit(setStart(text, id))}
      />
      <details>
        <summary>{t("inspector.more")}</summary>
        <div className="inspector-fields">
          <Select
            label={t("inspector.framing")}
            value={graph.framing}
            options={[option("json-rpc", t("inspector.framing.json-rpc")), option("raw", t("inspector.framing.raw"))]}
            onChange={(value) => onEdit(setInterface(text, "framing", value === "raw" ? "raw" : undefined))}
          />
          <Select
            label={t("inspector.onLeave")}
            value={graph.onLeave}
            options={[
              option("continue", t("inspector.onLeave.continue")),
              option("cancel", t("inspector.onLeave.cancel")),
            ]}
            onChange={(value) => onEdit(setInterface(text, "on-leave", value === "cancel" ? "cancel" : undefined))}
          />
          <Select
            label={t("inspector.durable")}
            value={String(graph.durable)}
            options={[option("true", t("inspector.durable.true")), option("false", t("inspector.durable.false"))]}
            onChange={(value) => onEdit(setInterface(text, "durable", value === "false" ? false : undefined))}
          />
        </div>
      </details>
    </>
  );
}
