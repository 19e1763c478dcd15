import { useId } from "react";
import "../ui/field.css";

interface Properties {
  label: string;
  value: string;
  options: { value: string; label: string }[];
  hint?: string;
  isLabelHidden?: boolean;
  onChange: (value: string) => void;
}

/** One of several, with its label. A value that is none of them is shown as it is. */
export function Select({ label, value, options, hint, isLabelHidden = false, onChange }: Properties) {
  const id = useId();
  const isKnown = options.some((it) => it.value === value);
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelHidden ? "visually-hidden" : undefined}>
        {label}
      </label>
      <select id={id} className="input" value={value} onChange={({ target }) => onChange(target.value)}>
        {!isKnown && <option value={value}>{value}</option>}
        {options.map((it) => (
          <option key={it.value} value={it.value}>
            {it.label}
          </option>
        ))}
      </select>
      {hint && <span className="field-hint">{hint}</span>}
    </div>
  );
}
