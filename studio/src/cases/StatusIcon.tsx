import { CircleCheck, CircleDashed, CircleX, Eye } from "lucide-react";
import type { CaseResult } from "../api/types";
import { useTexts } from "../i18n";

/** What came of a case; nothing yet. */
export function StatusIcon({ status }: { status: CaseResult["status"] | undefined }) {
  const { t } = useTexts();
  switch (status) {
    case undefined:
      return <CircleDashed className="status-none" aria-label={t("cases.notRun")} />;
    case "passed":
      return <CircleCheck className="status-passed" aria-label={t("cases.passed")} />;
    case "failed":
      return <CircleX className="status-failed" aria-label={t("cases.failed")} />;
    case "shown":
      return <Eye className="status-shown" aria-label={t("cases.shown")} />;
  }
}
