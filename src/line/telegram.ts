// One framed message of a scanner, as a driver hands it to the line core.

export interface Code {
  /** As read, separators and AIM identifier removed. */
  text: string;
  /** AIM symbology identifier such as "]C1" (ISO/IEC 15424), null where the scanner sends none. */
  symbology: string | null;
}

export interface Telegram {
  kind: "codes" | "noRead" | "heartbeat";
  codes: readonly Code[];
  /** The frame's bytes, hex, delimiters included: evidence. */
  rawHex: string;
  /** Monotonic ns since the run's epoch, first byte and terminator. */
  firstByteNs: number;
  lastByteNs: number;
}
