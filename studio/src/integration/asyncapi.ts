/** An AsyncAPI 3 document of one interface, as it is shown: what of it the daemon writes. */

import type { Json, Schema } from "../api/types";

export interface Described {
  name: string;
  summary: string;
  direction: "toHost" | "toClient" | "answer";
  /** The names of the messages that answer it. */
  answers: string[];
  payload: Schema;
  example: Json;
}

interface Document {
  operations: Record<string, { action: "send" | "receive"; messages: Reference[]; reply?: { messages: Reference[] } }>;
  components: {
    messages: Record<string, { name: string; summary: string; payload: Schema; examples: { payload: Json }[] }>;
  };
}

interface Reference {
  $ref: string;
}

const nameOf = ({ $ref }: Reference) => $ref.split("/").at(-1) ?? "";

/** The messages: what clients send, what the host sends, and what it answers. */
export function messagesOf(document: Json): Described[] {
  const { operations, components } = document as unknown as Document;
  const direction = new Map<string, Pick<Described, "direction" | "answers">>();
  for (const { action, messages, reply } of Object.values(operations)) {
    const answers = reply?.messages.map(nameOf) ?? [];
    for (const message of messages)
      direction.set(nameOf(message), { direction: action === "receive" ? "toHost" : "toClient", answers });
  }
  return Object.entries(components.messages).map(([name, message]) => ({
    name,
    summary: message.summary,
    payload: message.payload,
    example: message.examples[0]?.payload ?? null,
    ...(direction.get(name) ?? { direction: "answer" as const, answers: [] }),
  }));
}
