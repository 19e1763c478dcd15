import { useState } from "react";
import { JsonField } from "../../cases/JsonField";
import type { Json, Parameter } from "../../document";
import { useTexts } from "../../i18n";
import { TextField } from "../../ui/TextField";
import { hasWord, typeOf, withWord } from "./schema";

/** What is said of a parameter besides its name and type; all else as JSON Schema. */
export function ParameterDetail({
  parameter,
  onChange,
}: {
  parameter: Parameter;
  onChange: (parameter: Parameter) => void;
}) {
  const { t } = useTexts();
  const type = typeOf(parameter);
  const { schema } = parameter;
  const word = (name: string, value: Json | undefined) => onChange(withWord(parameter, name, value));
  const number = (name: string) =>
    hasWord(type, name) && (
      <TextField
        label={t(`inspector.word.${name as "minimum"}`)}
        type="number"
        value={typeof schema[name] === "number" ? String(schema[name]) : ""}
        onChange={(value) => word(name, value === "" ? undefined : Number(value))}
      />
    );
  return (
    <div className="parameter-detail">
      <label className="form-tick">
        <input
          type="checkbox"
          checked={!("default" in schema)}
          onChange={({ target }) => word("default", target.checked ? undefined : first(type))}
        />
        {t("inspector.mustBeGiven")}
      </label>
      {"default" in schema && (
        <JsonField
          label={t("inspector.word.default")}
          value={schema["default"]}
          onChange={(value) => word("default", value)}
        />
      )}
      <div className="parameter-pair">
        {number("minimum")}
        {number("maximum")}
        {number("minLength")}
        {number("maxLength")}
      </div>
      {hasWord(type, "enum") && (
        <TextField
          label={t("inspector.word.enum")}
          hint={t("inspector.enumHint")}
          value={
            Array.isArray(schema["enum"])
              ? schema["enum"].map((it) => (typeof it === "string" ? it : JSON.stringify(it))).join(", ")
              : ""
          }
          onChange={(value) =>
            word("enum", value.trim() === "" ? undefined : value.split(",").map((it) => one(it.trim(), type)))
          }
        />
      )}
      <TextField
        label={t("inspector.description")}
        value={typeof schema["description"] === "string" ? schema["description"] : ""}
        onChange={(value) => word("description", value || undefined)}
      />
      <RawSchema parameter={parameter} onChange={onChange} />
    </div>
  );
}

function first(type: string): Json {
  const values: Record<string, Json> = { string: "", integer: 0, number: 0, boolean: false, object: {}, array: [] };
  return values[type] ?? null;
}

function one(text: string, type: string): Json {
  return type === "integer" || type === "number" ? Number(text) : text;
}

/** The schema as JSON: it is taken when it can be read. */
function RawSchema({ parameter, onChange }: { parameter: Parameter; onChange: (parameter: Parameter) => void }) {
  const { t } = useTexts();
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <details>
      <summary>{t("inspector.asSchema")}</summary>
      <textarea
        className="input parameter-raw"
        rows={6}
        spellCheck={false}
        aria-label={t("inspector.asSchema")}
        aria-invalid={typed !== null}
        value={typed ?? JSON.stringify(parameter.schema, null, 2)}
        onBlur={() => setTyped(null)}
        onChange={({ target: { value } }) => {
          setTyped(value);
          const schema = read(value);
          if (schema) onChange({ ...parameter, schema });
        }}
      />
    </details>
  );
}

function read(text: string): { [word: string]: Json } | null {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
