// One framed message of a scanner, as a driver hands it to the line core.

export interface Code {
  /** As read, separators and AIM identifier removed. */
  text: string;
  /** AIM symbology identifier such as "]C1" (ISO/IEC 15424), null where the scanner sends none. */
  symbology: string | null;
}

/** `arrivedAfterNs` lies no further before `lastByteNs` than this while the process is not held up. */
export const ARRIVAL_BLUR_NS = 10_000_000;

export interface Telegram {
  kind: "codes" | "noRead" | "heartbeat";
  codes: readonly Code[];
  /** The frame's bytes, hex, delimiters included: evidence. */
  rawHex: string;
  /** Monotonic ns since the run's epoch, first byte and terminator, as they were read. */
  firstByteNs: number;
  lastByteNs: number;
  /**
   * The terminator came after this instant, and at `lastByteNs` at the latest: a process that was held up reads late what
   * came in time, and the parcel has moved on meanwhile.
   */
  arrivedAfterNs: number;
}
