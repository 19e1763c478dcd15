/** Server-sent events of any request: a browser's EventSource cannot POST. The format is that of the HTML standard, section 9.2. */

import { send, type Request } from "./ask";

export interface ServerEvent {
  event: string;
  data: string;
}

/** The events of a response as they come. Leaving the loop, or aborting the signal, ends the request. */
export async function* events(path: string, request: Request = {}): AsyncGenerator<ServerEvent> {
  const response = await send(path, {
    ...request,
    headers: { ...request.headers, Accept: "text/event-stream" },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).replace(/\r\n?/g, "\n").split("\n\n");
      rest = parts.pop() ?? "";
      for (const part of parts) {
        const event = parse(part);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** One event of its lines; none where there are only comments. */
export function parse(block: string): ServerEvent | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return data.length > 0 ? { event, data: data.join("\n") } : null;
}
