// Cuts a scanner's byte stream into frames; every byte ends up in a frame or in a discard that says why.

export interface FramerOptions {
  /** One byte a character; empty: a frame begins after the end of the one before. */
  start: string;
  end: string;
  maxBytes: number;
  interByteTimeoutMs: number;
  /** A check character follows the end and is the frame's last byte, whatever it is. Needs a start. */
  trailBytes?: 0 | 1;
}

export interface Frame {
  /** Start, end and check character included; a copy, the caller may keep it. */
  bytes: Buffer;
  /** Monotonic ns at which the first byte arrived. */
  firstByteNs: number;
  /** Monotonic ns at which the frame's last byte was read: the reaction time runs from here. */
  lastByteNs: number;
  /** That byte came after this instant, monotonic ns. */
  arrivedAfterNs: number;
}

/**
 * garbage: outside any frame; partial: the frame paused for longer than the inter-byte timeout; restarted: a new start
 * came before the end; oversize: no end within `maxBytes`.
 */
export type DiscardReason = "garbage" | "partial" | "restarted" | "oversize";

export type FramerEvent =
  | { kind: "frame"; frame: Frame }
  | { kind: "discarded"; reason: DiscardReason; byteCount: number };

/**
 * Sans-I/O: time is passed in and never decreases. Holds at most `maxBytes` bytes. The cuts between chunks do not
 * matter, only the bytes and their times.
 *
 * A frame without its head could be the tail of a longer code and name another parcel. Framing with a start is safe by
 * itself; without one everything up to the first end is garbage, after opening and after every discard.
 */
export class ScannerFramer {
  readonly #start: Uint8Array;
  readonly #end: Uint8Array;
  /** What a hunt looks for: a start, or (framing without one) the end of what cannot be trusted. */
  readonly #sync: Uint8Array;
  readonly #timeoutNs: number;
  readonly #hasTrail: boolean;
  /** The open frame, or while hunting the last bytes that may begin a sync. */
  readonly #held: Uint8Array;
  readonly #heldNs: Float64Array;
  #length = 0;
  #inFrame = false;
  /** The end has come, its check character has not. */
  #isEnding = false;
  #garbage = 0;
  /** Of the bytes that are being taken. */
  #arrivedAfterNs = Number.NEGATIVE_INFINITY;

  constructor(framing: FramerOptions) {
    this.#start = Buffer.from(framing.start, "latin1");
    this.#end = Buffer.from(framing.end, "latin1");
    this.#sync = this.#start.length > 0 ? this.#start : this.#end;
    this.#timeoutNs = framing.interByteTimeoutMs * 1e6;
    this.#hasTrail = (framing.trailBytes ?? 0) > 0;
    this.#held = new Uint8Array(framing.maxBytes);
    this.#heldNs = new Float64Array(framing.maxBytes);
  }

  /** Bytes that are neither framed nor discarded yet, 0..maxBytes. */
  get heldBytes(): number {
    return this.#length;
  }

  /** The time from which on `tick` would discard what is held; null: nothing is held. */
  get deadlineNs(): number | null {
    return this.#length === 0 ? null : this.#lastNs + this.#timeoutNs;
  }

  /** All `bytes` were read at `atNs`, and came after `arrivedAfterNs`. */
  push(bytes: Uint8Array, atNs: number, arrivedAfterNs: number): FramerEvent[] {
    const events: FramerEvent[] = [];
    this.#arrivedAfterNs = arrivedAfterNs;
    this.#expire(atNs, events);
    for (const byte of bytes) this.#take(byte, atNs, events);
    this.#reportGarbage(events);
    return events;
  }

  /** Time passed and no byte came. */
  tick(nowNs: number): FramerEvent[] {
    const events: FramerEvent[] = [];
    this.#expire(nowNs, events);
    this.#reportGarbage(events);
    return events;
  }

  /** The port was lost: what is held will not be completed. */
  reset(): FramerEvent[] {
    const events: FramerEvent[] = [];
    this.#giveUp(events);
    this.#inFrame = false;
    this.#reportGarbage(events);
    return events;
  }

  get #lastNs(): number {
    return this.#heldNs[this.#length - 1] as number;
  }

  #expire(nowNs: number, events: FramerEvent[]): void {
    const deadlineNs = this.deadlineNs;
    if (deadlineNs !== null && nowNs > deadlineNs) this.#giveUp(events);
  }

  #giveUp(events: FramerEvent[]): void {
    if (this.#length === 0) return;
    this.#discard(this.#length, this.#inFrame ? "partial" : "garbage", events);
    this.#inFrame = false;
    this.#isEnding = false;
  }

  #take(byte: number, atNs: number, events: FramerEvent[]): void {
    this.#held[this.#length] = byte;
    this.#heldNs[this.#length] = atNs;
    this.#length += 1;
    if (this.#inFrame) this.#grow(events);
    else this.#hunt(events);
  }

  #grow(events: FramerEvent[]): void {
    const isEnd = !this.#isEnding && this.#length >= this.#start.length + this.#end.length && this.#endsWith(this.#end);
    if (this.#isEnding || (isEnd && !this.#hasTrail)) {
      events.push({ kind: "frame", frame: this.#cutFrame() });
      this.#inFrame = this.#start.length === 0;
      this.#isEnding = false;
    } else if (isEnd && this.#length < this.#held.length) {
      this.#isEnding = true;
    } else if (this.#restarts()) {
      this.#discard(this.#length - this.#start.length, "restarted", events);
    } else if (this.#length === this.#held.length) {
      // The last bytes may already be the beginning of what a hunt looks for.
      this.#discard(this.#length - (this.#sync.length - 1), "oversize", events);
      this.#inFrame = false;
    }
  }

  #restarts(): boolean {
    return this.#start.length > 0 && this.#length >= 2 * this.#start.length && this.#endsWith(this.#start);
  }

  #hunt(events: FramerEvent[]): void {
    if (this.#endsWith(this.#sync)) {
      this.#discard(this.#length - this.#start.length, "garbage", events);
      this.#inFrame = true;
    } else if (this.#length === this.#sync.length) {
      this.#discard(1, "garbage", events);
    }
  }

  #cutFrame(): Frame {
    const frame = {
      bytes: Buffer.from(this.#held.subarray(0, this.#length)),
      firstByteNs: this.#heldNs[0] as number,
      lastByteNs: this.#lastNs,
      arrivedAfterNs: this.#arrivedAfterNs,
    };
    this.#length = 0;
    return frame;
  }

  /** Drops the first `byteCount` bytes that are held. */
  #discard(byteCount: number, reason: DiscardReason, events: FramerEvent[]): void {
    if (byteCount === 0) return;
    this.#held.copyWithin(0, byteCount, this.#length);
    this.#heldNs.copyWithin(0, byteCount, this.#length);
    this.#length -= byteCount;
    if (reason === "garbage") this.#garbage += byteCount;
    else events.push({ kind: "discarded", reason, byteCount });
  }

  /** One event a call, however the garbage was scattered. */
  #reportGarbage(events: FramerEvent[]): void {
    if (this.#garbage === 0) return;
    events.push({ kind: "discarded", reason: "garbage", byteCount: this.#garbage });
    this.#garbage = 0;
  }

  #endsWith(mark: Uint8Array): boolean {
    const from = this.#length - mark.length;
    if (from < 0) return false;
    for (let i = mark.length - 1; i >= 0; i -= 1) {
      if (this.#held[from + i] !== mark[i]) return false;
    }
    return true;
  }
}
