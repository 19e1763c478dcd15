import { Activity, BetweenVerticalStart, History, PencilRuler, Play } from "lucide-react";
import { Link } from "wouter";
import { useTexts } from "../i18n";
import { Badge, type Tone } from "../ui/Badge";
import type { Interface } from "./interfaces";

const tones: Record<string, Tone> = { served: "good", stale: "warn", broken: "bad" };

/** An interface: how it stands, and what can be done with it. */
export function FlowRow({ id, title, description, flow, draft }: Interface) {
  const { t } = useTexts();
  return (
    <li className="flow-row">
      <div className="flow-names">
        <h2>
          <Link href={`/flows/${id}`}>{title}</Link>
        </h2>
        <p className="soft">
          <code>{id}</code>
          {description && ` · ${description}`}
        </p>
        <p className="flow-badges">
          {flow ? (
            <Badge tone={tones[flow.status]}>{t(`home.status.${flow.status}`)}</Badge>
          ) : (
            <Badge>{t("home.unpublished")}</Badge>
          )}
          {flow?.version != null && <Badge>{t("versions.version", { version: flow.version })}</Badge>}
          {draft && (
            <Badge tone={draft.problems.errors > 0 ? "bad" : "info"}>
              {draft.problems.errors > 0 ? t("home.draftErrors", { count: draft.problems.errors }) : t("home.draft")}
            </Badge>
          )}
        </p>
      </div>
      <div className="flow-actions">
        <Link className="button" href={`/flows/${id}`}>
          <PencilRuler aria-hidden="true" />
          {t("home.edit")}
        </Link>
        {flow && (
          <>
            <a className="button button-bare" href={`/try/${id}`}>
              <Play aria-hidden="true" />
              {t("home.try")}
            </a>
            <Link className="button button-bare" href={`/flows/${id}/integration`}>
              <BetweenVerticalStart aria-hidden="true" />
              {t("editor.integration")}
            </Link>
            <Link className="button button-bare" href={`/flows/${id}/runs`}>
              <Activity aria-hidden="true" />
              {t("home.runs")}
            </Link>
            <Link className="button button-bare" href={`/flows/${id}/versions`}>
              <History aria-hidden="true" />
              {t("editor.versions")}
            </Link>
          </>
        )}
      </div>
    </li>
  );
}
