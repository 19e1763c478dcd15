import { Check, CircleAlert, CloudOff, PencilLine } from "lucide-react";
import { useTexts } from "../i18n";
import type { Saved } from "./store";

/** Whether what is seen is kept, in a word. */
export function SaveState({ saved, isDraft }: { saved: Saved; isDraft: boolean }) {
  const { t } = useTexts();
  const [icon, text] = told();
  return (
    <span className={`save-state save-${saved.state}`} role="status">
      {icon}
      {text}
    </span>
  );

  function told() {
    switch (saved.state) {
      case "saved":
        return [<Check key="i" aria-hidden="true" />, isDraft ? t("editor.draftSaved") : t("editor.asPublished")];
      case "saving":
      case "unsaved":
        return [<PencilLine key="i" aria-hidden="true" />, t("editor.saving")];
      case "away":
        return [<CloudOff key="i" aria-hidden="true" />, t("editor.keptHere")];
      case "conflict":
        return [<CircleAlert key="i" aria-hidden="true" />, t("editor.conflict")];
      case "refused":
        return [<CircleAlert key="i" aria-hidden="true" />, t("editor.notSaved", { reason: saved.reason })];
    }
  }
}
