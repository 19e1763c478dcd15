import { useTexts } from "../i18n";
import { Button } from "./Button";

/** That something could not be had, and trying again. */
export function Failure({ error, onAgain }: { error: Error; onAgain?: () => void }) {
  const { t } = useTexts();
  return (
    <div className="failure" role="alert">
      <p className="field-fault">{t("app.failed", { reason: error.message })}</p>
      {onAgain && <Button onClick={onAgain}>{t("app.retry")}</Button>}
    </div>
  );
}
