// A WebSocket that comes back: after a loss it is opened again, later each time, until it is closed on purpose or the
// host says that there is no point.

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 15_000;

// Going away and coming back are the host's affair; these codes say that the same request will be refused again.
const FINAL_CODES = new Set([1002, 1003, 1008, 4001, 4004]);

/**
 * Events: `state`, whose detail is `{ state, code, reason }` with the state `connecting`, `open`, `waiting` (for the
 * next attempt) or `closed` (for good); and `frame`, whose detail is `{ direction, data }`, for every frame `sent` and
 * `received`, `data` being a string or an ArrayBuffer.
 */
export class Connection extends EventTarget {
  #address;
  #socket;
  #timer;
  #attempts = 0;
  state = "connecting";

  /** `address()` is asked for the URL before each attempt. */
  constructor(address) {
    super();
    this.#address = address;
    this.#open();
  }

  /** Sends a string, an ArrayBuffer or a typed array. False where there is no connection now. */
  send(data) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(data);
    this.#emit("frame", { direction: "sent", data });
    return true;
  }

  /** Closes it, for good. */
  close() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
    this.#enter("closed", { code: 1000, reason: "" });
  }

  #open() {
    this.#enter("connecting");
    const socket = new WebSocket(this.#address());
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    // What a socket says that is not the present one is of no interest any more.
    const when = (event, act) => socket.addEventListener(event, (it) => socket === this.#socket && act(it));
    when("open", () => this.#opened());
    when("message", ({ data }) => this.#emit("frame", { direction: "received", data }));
    when("close", ({ code, reason }) => this.#lost(code, reason));
  }

  #opened() {
    this.#attempts = 0;
    this.#enter("open");
  }

  #lost(code, reason) {
    this.#socket = undefined;
    if (FINAL_CODES.has(code)) return this.#enter("closed", { code, reason });
    this.#enter("waiting", { code, reason });
    this.#timer = setTimeout(() => this.#open(), pause(this.#attempts++));
  }

  #enter(state, why = {}) {
    this.state = state;
    this.#emit("state", { state, ...why });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

// Doubles, and is anything between half and all of that: many clients of a host that comes back must not come at once.
function pause(attempts) {
  const longest = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** attempts);
  return longest * (0.5 + Math.random() / 2);
}
