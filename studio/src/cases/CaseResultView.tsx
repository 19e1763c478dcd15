import { Pin } from "lucide-react";
import type { CaseResult } from "../api/types";
import type { NodeId } from "../document";
import { useTexts } from "../i18n";
import { TimeLine } from "../runs/TimeLine";
import { TraceDetail } from "../runs/TraceDetail";
import { Button } from "../ui/Button";
import { shown } from "./expectation";
import { Failed } from "./Failed";
import { StatusIcon } from "./StatusIcon";

interface Properties {
  result: CaseResult | undefined;
  failure: Error | null;
  selected: NodeId | null;
  onSelect: (id: NodeId | null) => void;
  /** Expects from now on what came. */
  onKeep: () => void;
}

/** What came of a case: pushes on a time line, the output, what differs, and what each activation did. */
export function CaseResultView({ result, failure, selected, onSelect, onKeep }: Properties) {
  const { t } = useTexts();
  if (failure) return <Failed error={failure} />;
  if (!result) return <p className="cases-empty cases-result">{t("cases.notRunHelp")}</p>;
  const { status, pushes, end, duration_ms, differences, activations, truncated } = result;
  const told = pushes.map(({ at_ms, to, message }) => ({ atMs: at_ms, kind: "push" as const, to, message }));
  const last = !end
    ? []
    : end.status === "output"
      ? [{ atMs: duration_ms, kind: "output" as const, message: end.output }]
      : end.error !== null
        ? [{ atMs: duration_ms, kind: "error" as const, message: end.error }]
        : [];
  return (
    <div className="cases-result" aria-live="polite">
      <h3 className={`case-status status-${status}`}>
        <StatusIcon status={status} />
        {t(`cases.${status}`)}
        {end?.status === "output" && <code className="case-output">{shown(end.output)}</code>}
      </h3>
      {differences.length > 0 && (
        <pre className="case-differences" tabIndex={0} aria-label={t("cases.differences")}>
          {differences.map((line, index) => (
            <span
              key={index}
              className={line.startsWith("-") ? "text-diff-minus" : line.startsWith("+") ? "text-diff-plus" : ""}
            >
              {line}
              {"\n"}
            </span>
          ))}
        </pre>
      )}
      <TimeLine entries={[...told, ...last]} durationMs={duration_ms} />
      <Button icon={<Pin />} onClick={onKeep}>
        {t("cases.keep")}
      </Button>
      {truncated && <p className="field-hint">{t("cases.truncated")}</p>}
      <TraceDetail activations={activations} selected={selected ?? undefined} onSelect={onSelect} />
    </div>
  );
}
