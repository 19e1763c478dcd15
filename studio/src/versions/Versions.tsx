import { useCallback, useMemo, useState } from "react";
import { Link } from "wouter";
import { ifAbsent } from "../api/ask";
import { rollBack, version, versions } from "../api/daemon";
import type { VersionHead } from "../api/types";
import { useAsked } from "../app/useAsked";
import { FlowView } from "../canvas/FlowView";
import { graphDiff, read } from "../document";
import { useTexts } from "../i18n";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { TextDiff } from "../ui/TextDiff";
import "./versions.css";

/** What was published of a flow, what differs between two of it, and going back. */
export default function Versions({ flow }: { flow: string }) {
  const { t } = useTexts();
  const [more, setMore] = useState<VersionHead[]>([]);
  const ask = useCallback(async () => versions(flow).catch(ifAbsent({ versions: [], next: null })), [flow]);
  const { value, error, isLoading, again } = useAsked(ask);
  const all = value ? [...value.versions, ...more] : [];
  const [chosen, setChosen] = useState<{ from: number; to: number } | null>(null);
  const [back, setBack] = useState<number | null>(null);
  const pair = chosen ?? (all[1] ? { from: all[1].version, to: all[0]!.version } : null);
  const last = all.at(-1);
  const goBack = async () => {
    await rollBack(flow, back!);
    setBack(null);
    setMore([]);
    setChosen(null);
    again();
  };
  return (
    <main className="page page-wide" id="content">
      <header className="page-head">
        <h1>{t("versions.title", { flow })}</h1>
        <Link className="button" href={`/flows/${flow}`}>
          {t("home.edit")}
        </Link>
      </header>
      {error && <Failure error={error} onAgain={again} />}
      {isLoading && <p>{t("app.loading")}</p>}
      {value && all.length === 0 && <p className="empty">{t("versions.none")}</p>}
      <ol className="versions">
        {all.map((it) => (
          <VersionRow key={it.version} head={it} onBack={() => setBack(it.version)} />
        ))}
      </ol>
      {value?.next && last && last.version > 1 && (
        <Button
          onClick={() => void versions(flow, last.version).then((page) => setMore((it) => [...it, ...page.versions]))}
        >
          {t("versions.older")}
        </Button>
      )}
      {pair && all.length > 1 && <Comparison flow={flow} all={all} pair={pair} onChoose={setChosen} />}
      {back !== null && (
        <Dialog
          title={t("versions.rollBackTitle", { version: back })}
          onClose={() => setBack(null)}
          actions={
            <>
              <Button onClick={() => setBack(null)}>{t("app.cancel")}</Button>
              <Button look="main" onClick={() => void goBack()}>
                {t("versions.rollBack")}
              </Button>
            </>
          }
        >
          <p>{t("versions.rollBackHelp")}</p>
        </Dialog>
      )}
    </main>
  );
}

function VersionRow({ head, onBack }: { head: VersionHead; onBack: () => void }) {
  const { t, language } = useTexts();
  const at = new Date(head.published).toLocaleString(language);
  return (
    <li>
      <strong>{t("versions.version", { version: head.version })}</strong>
      <span className={head.message ? "" : "soft"}>{head.message || t("versions.noMessage")}</span>
      <time className="soft" dateTime={head.published}>
        {at}
      </time>
      <span>
        {head.current && <Badge tone="good">{t("versions.current")}</Badge>}
        {head.restores !== null && <Badge>{t("versions.restores", { version: head.restores })}</Badge>}
      </span>
      {!head.current && (
        <Button look="bare" onClick={onBack}>
          {t("versions.rollBack")}
        </Button>
      )}
    </li>
  );
}

interface ComparisonProperties {
  flow: string;
  all: VersionHead[];
  pair: { from: number; to: number };
  onChoose: (pair: { from: number; to: number }) => void;
}

function Comparison({ flow, all, pair, onChoose }: ComparisonProperties) {
  const { t } = useTexts();
  const { from, to } = pair;
  const ask = useCallback(() => Promise.all([version(flow, from), version(flow, to)]), [flow, from, to]);
  const { value, error } = useAsked(ask);
  const marks = useMemo(() => {
    const [before, after] = value?.map(({ text }) => read(text).graph) ?? [];
    return before && after ? graphDiff(before, after) : undefined;
  }, [value]);
  const select = (which: "from" | "to") => (
    <select
      className="input"
      aria-label={t(`versions.${which}`)}
      value={pair[which]}
      onChange={({ target }) => onChoose({ ...pair, [which]: Number(target.value) })}
    >
      {all.map((it) => (
        <option key={it.version} value={it.version}>
          {it.version}: {it.message || t("versions.noMessage")}
        </option>
      ))}
    </select>
  );
  const [before, after] = value ?? [];
  return (
    <section className="comparison">
      <h2>{t("versions.compare")}</h2>
      <div className="comparison-choice">
        {select("from")} <span>{t("versions.to")}</span> {select("to")}
      </div>
      {error && <Failure error={error} />}
      {before && after && (
        <>
          <h3>{t("versions.graph")}</h3>
          <div className="comparison-graph">
            <FlowView text={after.text} before={before.text} marks={marks} />
          </div>
          <h3>{t("versions.text")}</h3>
          {before.text === after.text ? (
            <p className="soft">{t("versions.same")}</p>
          ) : (
            <TextDiff
              before={before.text}
              after={after.text}
              names={[t("versions.version", { version: from }), t("versions.version", { version: to })]}
            />
          )}
        </>
      )}
    </section>
  );
}
