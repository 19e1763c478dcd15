import { Braces, RotateCcw, Type } from "lucide-react";
import { lazy, Suspense, useId } from "react";
import type { Argument, Finding, Json } from "../api/types";
import { JsonField } from "../cases/JsonField";
import { asExpression, expressionOf } from "../document";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { isAnything, isRequired, modeOf, switched } from "./field";
import type { Mark } from "./problems";
import type { Scope } from "./expression/completion";

// Forms and editors of text are large.
const SchemaForm = lazy(async () => ({ default: (await import("../forms/SchemaForm")).SchemaForm }));
const ExpressionEditor = lazy(async () => ({
  default: (await import("./expression/ExpressionEditor")).ExpressionEditor,
}));

interface Properties {
  argument: Argument;
  value: Json | undefined;
  scope: Scope;
  problems: Finding[];
  /** Where in an expression they are. */
  marksOf: (expression: string) => Mark[];
  onChange: (value: Json | undefined) => void;
}

/** A parameter: as a value by its schema, or as an expression. */
export function ValueField({ argument, value, scope, problems, marksOf, onChange }: Properties) {
  const { t } = useTexts();
  const id = useId();
  const { name, docs, default: given } = argument;
  const { title: _, description: __, ...schema } = argument.schema;
  const mode = modeOf(value);
  const other = mode === "literal" ? "expression" : "literal";
  return (
    <div className="field value-field" data-parameter={name}>
      <div className="value-head">
        <span className="field-label" id={id}>
          {name}
          {isRequired(argument) && <span className="value-required"> *</span>}
          <code>{argument.type}</code>
        </span>
        {value !== undefined && (
          <Button
            look="bare"
            icon={<RotateCcw />}
            aria-label={t("inspector.unset", { name })}
            onClick={() => onChange(undefined)}
          />
        )}
        <Button
          look="bare"
          aria-pressed={mode === "expression"}
          icon={mode === "expression" ? <Braces /> : <Type />}
          aria-label={t(`inspector.to.${other}`, { name })}
          onClick={() => onChange(switched(value, other))}
        />
      </div>
      <Suspense fallback={<div className="value-loading" />}>
        {mode === "expression" ? (
          <ExpressionEditor
            label={name}
            value={expressionOf(value as string)}
            scope={scope}
            marks={marksOf(expressionOf(value as string))}
            onChange={(text) => onChange(asExpression(text))}
          />
        ) : isAnything(schema) ? (
          <JsonField label={name} isLabelHidden value={value} onChange={onChange} />
        ) : (
          <SchemaForm
            prefix={id}
            label={name}
            schema={{ ...schema, ...(given === null ? {} : { default: given }) }}
            value={value}
            onChange={onChange}
          />
        )}
      </Suspense>
      {docs && <span className="field-hint">{docs}</span>}
      {problems.map((problem, index) => (
        <span key={index} className={problem.severity === "error" ? "field-fault" : "field-warn"} role="alert">
          {problem.message}
          {problem.help && <span className="field-hint"> {problem.help}</span>}
        </span>
      ))}
    </div>
  );
}
