import { Refusal } from "../api/ask";
import { useTexts } from "../i18n";

/** That a run could not begin, and what the daemon finds wrong. */
export function Failed({ error }: { error: Error }) {
  const { t } = useTexts();
  const problems = error instanceof Refusal ? (error.details.problems ?? []) : [];
  return (
    <div className="cases-result" role="alert">
      <p className="field-fault">{t("app.failed", { reason: error.message })}</p>
      <ul>
        {problems.slice(0, 10).map((problem, index) => (
          <li key={index}>{problem.message}</li>
        ))}
      </ul>
    </div>
  );
}
