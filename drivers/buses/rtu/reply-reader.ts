// Finds the reply to one request among the bytes of a serial line: noise, echo, other units' telegrams. Pure.
import { isIntact } from "../crc16.ts";

/** Telegrams have at most 256 bytes; what is older than two of them belongs to nobody. At the cap the oldest goes. */
const MAX_KEPT = 600;
const EXCEPTION_BYTES = 5;

/** Whether the line hears what it sends, as many two-wire adapters do; null: not known yet. */
export type Echo = boolean | null;

export type Reading =
  | { kind: "more" }
  /** `frame`: unit to check sum, checked. `noise`: bytes that were none of it. */
  | { kind: "reply"; frame: Uint8Array; echo: Echo; noise: number }
  /** What the line heard of its own request was not what it sent: somebody else speaks. */
  | { kind: "collision" };

export class ReplyReader {
  readonly #request: Uint8Array;
  #echo: Echo;
  #isEchoGone: boolean;
  #kept = new Uint8Array(0);

  /** @param o.request the telegram as sent, unit to check sum */
  constructor(o: { request: Uint8Array; echo: Echo }) {
    this.#request = o.request;
    this.#echo = o.echo;
    this.#isEchoGone = o.echo === false;
  }

  /** Enough has come to be a reply, and none was found in it. */
  get isDamaged(): boolean {
    const echoed = this.#echo === true && !this.#isEchoGone ? this.#request.length : 0;
    return this.#kept.length >= echoed + EXCEPTION_BYTES;
  }

  push(bytes: Uint8Array): Reading {
    const all = new Uint8Array(this.#kept.length + bytes.length);
    all.set(this.#kept);
    all.set(bytes, this.#kept.length);
    this.#kept = all.length > MAX_KEPT ? all.subarray(all.length - MAX_KEPT) : all;
    if (!this.#isEchoGone && !this.#dropEcho()) return this.#isColliding ? { kind: "collision" } : { kind: "more" };
    return this.#find();
  }

  /** True: what is kept can only be the reply, or noise. */
  #dropEcho(): boolean {
    const { length } = this.#request;
    if (this.#kept.length < length) return this.#echo === null && !this.#isEchoSoFar();
    if (!this.#isEchoSoFar()) return this.#echo === null;
    // The reply to a single write is the same telegram: only the second of two tells that the first was an echo.
    if (this.#echo === null && this.#isOwnReply && this.#kept.length < 2 * length) return false;
    this.#echo = true;
    this.#isEchoGone = true;
    this.#kept = this.#kept.slice(length);
    return true;
  }

  get #isColliding(): boolean {
    return this.#echo === true && this.#kept.length >= this.#request.length && !this.#isEchoSoFar();
  }

  #isEchoSoFar(): boolean {
    const upTo = Math.min(this.#kept.length, this.#request.length);
    for (let i = 0; i < upTo; i += 1) if (this.#kept[i] !== this.#request[i]) return false;
    return true;
  }

  get #isOwnReply(): boolean {
    return this.#request[1] === 5 || this.#request[1] === 6;
  }

  #find(): Reading {
    const [unit, code] = this.#request;
    const kept = this.#kept;
    for (let at = 0; at + EXCEPTION_BYTES <= kept.length; at += 1) {
      if (kept[at] !== unit) continue;
      const length =
        kept[at + 1] === ((code as number) | 0x80) ? EXCEPTION_BYTES : kept[at + 1] === code ? this.#wanted : 0;
      if (length === 0 || at + length > kept.length || !isIntact(kept, at, at + length)) continue;
      this.#echo ??= false;
      const frame = kept.slice(at, at + length);
      return { kind: "reply", frame, echo: this.#echo, noise: kept.length - length };
    }
    return { kind: "more" };
  }

  /** Bytes of the reply that was asked for. */
  get #wanted(): number {
    const request = this.#request;
    const code = request[1] as number;
    const count = ((request[4] as number) << 8) | (request[5] as number);
    if (code === 1 || code === 2) return 5 + Math.ceil(count / 8);
    return code === 3 || code === 4 ? 5 + 2 * count : 8;
  }
}
