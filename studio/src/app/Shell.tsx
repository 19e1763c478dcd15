import { Languages, Moon, Sun, SunMoon } from "lucide-react";
import type { ReactNode } from "react";
import { Link, useRoute } from "wouter";
import { useStore } from "zustand";
import { connection } from "../api/connection";
import { LANGUAGES, useTexts, type Language } from "../i18n";
import { Button } from "../ui/Button";
import { useTheme, type Theme } from "./theme";
import "./shell.css";

/** What is around every page: where one is, the language, and the appearance. */
export function Shell({ children }: { children: ReactNode }) {
  const { t, language, choose } = useTexts();
  const [home] = useRoute("/");
  const [components] = useRoute("/components");
  const other: Language = language === "en" ? "zh" : "en";
  return (
    <>
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <header className="shell">
        <Link href="/" className="shell-name">
          <img src="/pages/logo.svg" alt="" width="22" height="22" />
          {t("app.name")}
        </Link>
        <nav aria-label={t("app.name")}>
          <Link href="/" aria-current={home ? "page" : undefined}>
            {t("app.flows")}
          </Link>
          <Link href="/components" aria-current={components ? "page" : undefined}>
            {t("app.components")}
          </Link>
        </nav>
        <div className="shell-tools">
          <Button look="bare" icon={<Languages aria-hidden="true" />} lang={other} onClick={() => choose(other)}>
            {LANGUAGES[other]}
          </Button>
          <ThemeButton />
        </div>
      </header>
      <Away />
      {children}
    </>
  );
}

/** Said at the top as long as the daemon does not answer. */
function Away() {
  const { t } = useTexts();
  const { away } = useStore(connection);
  return (
    <div role="status" className={away ? "shell-away" : "visually-hidden"}>
      {away ? t("app.away") : ""}
    </div>
  );
}

const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

function ThemeButton() {
  const { t } = useTexts();
  const { theme, choose } = useTheme();
  const icons = { system: <SunMoon />, light: <Sun />, dark: <Moon /> };
  const label = `${t("app.theme")}: ${t(`app.theme.${theme}`)}`;
  return <Button look="bare" aria-label={label} icon={icons[theme]} onClick={() => choose(next[theme])} />;
}
