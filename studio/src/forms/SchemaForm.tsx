import Form from "@rjsf/core";
import type { RJSFSchema, UiSchema } from "@rjsf/utils";
import { useMemo } from "react";
import type { Json, Schema } from "../api/types";
import { templates, widgets } from "./look";
import { simplified } from "./simplified";
import { validator } from "./validator";
import "./forms.css";

interface Properties {
  schema: Schema;
  value: Json | undefined;
  onChange: (value: Json) => void;
  /** What the value is called, where the schema is not of an object. */
  label?: string;
  /** Names the fields of this form apart from those of others. */
  prefix?: string;
}

/** A form of any JSON Schema. */
export function SchemaForm({ schema, value, onChange, label, prefix = "form" }: Properties) {
  const shown = useMemo(() => simplified(schema) as RJSFSchema, [schema]);
  return (
    <Form
      className="schema-form"
      tagName="div"
      idPrefix={prefix}
      schema={shown}
      uiSchema={PLAIN}
      formData={value}
      formContext={{ label }}
      validator={validator}
      templates={templates}
      widgets={widgets}
      showErrorList={false}
      noHtml5Validate
      experimental_defaultFormStateBehavior={{ emptyObjectFields: "skipDefaults" }}
      onChange={({ formData }) => onChange(formData as Json)}
    />
  );
}

const PLAIN: UiSchema = { "ui:submitButtonOptions": { norender: true } };
