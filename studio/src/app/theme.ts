/** Light, dark, or as the system has it. */

import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

export type Theme = "light" | "dark" | "system";

const STORED = "sandgate.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const chosen = createStore<{ theme: Theme; shown: "light" | "dark" }>(() => of(remembered()));

function of(theme: Theme) {
  const shown = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  document.documentElement.dataset["theme"] = shown;
  return { theme, shown } as const;
}

dark.addEventListener("change", () => chosen.setState(of(chosen.getState().theme)));

/** The theme that is chosen, what is shown of it, and how to choose another. */
export function useTheme() {
  return { ...useStore(chosen), choose };
}

function choose(theme: Theme): void {
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // A browser may refuse storage; then a choice lasts as long as the page.
  }
  chosen.setState(of(theme));
}

function remembered(): Theme {
  try {
    const theme = localStorage.getItem(STORED);
    return theme === "light" || theme === "dark" ? theme : "system";
  } catch {
    return "system";
  }
}
