import { Download, ExternalLink } from "lucide-react";
import { useCallback, useState } from "react";
import { Link } from "wouter";
import { ifAbsent } from "../api/ask";
import { asyncapi, asyncapiAddress, flow as ask } from "../api/daemon";
import type { Flow, Json } from "../api/types";
import { useAsked } from "../app/useAsked";
import { useTexts } from "../i18n";
import { Code } from "../ui/Code";
import { Failure } from "../ui/Failure";
import { Tabs } from "../ui/Tabs";
import { messagesOf } from "./asyncapi";
import { exampleOf } from "./example";
import { MessageView } from "./MessageView";
import { SNIPPETS, type SnippetKind } from "./snippets";
import "./integration.css";

/** How clients reach an interface: its address, code to begin with, and every message. */
export default function Integration({ flow }: { flow: string }) {
  const { t } = useTexts();
  const load = useCallback(async () => {
    const about = await ask(flow).catch(ifAbsent(null));
    return { about, document: about?.version == null ? null : await asyncapi(flow) };
  }, [flow]);
  const { value, error, isLoading, again } = useAsked(load);
  const { about, document } = value ?? {};
  return (
    <main className="page" id="content">
      <header className="page-head">
        <div>
          <h1>{about?.title ?? flow}</h1>
          <p className="soft">{about?.description ?? t("integration.lead")}</p>
        </div>
        <Link className="button" href={`/flows/${flow}`}>
          {t("home.edit")}
        </Link>
      </header>
      {error && <Failure error={error} onAgain={again} />}
      {isLoading && <p>{t("app.loading")}</p>}
      {value && !document && (
        <section className="empty">
          <h2>{t("integration.unpublished")}</h2>
          <p>{t("integration.unpublishedHelp")}</p>
          <Link className="button button-main" href={`/flows/${flow}`}>
            {t("integration.toEditor")}
          </Link>
        </section>
      )}
      {about && document && <Published about={about} document={document} />}
    </main>
  );
}

function Published({ about, document }: { about: Flow; document: Json }) {
  const { t } = useTexts();
  const { flow } = about;
  const messages = messagesOf(document);
  const parts = [
    ["toHost", t("integration.toHost")],
    ["answer", t("integration.answers")],
    ["toClient", t("integration.toClient")],
  ] as const;
  return (
    <>
      <section className="integration-part">
        <h2>{t("integration.address")}</h2>
        <Code label={t("integration.address")} text={`${location.origin.replace(/^http/, "ws")}${about.websocket}`} />
        <p className="page-tools">
          <a className="button" href={`/try/${flow}`}>
            <ExternalLink aria-hidden="true" />
            {t("integration.tryPage")}
          </a>
          {flow === "countdown" && (
            <a className="button" href="/demo/countdown">
              <ExternalLink aria-hidden="true" />
              {t("publishing.countdownPage")}
            </a>
          )}
          <Link className="button" href={`/flows/${flow}/runs`}>
            {t("integration.runs")}
          </Link>
        </p>
      </section>
      <Snippets about={about} />
      <section className="integration-part">
        <h2>{t("integration.messages")}</h2>
        <p className="soft">{t("integration.messagesLead")}</p>
        <p>
          <a className="button" href={asyncapiAddress(flow)} download={`${flow}.asyncapi.json`}>
            <Download aria-hidden="true" />
            {t("integration.download")}
          </a>
        </p>
        {parts.map(([direction, title]) => {
          const some = messages.filter((it) => it.direction === direction);
          return (
            some.length > 0 && (
              <section key={direction} className="integration-messages">
                <h3>{title}</h3>
                {some.map((it) => (
                  <MessageView key={it.name} message={it} />
                ))}
              </section>
            )
          );
        })}
      </section>
    </>
  );
}

function Snippets({ about }: { about: Flow }) {
  const { t } = useTexts();
  const [kind, setKind] = useState<SnippetKind>("browser");
  const subject = {
    flow: about.flow,
    origin: location.origin,
    framing: about.framing ?? "json-rpc",
    input: exampleOf(about.input),
  };
  return (
    <section className="integration-part">
      <h2>{t("integration.snippets")}</h2>
      <Tabs
        label={t("integration.snippets")}
        tabs={(Object.keys(SNIPPETS) as SnippetKind[]).map((id) => ({ id, label: t(`integration.snippet.${id}`) }))}
        chosen={kind}
        onChoose={setKind}
      >
        <Code label={t(`integration.snippet.${kind}`)} text={SNIPPETS[kind](subject)} />
      </Tabs>
    </section>
  );
}
