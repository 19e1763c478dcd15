// A host that a test plays: it sees what a client sends, and says what the test has it say.

/** The client id that it makes up, and the channels that it has at first. */
export const CLIENT = "made-up";
export const EVERYONE = "everyone";
export const OWN = `client:${CLIENT}`;
export const START = { [EVERYONE]: { epoch: "e1", offset: 0 }, [OWN]: { epoch: "c1", offset: 0 } };

const OPEN = 1;
const CLOSED = 3;

export class Host {
  /** Every WebSocket that was made, oldest first. */
  sockets = [];

  /** The option of `connect`. */
  get WebSocket() {
    const host = this;
    return class extends Socket {
      constructor(address, protocol) {
        super(address, protocol);
        host.sockets.push(this);
      }
    };
  }

  /** The newest WebSocket. */
  get socket() {
    return this.sockets.at(-1);
  }
}

class Socket extends EventTarget {
  readyState = 0;
  /** What the client sent, as JSON. */
  sent = [];

  constructor(address, protocol) {
    super();
    this.address = new URL(address);
    this.protocol = protocol;
  }

  // What the client does.

  send(data) {
    this.sent.push(typeof data === "string" && data.startsWith("{") ? JSON.parse(data) : data);
  }

  close(code) {
    this.closedBy = code;
    this.readyState = CLOSED;
  }

  // What the test does.

  /** The client id that the address names. */
  get client() {
    return this.address.searchParams.get("client");
  }

  open() {
    this.readyState = OPEN;
    this.dispatchEvent(new Event("open"));
  }

  receive(data) {
    this.dispatchEvent(new MessageEvent("message", { data: typeof data === "object" ? JSON.stringify(data) : data }));
  }

  lose(code = 1006, reason = "") {
    this.readyState = CLOSED;
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }

  tell(method, params) {
    this.receive({ jsonrpc: "2.0", method, params });
  }

  answer(id, result) {
    this.receive({ jsonrpc: "2.0", id, result });
  }

  refuse(id, error) {
    this.receive({ jsonrpc: "2.0", id, error });
  }

  /** Opens, and says welcome. */
  welcome(positions = START) {
    this.open();
    const client = this.client ?? CLIENT;
    this.tell("welcome", { client, session: "s", flow: "countdown", version: 1, positions });
  }

  /** The answer to `resume`: all that was missed has been sent. */
  resumed() {
    this.answer("resume", { positions: {} });
  }

  push(offset, { channel = EVERYONE, epoch = "e1" } = {}) {
    this.tell("push", { channel, epoch, offset, run: "r", message: offset });
  }
}
