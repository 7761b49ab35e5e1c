// One framed message of a scanner, as a driver hands it to the line core.

/** An application identifier of a GS1 element string and its value, such as "00" and an SSCC. */
export interface Gs1Element {
  ai: string;
  value: string;
}

export interface Code {
  /** As read, separators and AIM identifier removed. */
  text: string;
  /** AIM symbology identifier such as "]C1" (ISO/IEC 15424), null where the scanner sends none. */
  symbology: string | null;
  /** Where the scanner saw it, in its own words; absent where it does not say. */
  position?: string;
  /** What a GS1 symbol holds; absent where it is none, or where it could not be taken apart. */
  elements?: readonly Gs1Element[];
}

/** What a telegram says beside its codes, in the scanner's own words. Evidence: nothing is decided from it. */
export interface TelegramFields {
  /** The number of the reading: the trigger's, or the host's that the scanner repeats. */
  triggerId?: string;
  /** The scanner's own count of the belt. */
  encoder?: string;
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
  /** Absent where the scanner says nothing of the kind. */
  fields?: TelegramFields;
}
