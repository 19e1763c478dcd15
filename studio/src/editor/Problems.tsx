import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import type { Finding } from "../api/types";
import { placeOf } from "../document";
import { useTexts } from "../i18n";
import "./problems.css";

interface Properties {
  text: string;
  problems: Finding[];
  onGo: (finding: Finding) => void;
}

/** What is wrong, in the words of `sandgate check`; a press goes there. */
export function Problems({ text, problems, onGo }: Properties) {
  const { t } = useTexts();
  if (problems.length === 0) {
    return (
      <p className="problems-none">
        <CircleCheck aria-hidden="true" /> {t("editor.noProblems")}
      </p>
    );
  }
  return (
    <ul className="problems">
      {problems.map((problem, index) => (
        <li key={index}>
          <button type="button" onClick={() => onGo(problem)} className={`problem problem-${problem.severity}`}>
            {problem.severity === "error" ? (
              <CircleAlert aria-label={t("editor.error")} />
            ) : (
              <TriangleAlert aria-label={t("editor.warning")} />
            )}
            <span>
              <span className="problem-message">{problem.message}</span>
              {problem.help && <span className="problem-help">{problem.help}</span>}
            </span>
            <code>
              {placeOf(text, problem.line, problem.column).node ?? ""} {problem.line}:{problem.column}
            </code>
          </button>
        </li>
      ))}
    </ul>
  );
}
