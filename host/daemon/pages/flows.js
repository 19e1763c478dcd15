// What the host says about its flows.

const REFRESH_MS = 2_000;

/** Where a flow is reached by WebSocket. */
export function address(flow) {
  const url = new URL(`/ws/${encodeURIComponent(flow)}`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/** The flows of the project, and the files that are left out: `{ project, flows, unusable }`. */
export function all() {
  return get("/api/v1/flows");
}

/** One flow, or null where there is none of this id. */
export async function one(flow) {
  return get(`/api/v1/flows/${encodeURIComponent(flow)}`);
}

async function get(path) {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return response.json();
}

/**
 * Calls `changed` with what `load` gives, now and whenever it has changed, and `failed` while it cannot be had. A page
 * that nobody looks at does not ask.
 */
export function watch(load, { changed, failed }) {
  let seen;
  async function refresh() {
    try {
      const value = await load();
      const text = JSON.stringify(value);
      if (text !== seen) changed(value);
      seen = text;
    } catch (error) {
      seen = undefined;
      failed(error);
    }
    setTimeout(whenVisible, REFRESH_MS, refresh);
  }
  return refresh();
}

function whenVisible(act) {
  if (document.visibilityState === "visible") act();
  else document.addEventListener("visibilitychange", act, { once: true });
}
