import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";
import { write } from "../api/daemon";
import { freeId, idFault, idOf, newFlow, setInterface } from "../document";
import { Select } from "../inspector/Select";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/TextField";

const FORM = "new-interface";

/** Begins an interface: a title is enough. */
export function NewInterface({ taken, onClose }: { taken: string[]; onClose: () => void }) {
  const { t } = useTexts();
  const [, go] = useLocation();
  const [title, setTitle] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const [framing, setFraming] = useState("json-rpc");
  const [error, setError] = useState<Error | null>(null);
  const of = (text: string) =>
    freeId({ nodes: taken.map((id) => ({ id }) as never) }, text === "" ? "" : idOf(text).replace(/^node$/, "flow"));
  const id = typed ?? (title.trim() === "" ? "" : of(title));
  const fault = id === "" ? null : idFault(id, taken);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (id === "" || fault) return;
    const text = newFlow(id, title.trim() || id);
    try {
      await write(id, "draft", framing === "raw" ? setInterface(text, "framing", "raw") : text, null);
      go(`/flows/${id}`);
    } catch (error) {
      setError(error as Error);
    }
  };
  return (
    <Dialog
      title={t("home.newInterface")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button look="main" type="submit" form={FORM} disabled={id === "" || fault !== null}>
            {t("home.begin")}
          </Button>
        </>
      }
    >
      <form id={FORM} className="dialog-form" onSubmit={(event) => void make(event)}>
        <TextField
          label={t("inspector.title")}
          value={title}
          placeholder={t("home.titleExample")}
          autoFocus
          onChange={setTitle}
        />
        <TextField
          label={t("home.id")}
          hint={id ? t("home.idHint", { id }) : t("home.idEmpty")}
          fault={fault ? t(`inspector.idFault.${fault}`) : undefined}
          value={id}
          spellCheck={false}
          onChange={setTyped}
        />
        <Select
          label={t("inspector.framing")}
          value={framing}
          options={[
            { value: "json-rpc", label: t("inspector.framing.json-rpc") },
            { value: "raw", label: t("inspector.framing.raw") },
          ]}
          onChange={setFraming}
        />
        {error && (
          <p className="field-fault" role="alert">
            {t("app.failed", { reason: error.message })}
          </p>
        )}
      </form>
    </Dialog>
  );
}
