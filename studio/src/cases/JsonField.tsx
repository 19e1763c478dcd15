import { useId, useState } from "react";
import type { Json } from "../document";
import { useTexts } from "../i18n";

interface Properties {
  label: string;
  isLabelHidden?: boolean;
  value: Json | undefined;
  onChange: (value: Json) => void;
}

/** Any value in a line: as JSON; what is no JSON is a text. */
export function JsonField({ label, isLabelHidden = false, value, onChange }: Properties) {
  const { t } = useTexts();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? written(value);
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelHidden ? "visually-hidden" : undefined}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        title={t("cases.jsonHint")}
        value={text}
        onChange={({ target }) => {
          setTyped(target.value);
          onChange(valueOf(target.value));
        }}
        onBlur={() => setTyped(null)}
      />
    </div>
  );
}

/** A text that would be read as another value has quotes. */
export function written(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" && valueOf(value) === value ? value : JSON.stringify(value);
}

export function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
