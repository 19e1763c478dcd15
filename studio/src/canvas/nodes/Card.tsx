import { CircleAlert, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTexts } from "../../i18n";
import { ComponentIcon } from "../../ui/icon";
import type { Mark, Paint } from "../shape";
import { hue } from "./hue";
import { PassedBadge } from "./PassedBadge";

interface CardProperties {
  paint: Paint;
  callee: string;
  width: number;
  children?: ReactNode;
}

/** What nodes of all kinds have in common: icon, title, what is called, and what is wrong. */
export function Card({ paint, callee, width, children }: CardProperties) {
  const { t } = useTexts();
  const { mark, passed, errors, warnings, isGone } = paint;
  const state = errors > 0 || isGone ? "card-bad" : warnings > 0 ? "card-warn" : "";
  const run = passed ? `card-passed ${passed.running ? "card-running" : ""} ${passed.failed ? "card-failed" : ""}` : "";
  return (
    <div className={`card hue-${hue(paint.group)} ${state} ${run} ${mark ? `card-${mark}` : ""}`} style={{ width }}>
      <div className="card-head">
        <span className="card-icon">
          <ComponentIcon name={paint.icon} />
        </span>
        <span className="card-names">
          <span className="card-title">{paint.title}</span>
          <span className="card-callee">{callee || t("canvas.nothingCalled")}</span>
        </span>
        {errors > 0 || isGone ? (
          <CircleAlert className="card-alert" aria-label={t("canvas.errors", { count: Math.max(1, errors) })} />
        ) : (
          warnings > 0 && (
            <TriangleAlert className="card-alert" aria-label={t("canvas.warnings", { count: warnings })} />
          )
        )}
      </div>
      {children}
      {mark && <MarkBadge mark={mark} />}
      {passed && <PassedBadge passed={passed} />}
    </div>
  );
}

const signs: Record<Mark, string> = { added: "+", removed: "−", changed: "≠" };

function MarkBadge({ mark }: { mark: Mark }) {
  const { t } = useTexts();
  return (
    <span className="card-mark">
      {signs[mark]} {t(`canvas.${mark}`)}
    </span>
  );
}
