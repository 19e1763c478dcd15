// What goes over the wire: JSON-RPC 2.0, with the words of the protocol's documentation.

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Where a channel stands: the offset of its last entry, 0 before the first. Offsets count within an epoch. */
export interface Position {
  epoch: string;
  offset: number;
}

/** Where channels stand, by their names. */
export type Positions = Record<string, Position>;

/** What the host says first, in each session. */
export interface Welcome {
  /** The client id: a bearer secret. */
  client: string;
  session: string;
  flow: string;
  /** The version of the flow that a run started now would have. */
  version: number;
  positions: Positions;
}

/** What every entry of a channel has. */
export interface Entry extends Position {
  /** `everyone`, or `client:<id>`. */
  channel: string;
  /** The run that it is of. */
  run: string;
}

/** A run pushed this. */
export interface Push<Message = Json> extends Entry {
  message: Message;
}

/** A run has ended with this output; null where it had none. */
export interface Output<Value = Json> extends Entry {
  value: Value;
}

/** A run has failed, or was cancelled. */
export interface Failed extends Entry {
  error: ErrorObject;
}

/** Entries that this client was not sent and never will be. */
export interface Gap {
  channel: string;
  epoch: string;
  /** The first that is missing. */
  from: number;
  /** The last; null where nobody knows, since the channel has begun a new epoch. */
  to: number | null;
}

/** An error, as the host tells it. */
export interface ErrorObject {
  code: number;
  message: string;
  data?: Json;
}

/** How a run ended that was asked for by `run`. */
export interface Ended<Value = Json> extends Entry {
  output: Value;
}

/** How a run ended that was to be cancelled: what was decided before the request came stays as it was. */
export interface Cancelled {
  run: string;
  ended: "cancelled" | "output" | "completed" | "failed";
}

/** What the host tells unasked. */
export interface Notification {
  method: string;
  params: Record<string, unknown>;
}

/** What the host answers. */
export interface Answer {
  id: unknown;
  result?: unknown;
  error?: ErrorObject;
}

export function request(id: number | string, method: string, params: object): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** Reads a frame; undefined where it is no message of this protocol. */
export function read(data: unknown): Notification | Answer | undefined {
  const message = parse(data);
  if (!isObject(message) || message["jsonrpc"] !== "2.0") return undefined;
  if (typeof message["method"] === "string") {
    const params = message["params"];
    return { method: message["method"], params: isObject(params) ? params : {} };
  }
  return "id" in message ? (message as unknown as Answer) : undefined;
}

/** Whether there is enough in it to begin a session. */
export function isWelcome(params: Record<string, unknown>): boolean {
  return typeof params["client"] === "string" && isObject(params["positions"]);
}

function parse(data: unknown): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
