// What can go wrong, as errors.

import type { ErrorObject, Json } from "./protocol.js";

/** The codes of errors that the host answers with, by what they mean. */
export const ErrorCode = {
  /** The parameters or the input do not fit: `data.problems` says where. No run was started. */
  InvalidParams: -32602,
  /** The host could not do its part. */
  Internal: -32603,
  /** The run failed; `data` says where and how. */
  RunFailed: -32000,
  /** The run was cancelled. */
  Cancelled: -32001,
  /** No room now: try again later. */
  Busy: -32002,
  /** No such run of this client is under way. */
  UnknownRun: -32003,
  /** The host cannot store anything now: try again later, with the same key. */
  NotStored: -32004,
  /** The key was used before, with another input. */
  KeyTaken: -32005,
} as const;

/** The host answered a request with an error. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** One of `ErrorCode`, or one that a later host has. */
  readonly code: number;
  /** What there is to say for programs. */
  readonly data: Json | undefined;

  constructor({ code, message, data }: ErrorObject) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** The client is closed for good, so that a request will not be answered. */
export class ClosedError extends Error {
  override readonly name = "ClosedError";
  /** The code that the WebSocket was closed with; 1000 after `close()`. */
  readonly code: number;
  /** The reason that came with it. */
  readonly reason: string;

  constructor(code: number, reason: string) {
    const advice = ADVICE[code] ?? "connect anew";
    super(`the connection is closed for good (code ${code}${reason && `: ${reason}`}): ${advice}`);
    this.code = code;
    this.reason = reason;
  }
}

const ADVICE: Record<number, string> = {
  1000: "connect anew to go on",
  1002: "a flow whose framing is raw is reached by connectRaw",
  1008: "use another client id, or none",
  4001: "connect anew with credentials that are valid now",
  4004: "look for the flow's name among those at /api/v1/flows",
};
