// Puts bytes on a wire at the pace of a baud rate, in the bursts in which a UART hands them on.
import { setTimeout as delay } from "node:timers/promises";

export interface Pace {
  /** Bits per second; null: as fast as the wire takes them. */
  baud: number | null;
  /** Bits of one character, start and stop included; 10 for 8N1. */
  bitsPerCharacter?: number;
}

/**
 * A UART's buffer: what reaches the reader at once. A telegram fits into it, so that a simulator that was held up makes no
 * pause inside one, which no scanner's hardware does.
 */
const BURST_BYTES = 64;

export class PacedWire {
  readonly #nsPerByte: number;
  readonly #write: (bytes: Uint8Array) => number;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param write takes as many bytes as the wire does and says how many; throws when it is gone */
  constructor(pace: Pace, write: (bytes: Uint8Array) => number) {
    this.#nsPerByte = pace.baud === null ? 0 : ((pace.bitsPerCharacter ?? 10) * 1e9) / pace.baud;
    this.#write = write;
  }

  /** After all that was sent before. Resolves with the monotonic time just before the last byte went out, ns. */
  send(bytes: Uint8Array): Promise<number> {
    const sent = this.#queue.then(() => this.#sendPaced(bytes));
    this.#queue = sent.catch(() => {
      // The caller gets the failure with `sent`; what comes after it must be sent all the same.
    });
    return sent;
  }

  /** Byte i is on the wire completely at (i + 1) × nsPerByte; bursts that are due are written, then a timer's turn passes. */
  async #sendPaced(bytes: Uint8Array): Promise<number> {
    const startNs = monotonicNs();
    let written = 0;
    let lastWriteNs = startNs;
    for (;;) {
      const elapsedNs = monotonicNs() - startNs;
      const sent =
        this.#nsPerByte === 0 ? bytes.length : Math.min(bytes.length, Math.floor(elapsedNs / this.#nsPerByte));
      const due = sent === bytes.length ? sent : sent - (sent % BURST_BYTES);
      if (due > written) {
        lastWriteNs = monotonicNs();
        written += this.#write(bytes.subarray(written, due));
      }
      if (written >= bytes.length) return lastWriteNs;
      await delay(1);
    }
  }
}

const monotonicNs = (): number => Number(process.hrtime.bigint());
