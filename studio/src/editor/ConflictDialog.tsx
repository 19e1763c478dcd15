import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextDiff } from "../ui/TextDiff";

interface Properties {
  mine: string;
  /** What somebody else has saved; null if they removed the draft. */
  theirs: string | null;
  onMine: () => void;
  onTheirs: () => void;
}

/** Two have edited one draft: both texts, and which is to stay. */
export function ConflictDialog({ mine, theirs, onMine, onTheirs }: Properties) {
  const { t } = useTexts();
  return (
    <Dialog
      title={t("editor.conflictTitle")}
      wide
      onClose={() => undefined}
      actions={
        <>
          <Button onClick={onTheirs}>{theirs === null ? t("editor.takePublished") : t("editor.takeTheirs")}</Button>
          <Button look="main" onClick={onMine}>
            {t("editor.keepMine")}
          </Button>
        </>
      }
    >
      <p>{theirs === null ? t("editor.conflictGone") : t("editor.conflictHelp")}</p>
      {theirs !== null && <TextDiff before={theirs} after={mine} names={[t("editor.theirs"), t("editor.mine")]} />}
    </Dialog>
  );
}
