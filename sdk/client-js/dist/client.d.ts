// @sandgate/client: made of sdk/client-js/src by `npm run build`.

// src/connection.ts

/** How a connection fares. */
type State = 
/** It is being made, the first time or again. */
{
    name: "connecting";
}
/** What is sent arrives. */
 | {
    name: "live";
}
/** It was lost, for this reason, and is made again at that time. `attempt` counts from 1. */
 | {
    name: "reconnecting";
    attempt: number;
    at: Date;
    code: number;
    reason: string;
}
/** It has ended for good: by `close()`, with code 1000, or since the host says that it will not do. */
 | {
    name: "closed";
    code: number;
    reason: string;
};
/** A frame that went over the WebSocket, as it was. */
interface Frame {
    direction: "sent" | "received";
    data: FrameData;
}
/** A text, or bytes. */
type FrameData = string | ArrayBuffer | ArrayBufferView;
/** What is used of a `WebSocket`: the browser's is one, and that of the package `ws`. */
type WebSocketConstructor = new (address: string, protocol: string) => WebSocketLike;
interface WebSocketLike {
    readonly readyState: number;
    binaryType: string;
    close(code?: number): void;
    send(data: any): void;
    addEventListener(type: string, listener: (event: any) => void): void;
}
interface ConnectionOptions {
    /** By default the global one; Node has one from version 22 on, and for older ones there is the package `ws`. */
    WebSocket?: WebSocketConstructor;
    /** The longest pause before the first attempt to come back, in milliseconds; it doubles with each. 250 by default. */
    retryMsMin?: number;
    /** The longest pause there is. 15,000 by default. */
    retryMsMax?: number;
}
/** Who has a connection is told what becomes of it. */
interface Holder {
    /** There is a WebSocket now. */
    opened(): void;
    /** A frame went over it. */
    passed(frame: Frame): void;
    /** It is in another state now. */
    changed(state: State): void;
}
declare class Connection {
    #private;
    /** `address` is asked before each attempt. */
    constructor(address: () => string, options: ConnectionOptions, holder: Holder);
    get state(): State;
    /** Makes the first attempt. */
    open(): void;
    /** Sends a frame. False where there is no WebSocket now. */
    send(data: FrameData): boolean;
    /** What is sent from now on arrives: it is live. Not if it was closed or lost meanwhile. */
    live(): void;
    /** Gives the WebSocket up and makes another, for this reason. Not if it was closed or lost meanwhile. */
    drop(reason: string): void;
    /** Ends it for good. */
    close(code?: number, reason?: string): void;
}

// src/events.ts

/** Is called with each event of its type. */
type Listener<Event> = (event: Event) => void;
interface ListenOptions {
    /** When it is aborted, the listener is removed. */
    signal?: AbortSignal;
}
/** `Events` has the events by their types. */
declare class Emitter<Events> {
    #private;
    /** Adds a listener, once however often; what is returned removes it. */
    on<Type extends keyof Events>(type: Type, listener: Listener<Events[Type]>, { signal }?: ListenOptions): () => void;
    off<Type extends keyof Events>(type: Type, listener: Listener<Events[Type]>): void;
    emit<Type extends keyof Events>(type: Type, event: Events[Type]): void;
    /** Removes every listener. */
    clear(): void;
}

// src/protocol.ts

/** Any JSON value. */
type Json = null | boolean | number | string | Json[] | {
    [name: string]: Json;
};
/** Where a channel stands: the offset of its last entry, 0 before the first. Offsets count within an epoch. */
interface Position {
    epoch: string;
    offset: number;
}
/** Where channels stand, by their names. */
type Positions = Record<string, Position>;
/** What the host says first, in each session. */
interface Welcome {
    /** The client id: a bearer secret. */
    client: string;
    session: string;
    flow: string;
    /** The version of the flow that a run started now would have. */
    version: number;
    positions: Positions;
}
/** What every entry of a channel has. */
interface Entry extends Position {
    /** `everyone`, or `client:<id>`. */
    channel: string;
    /** The run that it is of. */
    run: string;
}
/** A run pushed this. */
interface Push<Message = Json> extends Entry {
    message: Message;
}
/** A run has ended with this output; null where it had none. */
interface Output<Value = Json> extends Entry {
    value: Value;
}
/** A run has failed, or was cancelled. */
interface Failed extends Entry {
    error: ErrorObject;
}
/** Entries that this client was not sent and never will be. */
interface Gap {
    channel: string;
    epoch: string;
    /** The first that is missing. */
    from: number;
    /** The last; null where nobody knows, since the channel has begun a new epoch. */
    to: number | null;
}
/** An error, as the host tells it. */
interface ErrorObject {
    code: number;
    message: string;
    data?: Json;
}
/** How a run ended that was asked for by `run`. */
interface Ended<Value = Json> extends Entry {
    output: Value;
}
/** How a run ended that was to be cancelled: what was decided before the request came stays as it was. */
interface Cancelled {
    run: string;
    ended: "cancelled" | "output" | "completed" | "failed";
}
/** What the host tells unasked. */
interface Notification {
    method: string;
    params: Record<string, unknown>;
}
/** What the host answers. */
interface Answer {
    id: unknown;
    result?: unknown;
    error?: ErrorObject;
}
declare function request(id: number | string, method: string, params: object): string;
/** Reads a frame; undefined where it is no message of this protocol. */
declare function read(data: unknown): Notification | Answer | undefined;
/** Whether there is enough in it to begin a session. */
declare function isWelcome(params: Record<string, unknown>): boolean;
declare function isObject(value: unknown): value is Record<string, unknown>;

// src/client.ts

/** The types of a flow, as `sandgate types` writes them. */
interface FlowTypes {
    input: unknown;
    output: unknown;
    push: unknown;
}
/** What a client tells, by the name that it is listened to by. */
interface Events<Flow extends FlowTypes> {
    /** A session has begun. */
    welcome: Welcome;
    /** A run pushed something. */
    push: Push<Flow["push"]>;
    /** A run has ended with an output. One that pushed to everyone is told twice to who started it, by the same `run`. */
    output: Output<Flow["output"]>;
    /** A run of this client has failed, or was cancelled. */
    failed: Failed;
    /** Entries are gone. */
    gap: Gap;
    /** The connection is in another state. */
    state: State;
    /** A frame went over the WebSocket, for whoever keeps a log. */
    frame: Frame;
}
interface Options extends ConnectionOptions {
    /** The client id, a bearer secret. Without one the host makes one up, which this client keeps. */
    client?: string;
    /** Goes on from there, as `positions` of an earlier client with the same id said. Needs `client`. */
    positions?: Positions;
    /** When it is aborted, the client is closed. */
    signal?: AbortSignal;
}
interface RequestOptions {
    /**
     * The same key again means the same run, however often it is asked for: 1 to 128 characters. By default one that
     * nobody else has, so that a request that is sent again after a loss does not start a second run.
     */
    key?: string;
    /** When it is aborted, the answer is not waited for any more. The run goes on. */
    signal?: AbortSignal;
}
/** The arguments of a request: the input may be left out where each of its parameters may. */
type Arguments<Input> = {} extends Input ? [input?: Input, options?: RequestOptions] : [input: Input, options?: RequestOptions];
/** A client of one flow. Made by `connect`. */
declare class Client<Flow extends FlowTypes = FlowTypes> {
    #private;
    constructor(address: string | URL, { client, positions, signal, ...options }?: Options);
    /** What the host said first in the session that there is, or was last; undefined before the first. */
    get welcome(): Welcome | undefined;
    get state(): State;
    /** The last entry that was had of each channel. Kept, they let a later client with the same id go on from there. */
    get positions(): Positions;
    /** Listens; what is returned, or `off`, or the signal ends it. */
    on<Type extends keyof Events<Flow>>(type: Type, listener: Listener<Events<Flow>[Type]>, options?: ListenOptions): () => void;
    off<Type extends keyof Events<Flow>>(type: Type, listener: Listener<Events<Flow>[Type]>): void;
    /** Starts a run; resolves to its output when it has ended, and rejects with a `RequestError` when it fails. */
    run(...[input, options]: Arguments<Flow["input"]>): Promise<Ended<Flow["output"]>>;
    /** Starts a run; resolves to its id at once. Its end comes as `output` or `failed`. */
    start(...[input, options]: Arguments<Flow["input"]>): Promise<{
        run: string;
    }>;
    /**
     * Cancels a run that this client started. One that has ended already is a `RequestError`, `ErrorCode.UnknownRun`, as may be
     * one that this has cancelled when the connection was lost before the answer came.
     */
    cancel(run: string, { signal }?: {
        signal?: AbortSignal;
    }): Promise<Cancelled>;
    /** Closes it for good: what waits for an answer rejects with a `ClosedError`, and the listeners are removed. */
    close(): void;
}
/** Connects to a flow, and again whenever the connection is lost. Requests may be made at once: they wait for it. */
declare function connect<Flow extends FlowTypes = FlowTypes>(address: string | URL, options?: Options): Client<Flow>;

// src/errors.ts

/** The codes of errors that the host answers with, by what they mean. */
declare const ErrorCode: {
    /** The parameters or the input do not fit: `data.problems` says where. No run was started. */
    readonly InvalidParams: -32602;
    /** The host could not do its part. */
    readonly Internal: -32603;
    /** The run failed; `data` says where and how. */
    readonly RunFailed: -32000;
    /** The run was cancelled. */
    readonly Cancelled: -32001;
    /** No room now: try again later. */
    readonly Busy: -32002;
    /** No such run of this client is under way. */
    readonly UnknownRun: -32003;
    /** The host cannot store anything now: try again later, with the same key. */
    readonly NotStored: -32004;
    /** The key was used before, with another input. */
    readonly KeyTaken: -32005;
};
/** The host answered a request with an error. */
declare class RequestError extends Error {
    readonly name = "RequestError";
    /** One of `ErrorCode`, or one that a later host has. */
    readonly code: number;
    /** What there is to say for programs. */
    readonly data: Json | undefined;
    constructor({ code, message, data }: ErrorObject);
}
/** The client is closed for good, so that a request will not be answered. */
declare class ClosedError extends Error {
    readonly name = "ClosedError";
    /** The code that the WebSocket was closed with; 1000 after `close()`. */
    readonly code: number;
    /** The reason that came with it. */
    readonly reason: string;
    constructor(code: number, reason: string);
}

// src/raw.ts

/** What a raw client tells, by the name that it is listened to by. */
interface RawEvents {
    /** The flow pushed or output this: a text, or bytes. */
    message: string | ArrayBuffer;
    /** The connection is in another state. */
    state: State;
    /** A frame went over the WebSocket, for whoever keeps a log. */
    frame: Frame;
}
interface RawOptions extends ConnectionOptions {
    /** The client id, a bearer secret. Without one the host makes one up. */
    client?: string;
}
/** A client of one flow with raw framing. Made by `connectRaw`. What comes while it is away it never hears of. */
declare class RawClient {
    #private;
    constructor(address: string | URL, { client, ...options }?: RawOptions);
    get state(): State;
    /** Listens; what is returned, or `off`, or the signal ends it. */
    on<Type extends keyof RawEvents>(type: Type, listener: Listener<RawEvents[Type]>, options?: ListenOptions): () => void;
    off<Type extends keyof RawEvents>(type: Type, listener: Listener<RawEvents[Type]>): void;
    /** Sends a message, which starts a run. False where there is no connection now: it is not kept for later. */
    send(message: FrameData): boolean;
    /** Closes it for good, and removes the listeners. */
    close(): void;
}
/** Connects to a flow with raw framing, and again whenever the connection is lost. */
declare function connectRaw(address: string | URL, options?: RawOptions): RawClient;

export { Client, connect };
export { ClosedError, ErrorCode, RequestError };
export { RawClient, connectRaw };
export type { Events, FlowTypes, Options, RequestOptions };
export type { Frame, State, WebSocketConstructor };
export type { Cancelled, Ended, Entry, ErrorObject, Failed, Gap, Json, Output };
export type { Position, Positions, Push, Welcome };
export type { RawEvents, RawOptions };
