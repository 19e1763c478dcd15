import { useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";
import { connection } from "../api/connection";

export interface Asked<T> {
  value: T | null;
  error: Error | null;
  isLoading: boolean;
  again: () => void;
}

/** What the daemon answers to a question; asked again when it is back after having been away. Keep `ask` the same with `useCallback`. */
export function useAsked<T>(ask: () => Promise<T>): Asked<T> {
  const [state, setState] = useState<{ value: T | null; error: Error | null; isLoading: boolean }>({
    value: null,
    error: null,
    isLoading: true,
  });
  const [attempt, setAttempt] = useState(0);
  const { away } = useStore(connection);
  useEffect(() => {
    if (away) return;
    let isCurrent = true;
    ask().then(
      (value) => isCurrent && setState({ value, error: null, isLoading: false }),
      // What was shown stays.
      (error: Error) => isCurrent && setState((it) => ({ ...it, error, isLoading: false })),
    );
    return () => {
      isCurrent = false;
    };
  }, [ask, attempt, away]);
  return { ...state, again: useCallback(() => setAttempt((it) => it + 1), []) };
}
