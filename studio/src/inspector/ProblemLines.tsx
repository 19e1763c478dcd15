import type { Finding } from "../api/types";

/** What is wrong, with what to do. */
export function ProblemLines({ problems }: { problems: Finding[] }) {
  return problems.map(({ severity, message, help }, index) => (
    <p key={index} className={severity === "error" ? "field-fault" : "field-warn"} role="alert">
      {message} {help && <span className="field-hint">{help}</span>}
    </p>
  ));
}
