// @sandgate/client: made of sdk/client-js/src by `npm run build`.

// src/address.ts

// Where a flow is reached.
const HELP = "write it as ws://127.0.0.1:8080/ws/countdown, or in a page of the host as /ws/countdown";
/** The WebSocket address that is meant: relative to the page where there is one, and `http` for `ws` will do. */
function resolve(address) {
    const url = absolute(address);
    url.protocol = url.protocol.replace(/^http/, "ws");
    if (!/^wss?:$/.test(url.protocol))
        throw new TypeError(`${String(address)} is no address of a flow: ${HELP}`);
    url.hash = "";
    return url;
}
function absolute(address) {
    try {
        return new URL(address, globalThis.location?.href);
    }
    catch {
        throw new TypeError(`${String(address)} is no address: ${HELP}`);
    }
}

// src/backoff.ts

// How long to wait before the next attempt.
/** Exponential, bounded, with full jitter: the clients of a host that comes back must not come at once. */
class Backoff {
    #msMin;
    #msMax;
    #attempts = 0;
    constructor(msMin, msMax) {
        this.#msMin = msMin;
        this.#msMax = msMax;
    }
    /** The attempts since the last reset. */
    get attempts() {
        return this.#attempts;
    }
    /** The milliseconds until the next attempt: anything up to a bound that doubles each time. */
    next() {
        const bound = Math.min(this.#msMax, this.#msMin * 2 ** this.#attempts);
        this.#attempts += 1;
        return Math.random() * bound;
    }
    reset() {
        this.#attempts = 0;
    }
}

// src/connection.ts

// A WebSocket that comes back: after a loss it is opened again, until it is closed, or the host says that there is no
// point.
const PROTOCOL = "sandgate.v1";
const OPEN = 1;
const NORMAL = 1000;
// The same request would be refused again.
const FINAL_CODES = new Set([1002, 1003, 1008, 4001, 4004]);
// A host that takes longer than that to say anything is as good as not there.
const FIRST_FRAME_MS_MAX = 10_000;
// A connection that was live for so long was a good one: the next loss is not the last one's fault.
const STABLE_MS_MIN = 5_000;
class Connection {
    #address;
    #holder;
    #backoff;
    #WebSocket;
    #state = { name: "connecting" };
    #socket;
    // Until the next attempt, or the end of the one that is made.
    #timer;
    #liveSince;
    /** `address` is asked before each attempt. */
    constructor(address, options, holder) {
        this.#address = address;
        this.#holder = holder;
        this.#backoff = new Backoff(options.retryMsMin ?? 250, options.retryMsMax ?? 15_000);
        this.#WebSocket = options.WebSocket ?? globalWebSocket();
    }
    get state() {
        return this.#state;
    }
    /** Makes the first attempt. */
    open() {
        const socket = new this.#WebSocket(this.#address(), PROTOCOL);
        this.#socket = socket;
        socket.binaryType = "arraybuffer";
        // What a socket says that was given up is of no interest any more.
        const when = (type, act) => socket.addEventListener(type, (event) => socket === this.#socket && act(event));
        when("open", () => this.#holder.opened());
        when("message", ({ data }) => this.#received(data));
        when("close", ({ code, reason }) => this.#lost(code, reason));
        // A close follows, and says more; without a listener, `ws` would throw.
        when("error", () => { });
        const silent = () => this.drop(`the host said nothing within ${FIRST_FRAME_MS_MAX} ms`);
        this.#timer = setTimeout(silent, FIRST_FRAME_MS_MAX);
    }
    /** Sends a frame. False where there is no WebSocket now. */
    send(data) {
        if (this.#socket?.readyState !== OPEN)
            return false;
        this.#socket.send(data);
        this.#holder.passed({ direction: "sent", data });
        return true;
    }
    /** What is sent from now on arrives: it is live. Not if it was closed or lost meanwhile. */
    live() {
        if (!this.#socket)
            return;
        clearTimeout(this.#timer);
        this.#liveSince = Date.now();
        this.#enter({ name: "live" });
    }
    /** Gives the WebSocket up and makes another, for this reason. Not if it was closed or lost meanwhile. */
    drop(reason) {
        if (!this.#socket)
            return;
        this.#giveUp();
        this.#lost(NORMAL, reason);
    }
    /** Ends it for good. */
    close(code = NORMAL, reason = "") {
        if (this.#state.name === "closed")
            return;
        this.#giveUp();
        this.#enter({ name: "closed", code, reason });
    }
    #received(data) {
        clearTimeout(this.#timer);
        this.#holder.passed({ direction: "received", data });
    }
    #giveUp() {
        clearTimeout(this.#timer);
        const socket = this.#socket;
        this.#socket = undefined;
        socket?.close(NORMAL);
    }
    #lost(code, reason) {
        clearTimeout(this.#timer);
        this.#socket = undefined;
        if (FINAL_CODES.has(code))
            return this.#enter({ name: "closed", code, reason });
        if (this.#wasStable())
            this.#backoff.reset();
        const pause = this.#backoff.next();
        this.#timer = setTimeout(() => this.#again(), pause);
        const at = new Date(Date.now() + pause);
        this.#enter({ name: "reconnecting", attempt: this.#backoff.attempts, at, code, reason });
    }
    #wasStable() {
        const since = this.#liveSince;
        this.#liveSince = undefined;
        return since !== undefined && Date.now() - since >= STABLE_MS_MIN;
    }
    #again() {
        this.#enter({ name: "connecting" });
        // Whoever heard of that may have closed it.
        if (this.#state.name === "connecting")
            this.open();
    }
    #enter(state) {
        this.#state = state;
        this.#holder.changed(state);
    }
}
function globalWebSocket() {
    const found = globalThis.WebSocket;
    if (found)
        return found;
    const help = 'pass one, as in connect(address, { WebSocket }), from the package "ws"';
    throw new TypeError(`there is no global WebSocket here: ${help}`);
}

// src/errors.ts

// What can go wrong, as errors.
/** The codes of errors that the host answers with, by what they mean. */
const ErrorCode = {
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
};
/** The host answered a request with an error. */
class RequestError extends Error {
    name = "RequestError";
    /** One of `ErrorCode`, or one that a later host has. */
    code;
    /** What there is to say for programs. */
    data;
    constructor({ code, message, data }) {
        super(message);
        this.code = code;
        this.data = data;
    }
}
/** The client is closed for good, so that a request will not be answered. */
class ClosedError extends Error {
    name = "ClosedError";
    /** The code that the WebSocket was closed with; 1000 after `close()`. */
    code;
    /** The reason that came with it. */
    reason;
    constructor(code, reason) {
        const advice = ADVICE[code] ?? "connect anew";
        super(`the connection is closed for good (code ${code}${reason && `: ${reason}`}): ${advice}`);
        this.code = code;
        this.reason = reason;
    }
}
const ADVICE = {
    1000: "connect anew to go on",
    1002: "a flow whose framing is raw is reached by connectRaw",
    1008: "use another client id, or none",
    4001: "connect anew with credentials that are valid now",
    4004: "look for the flow's name among those at /api/v1/flows",
};

// src/events.ts

// Listeners, by the type of event that they are for.
/** `Events` has the events by their types. */
class Emitter {
    // Each listener with what removes it.
    #listeners = new Map();
    /** Adds a listener, once however often; what is returned removes it. */
    on(type, listener, { signal } = {}) {
        const remove = () => this.off(type, listener);
        if (signal?.aborted)
            return remove;
        remove();
        signal?.addEventListener("abort", remove, { once: true });
        this.#of(type).set(listener, () => signal?.removeEventListener("abort", remove));
        return remove;
    }
    off(type, listener) {
        const listeners = this.#of(type);
        listeners.get(listener)?.();
        listeners.delete(listener);
    }
    emit(type, event) {
        const listeners = this.#of(type);
        for (const listener of [...listeners.keys()]) {
            // One before it may have removed it.
            if (listeners.has(listener))
                call(listener, event);
        }
    }
    /** Removes every listener. */
    clear() {
        for (const listeners of this.#listeners.values())
            listeners.forEach((release) => release());
        this.#listeners.clear();
    }
    #of(type) {
        const listeners = this.#listeners.get(type) ?? new Map();
        this.#listeners.set(type, listeners);
        return listeners;
    }
}
// A listener that throws is its author's affair, as with DOM events: it is told as uncaught, and keeps nobody else from
// the event.
function call(listener, event) {
    try {
        listener(event);
    }
    catch (error) {
        queueMicrotask(() => {
            throw error;
        });
    }
}

// src/protocol.ts

// What goes over the wire: JSON-RPC 2.0, with the words of the protocol's documentation.
function request(id, method, params) {
    return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}
/** Reads a frame; undefined where it is no message of this protocol. */
function read(data) {
    const message = parse(data);
    if (!isObject(message) || message["jsonrpc"] !== "2.0")
        return undefined;
    if (typeof message["method"] === "string") {
        const params = message["params"];
        return { method: message["method"], params: isObject(params) ? params : {} };
    }
    return "id" in message ? message : undefined;
}
/** Whether there is enough in it to begin a session. */
function isWelcome(params) {
    return typeof params["client"] === "string" && isObject(params["positions"]);
}
function parse(data) {
    try {
        return typeof data === "string" ? JSON.parse(data) : undefined;
    }
    catch {
        return undefined;
    }
}
function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/requests.ts

// Requests and their answers. A request that is not answered when the connection is lost is sent again.
class Requests {
    #send;
    // By id, in the order in which they were asked.
    #pending = new Map();
    #lastId = 0;
    #isLive = false;
    #closed;
    constructor(send) {
        this.#send = send;
    }
    /** Asks when there is a connection; resolves to the result. Who aborts the signal does not wait for it any more. */
    ask(method, params, signal) {
        try {
            if (this.#closed)
                throw this.#closed;
            signal?.throwIfAborted();
            const id = ++this.#lastId;
            const pending = this.#add(id, request(id, method, params), signal);
            if (this.#isLive)
                pending.wasSent = this.#send(pending.text);
            return pending.promise;
        }
        catch (error) {
            // As the input is no JSON, say.
            return Promise.reject(error);
        }
    }
    /** There is a connection: what waits is sent. */
    live() {
        this.#isLive = true;
        for (const pending of this.#pending.values())
            pending.wasSent = this.#send(pending.text);
    }
    /** There is none now. */
    lost() {
        this.#isLive = false;
    }
    answered({ id, result, error }) {
        const pending = this.#pending.get(id);
        if (error)
            pending?.reject(new RequestError(error));
        else
            pending?.resolve(result);
    }
    /**
     * The host closed the connection since a message was too large for it. That was the largest of those that it has not
     * answered; sent again, it would end the next connection as well.
     */
    refuseLargest(reason) {
        const sent = [...this.#pending.values()].filter(({ wasSent }) => wasSent);
        const [largest] = sent.sort((one, other) => other.text.length - one.text.length);
        largest?.reject(new RangeError(`the request is larger than the host takes: ${reason}`));
    }
    /** There will be no answers any more. */
    close(error) {
        this.#closed = error;
        for (const { promise, reject } of this.#pending.values()) {
            // The end is told as a state as well: who does not look at the answer has not missed it.
            promise.catch(() => { });
            reject(error);
        }
    }
    #add(id, text, signal) {
        const { promise, resolve, reject } = deferred();
        const abort = () => settle(() => reject(signal?.reason));
        const settle = (act) => {
            this.#pending.delete(id);
            signal?.removeEventListener("abort", abort);
            act();
        };
        signal?.addEventListener("abort", abort);
        const pending = {
            text,
            wasSent: false,
            promise,
            resolve: (result) => settle(() => resolve(result)),
            reject: (error) => settle(() => reject(error)),
        };
        this.#pending.set(id, pending);
        return pending;
    }
}
function deferred() {
    let resolve;
    let reject;
    const promise = new Promise((...settle) => ([resolve, reject] = settle));
    return { promise, resolve, reject };
}

// src/channels.ts

// Where this client is in each of its channels, and what it may take next.
class Channels {
    #had;
    #now = {};
    /** Goes on from these positions; where there are none, from where the host stands. */
    constructor(had = {}) {
        this.#had = new Map(Object.entries(had));
    }
    /** The last entry that was had of each channel. */
    get positions() {
        return Object.fromEntries(this.#had);
    }
    /** A session has begun, and the host's channels stand there. */
    begin(now) {
        this.#now = now;
        for (const channel of this.#had.keys())
            if (!(channel in now))
                this.#had.delete(channel);
        for (const [channel, position] of Object.entries(now)) {
            const had = this.#had.get(channel);
            if (!had || isBeyond(had, position))
                this.#had.set(channel, position);
        }
    }
    /** An entry has come. */
    enter(channel, { epoch, offset }) {
        const had = this.#had.get(channel);
        // What a later host sends of channels that it does not number is for whoever knows them.
        if (!had)
            return "next";
        const fit = fits(had, epoch, offset, offset);
        if (fit === "next")
            this.#had.set(channel, { epoch, offset });
        return fit;
    }
    /** It is said that entries will not come. */
    miss({ channel, epoch, from, to }) {
        const had = this.#had.get(channel);
        if (!had)
            return "next";
        if (to === null)
            return this.#turn(channel, had, epoch);
        const fit = fits(had, epoch, from, to);
        if (fit === "next")
            this.#had.set(channel, { epoch, offset: to });
        return fit;
    }
    /** Goes to where the host stood when the session began. What was not had until there is gone. */
    settle() {
        return Object.entries(this.#now).flatMap(([channel, now]) => {
            const had = this.#had.get(channel) ?? now;
            const gaps = between(channel, had, now);
            if (gaps.length > 0)
                this.#had.set(channel, now);
            return gaps;
        });
    }
    // The rest of an epoch is gone: the next entry is the first of the one that there is now.
    #turn(channel, had, epoch) {
        const now = this.#now[channel];
        if (had.epoch !== epoch || !now || now.epoch === epoch)
            return "had";
        this.#had.set(channel, { epoch: now.epoch, offset: 0 });
        return "next";
    }
}
// A host whose data were set back has lost entries that it had sent, and gives their numbers again.
function isBeyond(had, now) {
    return had.epoch === now.epoch && had.offset > now.offset;
}
function fits(had, epoch, from, to) {
    if (epoch !== had.epoch || from > had.offset + 1)
        return "ahead";
    return to <= had.offset ? "had" : "next";
}
function between(channel, had, now) {
    if (had.epoch === now.epoch)
        return range(channel, now.epoch, had.offset, now.offset);
    const rest = { channel, epoch: had.epoch, from: had.offset + 1, to: null };
    return [rest, ...range(channel, now.epoch, 0, now.offset)];
}
function range(channel, epoch, had, now) {
    return had < now ? [{ channel, epoch, from: had + 1, to: now }] : [];
}

// src/stream.ts

// What the host tells of its channels, brought into order: each entry once, one after the other, and every gap said.
// A host that sends that much out of order has lost its way.
const HELD_MAX = 10_000;
class Stream {
    #channels;
    #tell;
    // While a session resumes: what came too early, which happens when this client was slow to ask.
    #held;
    /** Goes on from these positions. */
    constructor(positions, tell) {
        this.#channels = new Channels(positions);
        this.#tell = tell;
    }
    get positions() {
        return this.#channels.positions;
    }
    /** A session has begun, and the host's channels stand there. What follows is what was missed, until it is `settled`. */
    begin(now) {
        this.#channels.begin(now);
        this.#held = [];
    }
    /** What was missed has come, or never will. False where there is a hole that nobody explained. */
    settled() {
        const held = this.#held ?? [];
        this.#held = undefined;
        const early = held.filter((told) => !this.#take(told));
        for (const event of this.#channels.settle())
            this.#tell({ type: "gap", event });
        return early.every((told) => this.#take(told));
    }
    /** Something was told. False where there is a hole before it. */
    take(told) {
        if (this.#take(told))
            return true;
        if (this.#held === undefined || this.#held.length >= HELD_MAX)
            return false;
        this.#held.push(told);
        return true;
    }
    /** An answer was an entry as well. */
    answered(channel, position) {
        // One that was answered before is not the next, and that is as it should be.
        this.#channels.enter(channel, position);
    }
    #take(told) {
        const fit = this.#fit(told);
        if (fit === "next")
            this.#tell(told);
        return fit !== "ahead";
    }
    #fit({ type, event }) {
        return type === "gap" ? this.#channels.miss(event) : this.#channels.enter(event.channel, event);
    }
}

// src/client.ts

// A client of a flow: requests, what the host tells, and a connection that comes back.
// Not a number, so that it is none of those that requests have.
const RESUME = "resume";
const PROTOCOL_ERROR = 1002;
const TOO_LARGE = 1009;
/** A client of one flow. Made by `connect`. */
class Client {
    #address;
    #events = new Emitter();
    #connection;
    #requests;
    #stream;
    #signal;
    #welcome;
    constructor(address, { client, positions, signal, ...options } = {}) {
        if (positions && !client)
            throw new TypeError("positions are those of a client: pass its id as `client` too");
        this.#address = resolve(address);
        if (client)
            this.#address.searchParams.set("client", client);
        this.#stream = new Stream(positions, (told) => this.#tell(told));
        this.#connection = new Connection(() => this.#address.href, options, {
            opened: () => { },
            passed: (frame) => this.#passed(frame),
            changed: (state) => this.#changed(state),
        });
        this.#requests = new Requests((text) => this.#connection.send(text));
        this.#signal = signal;
        if (signal?.aborted)
            this.close();
        else
            this.#connection.open();
        // Last, since an address may be refused.
        signal?.addEventListener("abort", this.#abort);
    }
    /** What the host said first in the session that there is, or was last; undefined before the first. */
    get welcome() {
        return this.#welcome;
    }
    get state() {
        return this.#connection.state;
    }
    /** The last entry that was had of each channel. Kept, they let a later client with the same id go on from there. */
    get positions() {
        return this.#stream.positions;
    }
    /** Listens; what is returned, or `off`, or the signal ends it. */
    on(type, listener, options) {
        return this.#events.on(type, listener, options);
    }
    off(type, listener) {
        this.#events.off(type, listener);
    }
    /** Starts a run; resolves to its output when it has ended, and rejects with a `RequestError` when it fails. */
    run(...[input, options]) {
        return this.#begin("run", input, options);
    }
    /** Starts a run; resolves to its id at once. Its end comes as `output` or `failed`. */
    start(...[input, options]) {
        return this.#begin("start", input, options);
    }
    /**
     * Cancels a run that this client started. One that has ended already is a `RequestError`, `ErrorCode.UnknownRun`, as may be
     * one that this has cancelled when the connection was lost before the answer came.
     */
    cancel(run, { signal } = {}) {
        return this.#requests.ask("cancel", { run }, signal);
    }
    /** Closes it for good: what waits for an answer rejects with a `ClosedError`, and the listeners are removed. */
    close() {
        this.#connection.close();
    }
    // Not a method, so that it can be removed again.
    #abort = () => this.close();
    #begin(method, input, { key = unique(), signal } = {}) {
        return this.#requests.ask(method, { input: input ?? {}, key }, signal);
    }
    #passed(frame) {
        this.#events.emit("frame", frame);
        if (frame.direction === "sent")
            return;
        const message = read(frame.data);
        if (!message)
            this.#fail("what the host sent is not JSON-RPC");
        else if ("method" in message)
            this.#notified(message);
        else
            this.#answered(message);
    }
    #notified({ method, params }) {
        if (method === "welcome" && !isWelcome(params))
            this.#fail("what the host sent as its welcome is none");
        else if (method === "welcome")
            this.#welcomed(params);
        else if (isTold(method))
            this.#arrived({ type: method, event: params });
        // What a later host tells is for those who know it.
    }
    #welcomed(welcome) {
        const named = this.#address.searchParams.has("client");
        // Who comes back comes as the same.
        this.#address.searchParams.set("client", welcome.client);
        this.#welcome = welcome;
        this.#stream.begin(welcome.positions);
        this.#events.emit("welcome", welcome);
        // The host waits for it before it sends anything to a client that was named, be that new or not.
        if (named)
            this.#connection.send(request(RESUME, "resume", { positions: this.#stream.positions }));
        else
            this.#settled();
    }
    #arrived(told) {
        if (!this.#stream.take(told))
            this.#lostTrack();
    }
    #answered(answer) {
        // A host that cannot resume leaves a gap, which is found by the positions.
        if (answer.id === RESUME)
            return this.#settled();
        const entry = answer.error ? answer.error.data : answer.result;
        if (isObject(entry) && typeof entry["channel"] === "string") {
            this.#stream.answered(entry["channel"], entry);
        }
        this.#requests.answered(answer);
    }
    #settled() {
        if (this.#stream.settled())
            this.#connection.live();
        else
            this.#lostTrack();
    }
    // The host has the entries that are missing, or says that they are gone, to whoever comes back.
    #lostTrack() {
        this.#connection.drop("an entry is missing");
    }
    #tell({ type, event }) {
        this.#events.emit(type, event);
    }
    #changed(state) {
        if (state.name === "live")
            this.#requests.live();
        else
            this.#requests.lost();
        if (state.name === "reconnecting" && state.code === TOO_LARGE)
            this.#requests.refuseLargest(state.reason);
        if (state.name === "closed")
            this.#requests.close(new ClosedError(state.code, state.reason));
        this.#events.emit("state", state);
        if (state.name === "closed")
            this.#release();
    }
    #fail(reason) {
        this.#connection.close(PROTOCOL_ERROR, reason);
    }
    #release() {
        this.#events.clear();
        this.#signal?.removeEventListener("abort", this.#abort);
    }
}
/** Connects to a flow, and again whenever the connection is lost. Requests may be made at once: they wait for it. */
function connect(address, options) {
    return new Client(address, options);
}
function isTold(method) {
    return method === "push" || method === "output" || method === "failed" || method === "gap";
}
// `crypto.randomUUID` is not there in pages that came without TLS.
function unique() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// src/raw.ts

// A client of a flow with raw framing: messages as they are, over a connection that comes back.
/** A client of one flow with raw framing. Made by `connectRaw`. What comes while it is away it never hears of. */
class RawClient {
    #events = new Emitter();
    #connection;
    constructor(address, { client, ...options } = {}) {
        const url = resolve(address);
        if (client)
            url.searchParams.set("client", client);
        this.#connection = new Connection(() => url.href, options, {
            opened: () => this.#connection.live(),
            passed: (frame) => this.#passed(frame),
            changed: (state) => this.#changed(state),
        });
        this.#connection.open();
    }
    get state() {
        return this.#connection.state;
    }
    /** Listens; what is returned, or `off`, or the signal ends it. */
    on(type, listener, options) {
        return this.#events.on(type, listener, options);
    }
    off(type, listener) {
        this.#events.off(type, listener);
    }
    /** Sends a message, which starts a run. False where there is no connection now: it is not kept for later. */
    send(message) {
        return this.#connection.send(message);
    }
    /** Closes it for good, and removes the listeners. */
    close() {
        this.#connection.close();
    }
    #passed(frame) {
        this.#events.emit("frame", frame);
        if (frame.direction === "received")
            this.#events.emit("message", frame.data);
    }
    #changed(state) {
        this.#events.emit("state", state);
        if (state.name === "closed")
            this.#events.clear();
    }
}
/** Connects to a flow with raw framing, and again whenever the connection is lost. */
function connectRaw(address, options) {
    return new RawClient(address, options);
}

export { Client, connect };
export { ClosedError, ErrorCode, RequestError };
export { RawClient, connectRaw };
