// What the package offers.

export { Client, connect } from "./client.js";
export { ClosedError, ErrorCode, RequestError } from "./errors.js";
export { RawClient, connectRaw } from "./raw.js";
export type { Events, FlowTypes, Options, RequestOptions } from "./client.js";
export type { Frame, State, WebSocketConstructor } from "./connection.js";
export type { Cancelled, Ended, Entry, ErrorObject, Failed, Gap, Json, Output } from "./protocol.js";
export type { Position, Positions, Push, Welcome } from "./protocol.js";
export type { RawEvents, RawOptions } from "./raw.js";
