import { useCallback, useEffect, useState } from "react";
import { Link } from "wouter";
import { cancel, runs, runsLive } from "../api/daemon";
import type { RunHead } from "../api/types";
import { useAsked } from "../app/useAsked";
import { useTexts } from "../i18n";
import { Badge, type Tone } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { merged } from "./merged";
import { shownTime } from "./timeline";
import "./runs.css";

export const TONES: Record<RunHead["status"], Tone> = {
  running: "info",
  output: "good",
  completed: "good",
  failed: "bad",
  cancelled: "warn",
  damaged: "bad",
};

/** The runs of an interface, as they come and go. */
export default function Runs({ flow }: { flow: string }) {
  const { t } = useTexts();
  const ask = useCallback(() => runs(flow), [flow]);
  const { value, error, isLoading, again } = useAsked(ask);
  const [known, setKnown] = useState<RunHead[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [status, setStatus] = useState<RunHead["status"] | "all">("all");
  useEffect(() => {
    if (!value) return;
    setKnown((it) => merged(it, value.runs));
    setNext(value.next);
  }, [value]);
  useEffect(() => {
    const leaving = new AbortController();
    void follow(flow, leaving.signal, (run) => setKnown((it) => merged(it, [run])));
    return () => leaving.abort();
  }, [flow, value]);
  const shown = known.filter((it) => status === "all" || it.status === status);
  const older = async () => {
    const page = await runs(flow, next!);
    setKnown((it) => merged(it, page.runs));
    setNext(page.next);
  };
  return (
    <main className="page page-wide" id="content">
      <header className="page-head">
        <h1>{t("runs.title", { flow })}</h1>
        <select
          className="input runs-filter"
          aria-label={t("runs.filter")}
          value={status}
          onChange={({ target }) => setStatus(target.value as RunHead["status"])}
        >
          <option value="all">{t("runs.all")}</option>
          {(Object.keys(TONES) as RunHead["status"][]).map((it) => (
            <option key={it} value={it}>
              {t(`runs.status.${it}`)}
            </option>
          ))}
        </select>
      </header>
      {error && <Failure error={error} onAgain={again} />}
      {isLoading && <p>{t("app.loading")}</p>}
      {value && shown.length === 0 && <p className="empty">{t("runs.none")}</p>}
      {shown.length > 0 && (
        <div className="runs-table">
          <table>
            <thead>
              <tr>
                <th scope="col">{t("runs.run")}</th>
                <th scope="col">{t("runs.version")}</th>
                <th scope="col">{t("runs.started")}</th>
                <th scope="col">{t("runs.took")}</th>
                <th scope="col" />
                <th scope="col" />
              </tr>
            </thead>
            <tbody>
              {shown.map((run) => (
                <RunRow key={run.run} flow={flow} run={run} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next && <Button onClick={() => void older()}>{t("runs.more")}</Button>}
    </main>
  );
}

async function follow(flow: string, signal: AbortSignal, told: (run: RunHead) => void): Promise<void> {
  try {
    for await (const run of runsLive(flow, signal)) told(run);
  } catch {
    // The page is left, or the host is away: when it is back, all is asked again.
  }
}

function RunRow({ flow, run }: { flow: string; run: RunHead }) {
  const { t, language } = useTexts();
  const { status, started, ended, asleep_until } = run;
  return (
    <tr>
      <th scope="row">
        <Link href={`/flows/${flow}/runs/${run.run}`}>
          <code>
            {run.run.slice(0, 8)}…{run.run.slice(-4)}
          </code>
        </Link>
      </th>
      <td>{run.version}</td>
      <td>
        <time dateTime={started}>{new Date(started).toLocaleString(language)}</time>
      </td>
      <td>{ended ? shownTime(Date.parse(ended) - Date.parse(started)) : ""}</td>
      <td>
        <Badge tone={TONES[status]}>{t(`runs.status.${status}`)}</Badge>
        {asleep_until && (
          <span className="soft">
            {" "}
            {t("runs.asleepUntil", { time: new Date(asleep_until).toLocaleTimeString(language) })}
          </span>
        )}
      </td>
      <td>
        {status === "running" && (
          <Button look="bare" onClick={() => void cancel(run.run).catch(() => undefined)}>
            {t("runs.cancel")}
          </Button>
        )}
      </td>
    </tr>
  );
}
