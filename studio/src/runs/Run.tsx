import { useCallback, useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { cancel, trace, traceLive, version } from "../api/daemon";
import type { Activation, RunEnd } from "../api/types";
import { useAsked } from "../app/useAsked";
import { FlowView } from "../canvas/FlowView";
import type { NodeId } from "../document";
import { useTexts } from "../i18n";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { said } from "./said";
import { TimeLine } from "./TimeLine";
import { TraceDetail } from "./TraceDetail";
import { TONES } from "./Runs";
import "./runs.css";

/** One run: painted on its flow, as it goes on. */
export default function Run({ flow, run }: { flow: string; run: string }) {
  const { t } = useTexts();
  const ask = useCallback(async () => {
    const page = await trace(run);
    return { page, text: (await version(flow, page.run.version)).text };
  }, [flow, run]);
  const { value, error, isLoading, again } = useAsked(ask);
  const { activations, end } = useLive(
    run,
    value?.page.activations,
    value?.page.end ?? null,
    value?.page.run.status === "running",
  );
  const [selected, setSelected] = useState<NodeId | null>(null);
  const started = value ? Date.parse(value.page.run.started) : 0;
  const entries = useMemo(() => said(activations, end, started), [activations, end, started]);
  const status = end?.status ?? value?.page.run.status;
  return (
    <main className="page page-wide" id="content">
      <header className="page-head">
        <div>
          <p>
            <Link href={`/flows/${flow}/runs`}>{t("runs.back")}</Link>
          </p>
          <h1>
            {t("runs.run")} <code>{run}</code>
          </h1>
        </div>
        <div className="page-tools">
          {status && <Badge tone={TONES[status]}>{t(`runs.status.${status}`)}</Badge>}
          {status === "running" && (
            <Button onClick={() => void cancel(run).catch(() => undefined)}>{t("runs.cancel")}</Button>
          )}
        </div>
      </header>
      {error && <Failure error={error} onAgain={again} />}
      {isLoading && <p>{t("app.loading")}</p>}
      {value && (
        <div className="run-parts">
          <div className="run-graph">
            <FlowView text={value.text} trace={activations} selected={selected} onSelect={setSelected} />
          </div>
          <div className="trace-list">
            <TimeLine entries={entries} durationMs={entries.at(-1)?.atMs ?? 0} />
            <TraceDetail activations={activations} selected={selected ?? undefined} onSelect={setSelected} />
            {value.page.next !== null && <p className="soft">{t("runs.moreActivations")}</p>}
          </div>
        </div>
      )}
    </main>
  );
}

/** What is known of a run, and what is told of it as long as it is under way. */
function useLive(run: string, known: Activation[] | undefined, ended: RunEnd | null, isRunning: boolean) {
  const [live, setLive] = useState<{ activations: Map<number, Activation>; end: RunEnd | null }>({
    activations: new Map(),
    end: null,
  });
  useEffect(() => {
    if (!isRunning) return;
    const leaving = new AbortController();
    void (async () => {
      try {
        for await (const told of traceLive(run, leaving.signal)) {
          if (told.event === "activation") {
            const { activation } = told;
            setLive((it) => ({ ...it, activations: new Map(it.activations).set(activation.activation, activation) }));
          } else if (told.event === "end") setLive((it) => ({ ...it, end: told.end }));
        }
      } catch {
        // The page is left, or the host is away: when it is back, all is asked again.
      }
    })();
    return () => leaving.abort();
  }, [run, isRunning]);
  return useMemo(() => {
    const all = new Map(known?.map((it) => [it.activation, it]));
    for (const [id, it] of live.activations) all.set(id, it);
    const activations = [...all.values()].sort((a, b) => a.activation - b.activation);
    return { activations, end: live.end ?? ended };
  }, [known, live, ended]);
}
