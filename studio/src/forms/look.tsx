/** How rjsf's forms look: as the fields of ui/. */

import type {
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
  FieldTemplateProps,
  IconButtonProps,
  ObjectFieldTemplateProps,
  RegistryWidgetsType,
  WidgetProps,
} from "@rjsf/utils";
import { ArrowDown, ArrowUp, Copy, Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../ui/Button";
import { useTexts } from "../i18n";
import "../ui/field.css";

function Field({ id, label, required, rawDescription, children, hidden, schema }: FieldTemplateProps) {
  if (hidden) return <div hidden>{children}</div>;
  const isGroup = schema.type === "object" || schema.type === "array";
  const isTick = schema.type === "boolean";
  const name = id.endsWith("_root") || label === "" ? null : label;
  return (
    <div className="field">
      {name &&
        !isTick &&
        (isGroup ? (
          <span className="field-label">{name}</span>
        ) : (
          <label htmlFor={id}>
            {name}
            {required ? " *" : ""}
          </label>
        ))}
      {children}
      {rawDescription && <span className="field-hint">{rawDescription}</span>}
    </div>
  );
}

function ObjectFields({ properties, title, schema, onAddProperty }: ObjectFieldTemplateProps) {
  const { t } = useTexts();
  return (
    <div className={title ? "form-group" : "form-root"} role="group" aria-label={title || undefined}>
      {properties.map(({ content, name }) => (
        <div key={name}>{content}</div>
      ))}
      {schema.additionalProperties !== undefined && schema.additionalProperties !== false && onAddProperty && (
        <Button icon={<Plus />} onClick={() => onAddProperty()}>
          {t("inspector.addEntry")}
        </Button>
      )}
    </div>
  );
}

function Items({ items, canAdd, onAddClick }: ArrayFieldTemplateProps) {
  const { t } = useTexts();
  return (
    <div className="form-group">
      {items}
      {canAdd && (
        <Button icon={<Plus />} onClick={onAddClick}>
          {t("inspector.addItem")}
        </Button>
      )}
    </div>
  );
}

function Item({ children, buttonsProps, hasToolbar }: ArrayFieldItemTemplateProps) {
  const { t } = useTexts();
  return (
    <div className="form-item">
      <div>{children as ReactNode}</div>
      {hasToolbar && buttonsProps.hasRemove && (
        <Button look="bare" icon={<X />} aria-label={t("inspector.removeItem")} onClick={buttonsProps.onRemoveItem} />
      )}
    </div>
  );
}

const icon = (shape: ReactNode) =>
  function IconButton({ onClick, disabled }: IconButtonProps) {
    return <Button look="bare" icon={shape} onClick={onClick} disabled={disabled} />;
  };

export const templates = {
  FieldTemplate: Field,
  ObjectFieldTemplate: ObjectFields,
  ArrayFieldTemplate: Items,
  ArrayFieldItemTemplate: Item,
  DescriptionFieldTemplate: () => null,
  TitleFieldTemplate: () => null,
  ErrorListTemplate: () => null,
  ButtonTemplates: {
    SubmitButton: () => null,
    AddButton: icon(<Plus />),
    CopyButton: icon(<Copy />),
    MoveDownButton: icon(<ArrowDown />),
    MoveUpButton: icon(<ArrowUp />),
    RemoveButton: icon(<X />),
    ClearButton: icon(<X />),
  },
};

/** What the whole form is called. */
function nameOf(registry: WidgetProps["registry"]): string | undefined {
  return (registry.formContext as { label?: string }).label;
}

function Text({ id, value, onChange, schema, disabled, readonly, placeholder, label, registry }: WidgetProps) {
  const isNumber = schema.type === "integer" || schema.type === "number";
  return (
    <input
      id={id}
      className="input"
      type={isNumber ? "number" : "text"}
      step={schema.type === "integer" ? 1 : "any"}
      min={schema.minimum}
      max={schema.maximum}
      disabled={disabled || readonly}
      placeholder={placeholder || (schema.default === undefined ? undefined : String(schema.default))}
      aria-label={label || nameOf(registry) || id}
      value={value ?? ""}
      onChange={({ target }) =>
        onChange(target.value === "" ? undefined : isNumber ? Number(target.value) : target.value)
      }
    />
  );
}

function Select({ id, value, onChange, options, label, required, registry }: WidgetProps) {
  const { t } = useTexts();
  const all = options.enumOptions ?? [];
  const chosen = all.findIndex((option) => JSON.stringify(option.value) === JSON.stringify(value));
  return (
    <select
      id={id}
      className="input"
      aria-label={label || nameOf(registry) || id}
      value={chosen}
      onChange={({ target }) => onChange(all[Number(target.value)]?.value)}
    >
      {(!required || chosen < 0) && <option value={-1}>{t("inspector.notSet")}</option>}
      {all.map((option, index) => (
        <option key={index} value={index}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

function Tick({ id, value, onChange, label, registry }: WidgetProps) {
  return (
    <label className="form-tick" htmlFor={id}>
      <input id={id} type="checkbox" checked={value === true} onChange={({ target }) => onChange(target.checked)} />
      {label || nameOf(registry)}
    </label>
  );
}

export const widgets: RegistryWidgetsType = {
  TextWidget: Text,
  UpDownWidget: Text,
  SelectWidget: Select,
  CheckboxWidget: Tick,
};
