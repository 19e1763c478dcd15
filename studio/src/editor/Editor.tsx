import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useTexts } from "../i18n";
import { open, openCases } from "./open";
import type { EditorStore } from "./store";
import { Workbench } from "./Workbench";

type Opened =
  | { state: "loading" }
  | { state: "open"; editor: EditorStore; cases: EditorStore }
  | { state: "unknown" }
  | { state: "failed"; reason: string };

/** Opens a flow, and then shows what it is edited with. */
export default function Editor({ flow }: { flow: string }) {
  const { t } = useTexts();
  const [opened, setOpened] = useState<Opened>({ state: "loading" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    Promise.all([open(flow), openCases(flow)]).then(
      ([editor, cases]) => isCurrent && setOpened(editor ? { state: "open", editor, cases } : { state: "unknown" }),
      (error: Error) => isCurrent && setOpened({ state: "failed", reason: error.message }),
    );
    return () => {
      isCurrent = false;
    };
  }, [flow, attempt]);
  if (opened.state === "open") return <Workbench editor={opened.editor} cases={opened.cases} />;
  return (
    <main className="page" id="content">
      {opened.state === "loading" && <p>{t("app.loading")}</p>}
      {opened.state === "failed" && (
        <>
          <p role="alert">{t("app.failed", { reason: opened.reason })}</p>
          <p>
            <button type="button" className="button" onClick={() => setAttempt(attempt + 1)}>
              {t("app.retry")}
            </button>
          </p>
        </>
      )}
      {opened.state === "unknown" && (
        <>
          <h1>{t("editor.unknownTitle", { flow })}</h1>
          <p>{t("editor.unknownHelp")}</p>
          <p>
            <Link href="/">{t("app.home")}</Link>
          </p>
        </>
      )}
    </main>
  );
}
