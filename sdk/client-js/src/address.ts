// Where a flow is reached.

const HELP = "write it as ws://127.0.0.1:8080/ws/countdown, or in a page of the host as /ws/countdown";

/** The WebSocket address that is meant: relative to the page where there is one, and `http` for `ws` will do. */
export function resolve(address: string | URL): URL {
  const url = absolute(address);
  url.protocol = url.protocol.replace(/^http/, "ws");
  if (!/^wss?:$/.test(url.protocol)) throw new TypeError(`${String(address)} is no address of a flow: ${HELP}`);
  url.hash = "";
  return url;
}

function absolute(address: string | URL): URL {
  try {
    return new URL(address, globalThis.location?.href);
  } catch {
    throw new TypeError(`${String(address)} is no address: ${HELP}`);
  }
}
