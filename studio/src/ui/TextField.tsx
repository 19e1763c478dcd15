import { useId, type InputHTMLAttributes } from "react";
import "./field.css";

interface Properties extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> {
  label: string;
  hint?: string;
  /** What is wrong with it. */
  fault?: string;
  onChange: (value: string) => void;
}

/** A line of text with its label. */
export function TextField({ label, hint, fault, onChange, ...rest }: Properties) {
  const id = useId();
  const described = fault ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        className="input"
        id={id}
        aria-invalid={fault !== undefined}
        aria-describedby={described ? `${id}-hint` : undefined}
        {...rest}
        onChange={(event) => onChange(event.target.value)}
      />
      {described && (
        <span id={`${id}-hint`} className={fault ? "field-fault" : "field-hint"}>
          {described}
        </span>
      )}
    </div>
  );
}
