import { useEffect, useState } from "react";
import { useTexts } from "../../i18n";
import type { Passed } from "../shape";

/** How often a run was here, and how long; of one that sleeps, how much longer. */
export function PassedBadge({ passed }: { passed: Passed }) {
  const { t } = useTexts();
  const { count, totalMs, sleepingUntil } = passed;
  if (count === 0) return null;
  return (
    <span className="card-passed-badge" title={t("canvas.passed", { count })}>
      ×{count}
      <span className="card-took">
        {sleepingUntil ? <Countdown until={Date.parse(sleepingUntil)} /> : totalMs >= 0.001 && duration(totalMs)}
      </span>
    </span>
  );
}

function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <>{duration(Math.max(0, until - now))}</>;
}

/** A time that is easily read: 3 µs, 12 ms, 1.5 s, 2 min 5 s. */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
