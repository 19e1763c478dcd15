import { CircleAlert, CircleCheck, Rocket, TriangleAlert } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { useStore } from "zustand";
import { publish } from "../api/daemon";
import { createRuns } from "../cases/run";
import { readCases } from "../document";
import type { Saver } from "../editor/saving";
import type { EditorStore } from "../editor/store";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextDiff } from "../ui/TextDiff";
import { TextField } from "../ui/TextField";

interface Properties {
  document: EditorStore;
  cases: EditorStore;
  /** What is typed is saved first. */
  savers: Saver[];
  onClose: () => void;
}

/** What clients get is seen before they get it: the check, the cases, and what changes. */
export function PublishDialog({ document, cases, savers, onClose }: Properties) {
  const { t } = useTexts();
  const { flow, text, published, check, tag } = useStore(document);
  const runs = useMemo(createRuns, []);
  const [message, setMessage] = useState("");
  const [state, setState] = useState<"asking" | "publishing" | { version: number } | Error>("asking");
  const all = readCases(cases.getState().text).cases;
  useEffect(() => {
    const kept = cases.getState().text;
    if (kept.trim() !== "") void runs.run(flow, { document: document.getState().text, cases: kept });
    return runs.stop;
  }, [runs, flow, document, cases]);
  const { results, running } = useStore(runs);
  const problems = check?.said.problems ?? [];
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const failed = [...results.values()].filter(({ status }) => status === "failed").length;
  const isChanged = text !== published || tag !== null || cases.getState().text !== cases.getState().published;

  const go = async () => {
    setState("publishing");
    try {
      await Promise.all(savers.map((saver) => saver.now()));
      // What is published already has no draft: it is made one, so that its cases come beside it.
      const { tag: draft } = document.getState();
      const done = await publish(flow, message, draft ?? "", draft === null ? document.getState().text : undefined);
      document.setState({ tag: null, published: done.version.text });
      cases.setState({ published: cases.getState().text });
      setState({ version: done.version.version });
    } catch (error) {
      setState(error as Error);
    }
  };

  if (typeof state === "object" && "version" in state) {
    return (
      <Dialog
        title={t("publishing.done", { version: state.version })}
        onClose={onClose}
        actions={<Button onClick={onClose}>{t("app.close")}</Button>}
      >
        <p>{t("publishing.doneHelp")}</p>
        <ul className="publish-next">
          <li>
            <a href={`/try/${flow}`}>{t("publishing.tryPage")}</a>
          </li>
          {flow === "countdown" && (
            <li>
              <a href="/demo/countdown">{t("publishing.countdownPage")}</a>
            </li>
          )}
          <li>
            <Link href={`/flows/${flow}/integration`}>{t("publishing.integration")}</Link>
          </li>
        </ul>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("publishing.title")}
      wide
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button
            look="main"
            icon={<Rocket />}
            busy={state === "publishing"}
            disabled={errors > 0 || state === "publishing"}
            onClick={() => void go()}
          >
            {t("publishing.publish")}
          </Button>
        </>
      }
    >
      <ul className="publish-checks">
        <li>
          {errors > 0 ? (
            <CircleAlert className="bad" />
          ) : problems.length > 0 ? (
            <TriangleAlert className="warn" />
          ) : (
            <CircleCheck className="good" />
          )}
          {errors > 0 ? t("publishing.errors", { count: errors }) : t("publishing.checks")}
        </li>
        <li>
          {failed > 0 ? (
            <TriangleAlert className="warn" />
          ) : (
            <CircleCheck className={all.length > 0 && !running ? "good" : ""} />
          )}
          {all.length === 0
            ? t("publishing.noCases")
            : running
              ? t("cases.running", { done: running.done, all: all.length })
              : failed > 0
                ? t("publishing.casesFail", { failed, all: all.length })
                : t("publishing.casesPass", { all: all.length })}
        </li>
      </ul>
      <TextField
        label={t("publishing.message")}
        hint={t("publishing.messageHint")}
        value={message}
        maxLength={1000}
        onChange={setMessage}
      />
      {!isChanged && <p className="field-hint">{t("publishing.unchanged")}</p>}
      {published !== null && text !== published && (
        <TextDiff before={published} after={text} names={[t("publishing.published"), t("publishing.draft")]} />
      )}
      {state instanceof Error && (
        <p className="field-fault" role="alert">
          {t("app.failed", { reason: state.message })}
        </p>
      )}
    </Dialog>
  );
}
