import { Plus, X } from "lucide-react";
import { SchemaForm } from "../forms/SchemaForm";
import type { CaseExpect, CasePush, CaseView, Graph, Json } from "../document";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { TextField } from "../ui/TextField";
import { inputSchema } from "./schema";
import { JsonField } from "./JsonField";

interface Properties {
  graph: Graph | null;
  value: CaseView;
  onChange: (value: CaseView) => void;
}

/** A case: what a run is started with, and what should come of it. */
export function CaseForm({ graph, value, onChange }: Properties) {
  const { t } = useTexts();
  const change = (part: Partial<CaseView>) => onChange({ ...value, ...part });
  const { expect } = value;
  return (
    <div className="case-form">
      <TextField label={t("cases.name")} value={value.name} onChange={(name) => change({ name })} />
      {graph?.framing === "raw" ? (
        <JsonField label={t("cases.message")} value={value.message ?? ""} onChange={(message) => change({ message })} />
      ) : (
        <fieldset>
          <legend>{t("cases.input")}</legend>
          <SchemaForm
            schema={inputSchema(graph)}
            value={value.input ?? {}}
            onChange={(input: Json) => change({ input: input as CaseView["input"] })}
          />
        </fieldset>
      )}
      <TextField
        label={t("cases.client")}
        hint={t("cases.clientHint")}
        value={value.client ?? ""}
        onChange={(client) => change({ client: client || undefined })}
      />
      <fieldset>
        <legend>{t("cases.expected")}</legend>
        <Expected expect={expect} onChange={(now) => change({ expect: now })} />
      </fieldset>
    </div>
  );
}

function Expected({ expect, onChange }: { expect?: CaseExpect; onChange: (expect?: CaseExpect) => void }) {
  const { t } = useTexts();
  if (!expect) {
    return (
      <>
        <p className="field-hint">{t("cases.nothingExpected")}</p>
        <Button onClick={() => onChange({ pushes: [] })}>{t("cases.expect")}</Button>
      </>
    );
  }
  const pushes = expect.pushes ?? [];
  const setPush = (index: number, push: CasePush) =>
    onChange({ ...expect, pushes: pushes.map((it, place) => (place === index ? push : it)) });
  return (
    <>
      <table className="case-pushes">
        <caption className="visually-hidden">{t("cases.pushes")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("cases.at")}</th>
            <th scope="col">{t("cases.to")}</th>
            <th scope="col">{t("cases.message")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {pushes.map((push, index) => (
            <tr key={index}>
              <td>
                <input
                  className="input"
                  aria-label={t("cases.at")}
                  value={push.at ?? ""}
                  onChange={({ target }) => setPush(index, { ...push, at: target.value || undefined })}
                />
              </td>
              <td>
                <input
                  className="input"
                  aria-label={t("cases.to")}
                  value={push.to ?? ""}
                  onChange={({ target }) => setPush(index, { ...push, to: target.value || undefined })}
                />
              </td>
              <td>
                <JsonField
                  label={t("cases.message")}
                  isLabelHidden
                  value={push.message}
                  onChange={(message) => setPush(index, { ...push, message })}
                />
              </td>
              <td>
                <Button
                  look="bare"
                  icon={<X />}
                  aria-label={t("cases.removePush")}
                  onClick={() => onChange({ ...expect, pushes: pushes.filter((_, place) => place !== index) })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="cases-tools">
        <Button icon={<Plus />} onClick={() => onChange({ ...expect, pushes: [...pushes, { message: "" }] })}>
          {t("cases.addPush")}
        </Button>
        <Button look="bare" onClick={() => onChange(undefined)}>
          {t("cases.expectNothing")}
        </Button>
      </div>
      {expect.error !== undefined ? (
        <TextField
          label={t("cases.error")}
          value={expect.error}
          onChange={(error) => onChange({ ...expect, error: error || undefined })}
        />
      ) : (
        <JsonField
          label={t("cases.output")}
          value={expect.output}
          onChange={(output) => onChange({ ...expect, output })}
        />
      )}
    </>
  );
}
