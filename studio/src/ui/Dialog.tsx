import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { useTexts } from "../i18n";
import { Button } from "./Button";
import "./dialog.css";

interface Properties {
  title: string;
  children: ReactNode;
  /** What to press, at its foot. */
  actions?: ReactNode;
  onClose: () => void;
  wide?: boolean;
}

/** A modal dialog: the browser's own, which keeps the focus and closes by Escape. */
export function Dialog({ title, children, actions, onClose, wide = false }: Properties) {
  const { t } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${wide ? "dialog-wide" : ""}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <Button look="bare" aria-label={t("app.close")} icon={<X />} onClick={onClose} />
      </header>
      <div className="dialog-body">{children}</div>
      {actions && <footer>{actions}</footer>}
    </dialog>
  );
}
