import { CircleAlert, Flag, Send } from "lucide-react";
import { shown } from "../cases/expectation";
import { useTexts } from "../i18n";
import { place, shownTime, type Entry } from "./timeline";
import "./timeline.css";

/** What a run said, in order, and when. */
export function TimeLine({ entries, durationMs }: { entries: Entry[]; durationMs: number }) {
  const { t } = useTexts();
  if (entries.length === 0) return <p className="timeline-none">{t("runs.nothingSaid")}</p>;
  return (
    <ol className="timeline" aria-label={t("runs.timeline")}>
      {entries.map((entry, index) => (
        <li key={index} className={`timeline-${entry.kind}`}>
          <time>{shownTime(entry.atMs)}</time>
          <span className="timeline-track" aria-hidden="true">
            <span style={{ left: `${place(entry.atMs, durationMs) * 100}%` }} />
          </span>
          <span className="timeline-what">
            {entry.kind === "push" ? (
              <Send aria-label={t("runs.push")} />
            ) : entry.kind === "output" ? (
              <Flag aria-label={t("runs.output")} />
            ) : (
              <CircleAlert aria-label={t("runs.error")} />
            )}
            <code>{shown(entry.message ?? null)}</code>
            {entry.to && <span className="timeline-to">{entry.to}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
