import { useCallback, useState } from "react";
import { components, project } from "../api/daemon";
import type { Component } from "../api/types";
import { useAsked } from "../app/useAsked";
import { hue } from "../canvas/nodes/hue";
import { useTexts } from "../i18n";
import { Badge } from "../ui/Badge";
import { CopyButton } from "../ui/CopyButton";
import { Failure } from "../ui/Failure";
import { ComponentIcon } from "../ui/icon";
import { LeftOut } from "../home/LeftOut";
import { asksFor } from "./asks";
import { FunctionView } from "./FunctionView";
import "./components.css";

/** Every component that is loaded, and what flows can call of it. */
export default function Components() {
  const { t } = useTexts();
  const ask = useCallback(async () => ({ loaded: await components(), unusable: (await project()).unusable }), []);
  const { value, error, isLoading, again } = useAsked(ask);
  const [search, setSearch] = useState("");
  const found = value?.loaded.filter((it) => matches(it, search)) ?? [];
  return (
    <main className="page" id="content">
      <header className="page-head">
        <div>
          <h1>{t("home.components")}</h1>
          <p className="soft">{t("home.componentsLead")}</p>
        </div>
        <input
          className="input component-search"
          type="search"
          aria-label={t("editor.search")}
          placeholder={t("editor.search")}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </header>
      {error && <Failure error={error} onAgain={again} />}
      {isLoading && <p>{t("app.loading")}</p>}
      {value && <LeftOut unusable={value.unusable} />}
      {found.map((it) => (
        <ComponentView key={it.component} component={it} />
      ))}
      {value && found.length === 0 && <p className="soft">{t("editor.noneFound")}</p>}
    </main>
  );
}

function matches({ component, title, docs, functions }: Component, search: string): boolean {
  const all = [component, title, docs, ...functions.map((it) => `${it.function} ${it.docs}`)].join(" ").toLowerCase();
  return all.includes(search.toLowerCase());
}

function ComponentView({ component }: { component: Component }) {
  const { t } = useTexts();
  const { title, docs, digest, gateway, stateless, functions, group, icon } = component;
  const asked = asksFor(component.imports);
  return (
    <article className={`component hue-${hue(group ?? "")}`}>
      <header>
        <span className="card-icon">
          <ComponentIcon name={icon} />
        </span>
        <div>
          <h2>{title ?? component.component}</h2>
          <p className="soft">
            <code>{component.component}</code>
            {group && ` · ${group}`}
          </p>
        </div>
        <span className="component-badges">
          {gateway && <Badge tone="info">{t("home.gateway")}</Badge>}
          <Badge title={t(stateless ? "home.statelessHelp" : "home.freshHelp")}>
            {t(stateless ? "home.stateless" : "home.fresh")}
          </Badge>
          <Badge title={digest}>sha256 {digest.slice(0, 12)}</Badge>
          <CopyButton text={digest} label={t("home.copyDigest")} />
        </span>
      </header>
      {docs && <p>{docs}</p>}
      <p className="soft">{asked.length === 0 ? t("home.asksNothing") : t("home.asks", { what: asked.join(", ") })}</p>
      {functions.map((it) => (
        <FunctionView key={it.interface + it.function} called={it} name={`${component.component}.${it.function}`} />
      ))}
    </article>
  );
}
