/** Asks the daemon. Whatever it refuses is thrown as a `Refusal`, and that it does not answer as an `Unreachable`. */

import { lost } from "./connection";
import type { Finding } from "./types";

/** Problem details (RFC 9457). */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  problems?: Finding[];
}

/** The daemon says no. */
export class Refusal extends Error {
  constructor(readonly details: ProblemDetails) {
    super(details.detail);
    this.name = "Refusal";
  }

  /** The kind of problem: `changed` of `urn:sandgate:problem:changed`. */
  get kind(): string {
    return this.details.type.split(":").at(-1) ?? "";
  }
}

/** In the place of what is not there: another value. Any other error is thrown on. */
export function ifAbsent<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Refusal && error.details.status === 404) return value;
    throw error;
  };
}

/** The daemon does not answer. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("the host does not answer", { cause });
    this.name = "Unreachable";
  }
}

export interface Request {
  method?: "GET" | "PUT" | "POST" | "DELETE";
  headers?: Record<string, string>;
  /** A text is sent as it is, as YAML; anything else as JSON. */
  body?: unknown;
  signal?: AbortSignal;
}

/** Sends a request, and answers the response if the daemon agreed. */
export async function send(path: string, request: Request = {}): Promise<Response> {
  const { body, signal, method = "GET" } = request;
  const isText = typeof body === "string";
  const type: Record<string, string> =
    body === undefined ? {} : { "Content-Type": isText ? "application/yaml" : "application/json" };
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { ...type, ...request.headers },
      body: body === undefined ? undefined : isText ? body : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    lost();
    throw new Unreachable(error);
  }
  if (!response.ok && response.status !== 304) throw new Refusal(await details(response));
  return response;
}

/** Sends a request, and answers what the daemon says. */
export async function ask<T>(path: string, request: Request = {}): Promise<T> {
  const response = await send(path, request);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function details(response: Response): Promise<ProblemDetails> {
  const { status, statusText } = response;
  const said = (await response.json().catch(() => null)) as ProblemDetails | null;
  return said?.detail ? said : { type: "", title: statusText, status, detail: `${status} ${statusText}` };
}
