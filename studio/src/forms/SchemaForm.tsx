import Form from "@rjsf/core";
import type { RJSFSchema, UiSchema } from "@rjsf/utils";
import type { Json, Schema } from "../api/types";
import { templates, widgets } from "./look";
import { validator } from "./validator";
import "./forms.css";

interface Properties {
  schema: Schema;
  value: Json | undefined;
  onChange: (value: Json) => void;
  /** Names the fields of this form apart from those of others. */
  prefix?: string;
}

/** A form of any JSON Schema. */
export function SchemaForm({ schema, value, onChange, prefix = "form" }: Properties) {
  return (
    <Form
      className="schema-form"
      tagName="div"
      idPrefix={prefix}
      schema={schema as RJSFSchema}
      uiSchema={PLAIN}
      formData={value}
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
