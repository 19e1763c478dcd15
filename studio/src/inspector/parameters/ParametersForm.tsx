import { ChevronDown, ChevronRight, Plus, X } from "lucide-react";
import { useState } from "react";
import type { Parameter } from "../../document";
import { useTexts } from "../../i18n";
import { Button } from "../../ui/Button";
import { below, type Placed } from "../problems";
import { ProblemLines } from "../ProblemLines";
import { ParameterDetail } from "./ParameterDetail";
import { freeName, TYPES, typeOf, withType, type ParameterType } from "./schema";
import "./parameters.css";

interface Properties {
  parameters: Parameter[];
  problems: Placed[];
  onChange: (parameters: Parameter[]) => void;
}

/** What a run is given: a table, a row a parameter. */
export function ParametersForm({ parameters, problems, onChange }: Properties) {
  const { t } = useTexts();
  const [open, setOpen] = useState<number | null>(null);
  const set = (index: number, parameter: Parameter) =>
    onChange(parameters.map((it, place) => (place === index ? parameter : it)));
  return (
    <section className="parameters" aria-label={t("inspector.input")}>
      <h3>{t("inspector.input")}</h3>
      {parameters.length === 0 && <p className="field-hint">{t("inspector.noInput")}</p>}
      {parameters.map((parameter, index) => (
        <div key={index} className="parameter" role="group" aria-label={parameter.name}>
          <div className="parameter-row">
            <Button
              look="bare"
              icon={open === index ? <ChevronDown /> : <ChevronRight />}
              aria-expanded={open === index}
              aria-label={t("inspector.parameterDetail", { name: parameter.name })}
              onClick={() => setOpen(open === index ? null : index)}
            />
            <NameInput
              value={parameter.name}
              taken={parameters.map(({ name }) => name)}
              onChange={(name) => set(index, { ...parameter, name })}
            />
            <select
              className="input"
              aria-label={t("inspector.parameterType", { name: parameter.name })}
              value={typeOf(parameter)}
              onChange={({ target }) => set(index, withType(parameter, target.value as ParameterType))}
            >
              {TYPES.map((type) => (
                <option key={type} value={type}>
                  {t(`inspector.type.${type}`)}
                </option>
              ))}
            </select>
            <Button
              look="bare"
              icon={<X />}
              aria-label={t("inspector.removeParameter", { name: parameter.name })}
              onClick={() => onChange(parameters.filter((_, place) => place !== index))}
            />
          </div>
          <ProblemLines problems={below(problems, ["interface", "input", parameter.name])} />
          {open === index && <ParameterDetail parameter={parameter} onChange={(now) => set(index, now)} />}
        </div>
      ))}
      <Button
        icon={<Plus />}
        onClick={() => onChange([...parameters, { name: freeName(parameters), schema: { type: "integer" } }])}
      >
        {t("inspector.addParameter")}
      </Button>
    </section>
  );
}

/** Changes as it is typed, as long as no two are of one name. */
function NameInput({ value, taken, onChange }: { value: string; taken: string[]; onChange: (name: string) => void }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      className="input"
      aria-label={t("inspector.parameterName")}
      spellCheck={false}
      value={typed ?? value}
      aria-invalid={typed !== null && typed !== value}
      onBlur={() => setTyped(null)}
      onChange={({ target: { value: name } }) => {
        const isFree = name !== "" && (name === value || !taken.includes(name));
        setTyped(isFree ? null : name);
        if (isFree) onChange(name);
      }}
    />
  );
}
