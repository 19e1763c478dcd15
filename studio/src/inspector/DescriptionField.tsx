import { useId } from "react";
import { useTexts } from "../i18n";

/** What something is for, in any language. */
export function DescriptionField({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string) => void;
}) {
  const { t } = useTexts();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("inspector.description")}</label>
      <textarea
        id={id}
        className="input"
        rows={2}
        value={value ?? ""}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}
