// When a connection is opened, given up and tried again: the first retry at once, then ever more slowly, to 2 s. Pure.

/** Time for the TCP handshake. Linux sends the first SYN again after 1 s (RFC 6298, 2.1). */
const CONNECT_MS = 1000;
const FIRST_DELAY_NS = 100e6;
const MAX_DELAY_NS = 2e9;
const PROVED_AFTER_NS = 1e9;

export type ConnectionState =
  | { name: "closed" }
  | { name: "waiting"; retryAtNs: number }
  | { name: "connecting"; untilNs: number }
  | { name: "open" };

export class Connection {
  readonly #isLine: boolean;
  readonly #connectNs: number;
  /** What is to be said of an attempt that took too long. */
  readonly tooLong: string;
  #state: ConnectionState = { name: "closed" };
  /** Connections in a row that were of no lasting use. */
  #fruitless = 0;
  #openedNs = 0;

  /**
   * @param o.isLine a unit on a serial line: whoever drives the line says when it may be tried, and how often
   * @param o.connectMs longest attempt, ms, as the site sets it; left out: as long as a TCP handshake may take
   */
  constructor(o: { isLine: boolean; connectMs?: number | undefined } = { isLine: false }) {
    this.#isLine = o.isLine;
    const { connectMs } = o;
    this.#connectNs = (connectMs ?? CONNECT_MS) * 1e6;
    this.tooLong =
      connectMs === undefined
        ? `nobody took the connection within ${CONNECT_MS} ms`
        : `no session within ${connectMs} ms: a server that needs longer wants a longer connectMs`;
  }

  get state(): ConnectionState["name"] {
    return this.#state.name;
  }

  start(nowNs: number): void {
    this.#state = { name: "waiting", retryAtNs: nowNs };
  }

  close(): void {
    this.#state = { name: "closed" };
  }

  opened(nowNs: number): void {
    this.#state = { name: "open" };
    this.#openedNs = nowNs;
  }

  /** It brings what it is for. A peer that merely accepts connections, or drops them soon, is no reason to hurry. */
  proved(nowNs: number): void {
    if (nowNs - this.#openedNs >= PROVED_AFTER_NS) this.#fruitless = 0;
  }

  lost(nowNs: number): void {
    if (this.#isLine) return this.start(nowNs);
    const delayNs = this.#fruitless === 0 ? 0 : Math.min(MAX_DELAY_NS, FIRST_DELAY_NS * 2 ** (this.#fruitless - 1));
    this.#fruitless = Math.min(this.#fruitless + 1, 16);
    this.#state = { name: "waiting", retryAtNs: nowNs + delayNs };
  }

  step(nowNs: number): "connect" | "giveUp" | null {
    if (this.#state.name === "waiting" && nowNs >= this.#state.retryAtNs) {
      this.#state = { name: "connecting", untilNs: this.#isLine ? Number.POSITIVE_INFINITY : nowNs + this.#connectNs };
      return "connect";
    }
    return this.#state.name === "connecting" && nowNs >= this.#state.untilNs ? "giveUp" : null;
  }

  get wakeAtNs(): number {
    if (this.#state.name === "waiting") return this.#state.retryAtNs;
    return this.#state.name === "connecting" ? this.#state.untilNs : Number.POSITIVE_INFINITY;
  }
}
