/** Whether the daemon answers. */

import { createStore } from "zustand/vanilla";

const EVERY_MS = 1_000;

export const connection = createStore<{ away: boolean }>(() => ({ away: false }));

/** It did not answer: from now on it is asked until it does. */
export function lost(): void {
  if (connection.getState().away) return;
  connection.setState({ away: true });
  const timer = setInterval(() => {
    void fetch("/livez", { cache: "no-store" }).then(({ ok }) => {
      if (!ok) return;
      clearInterval(timer);
      connection.setState({ away: false });
    }, ignore);
  }, EVERY_MS);
}

function ignore(): void {}
