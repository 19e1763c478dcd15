/** Texts in the language that is chosen. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import en, { type Key } from "./en";
import zh from "./zh";

export type { Key };
export type Language = "en" | "zh";
export const LANGUAGES: Record<Language, string> = { en: "English", zh: "中文" };

const STORED = "sandgate.language";
const texts: Record<Language, Record<Key, string>> = { en, zh };

const chosen = createStore<{ language: Language }>(() => ({ language: initial() }));

/** Translates: `t("app.failed", { reason })`. */
export type Translate = (key: Key, values?: Record<string, string | number>) => string;

/** The texts of the chosen language, renewed when another is chosen. */
export function useTexts(): { t: Translate; language: Language; choose: (language: Language) => void } {
  const language = useStore(chosen, (it) => it.language);
  return { t: (key, values) => translate(language, key, values), language, choose };
}

/** Chooses a language, and remembers it. */
export function choose(language: Language): void {
  remember(language);
  chosen.setState({ language });
  document.documentElement.lang = language;
}

export function translate(language: Language, key: Key, values: Record<string, string | number> = {}): string {
  return texts[language][key].replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

function initial(): Language {
  const language = remembered() ?? navigator.languages.find((it) => /^(en|zh)/.test(it))?.slice(0, 2) ?? "en";
  document.documentElement.lang = language;
  return language as Language;
}

/** A browser may refuse storage; then a choice lasts as long as the page. */
function remembered(): Language | null {
  try {
    const language = localStorage.getItem(STORED);
    return language === "en" || language === "zh" ? language : null;
  } catch {
    return null;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // As above.
  }
}
