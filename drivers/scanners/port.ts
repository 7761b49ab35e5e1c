// What the controller hears of a barcode scanner: whole telegrams, and whether it lives.
import type { Telegram } from "../../src/line/telegram.ts";
import type { ScannerClock } from "./clock.ts";

export interface ScannerCounts {
  /** With codes; no-reads and heartbeats are counted apart. */
  telegrams: number;
  noReads: number;
  heartbeats: number;
  /** Answers to commands. */
  replies: number;
  /** Bytes outside any frame. */
  garbageBytes: number;
  oversizeFrames: number;
  /** Frames without an end: a pause too long, a new start, or the port lost in the middle. */
  partialFrames: number;
  /** Whole frames that the profile cannot read (empty, control characters, no AIM prefix, a wrong check character ...). */
  malformedFrames: number;
  reconnects: number;
}

/** What costs time or reliability at a port, found when it was opened; the line runs on all the same. */
export interface PortNotice {
  code: PortNoticeCode;
  /** What is there and what would be right. */
  text: string;
}

/**
 * unstableName: the path is given out anew at every plug; latencyTimer: the adapter keeps bytes back; noLowLatency: the
 * system wakes the reader late; missing: nothing is at the path.
 */
export type PortNoticeCode = "unstableName" | "latencyTimer" | "noLowLatency" | "missing";

export interface ScannerEvents {
  /** In the same turn in which the last byte was handed over. */
  telegram(scannerId: string, telegram: Telegram): void;
  /**
   * Once a change. "silent": open, but no telegram came for the configured time, be there bytes or not; "down": no port.
   */
  state(scannerId: string, state: "up" | "down" | "silent"): void;
  /** After an opening, each time. */
  notices?(scannerId: string, notices: readonly PortNotice[]): void;
}

export interface ScannerPort {
  readonly scannerId: string;
  /** Starts opening; returns at once. A lost port is found again by its path or address. */
  open(events: ScannerEvents): void;
  counts(): Readonly<ScannerCounts>;
  /** What is known of the wire, for people and metrics; names as in the configuration, units last. */
  facts(): Readonly<Record<string, string | number | boolean | null>>;
  /** Why the port is down, in the system's words, or what the scanner refused; null while all is well. */
  lastError(): string | null;
  close(): Promise<void>;
}

/** What one look at a scanner's port shows, without the controller. */
export interface ScannerLook {
  facts: Readonly<Record<string, string | number | boolean | null>>;
  notices: readonly PortNotice[];
  /** Why it cannot be opened, in the system's words; null: it can. */
  error: string | null;
}

/** What a driver is, for the registry. */
export interface ScannerDriver<Config> {
  /** Nothing is opened yet. */
  make(o: { config: Config; clock: ScannerClock }): ScannerPort;
  /** Opens the port for a moment, for `coline check --devices`. Never rejects. */
  look(config: Config): Promise<ScannerLook>;
}

/** One wire to a scanner: it loses its device and finds it again by itself. */
export interface ScannerLink {
  open(): void;
  /** Nothing was heard for the silence time: is there still somebody? */
  verify(): void;
  /** To the scanner, if there is one. Settles when the system has taken it, or it is lost. */
  send(bytes: Uint8Array): Promise<void>;
  facts(): Readonly<Record<string, string | number | boolean | null>>;
  close(): Promise<void>;
}

export interface LinkEvents {
  /** Open, or opened anew: what was heard before belongs to another connection. */
  up(): void;
  /**
   * Synchronously in the turn in which the wire has become readable; valid only during the call. They came after
   * `arrivedAfterNs`, monotonic ns.
   */
  bytes(bytes: Uint8Array, arrivedAfterNs: number): void;
  /**
   * After each loss, when the very first attempt fails, and when a later one fails for another reason than the one before.
   * `reason` in the system's words.
   */
  down(reason: string): void;
  notices(notices: readonly PortNotice[]): void;
}
