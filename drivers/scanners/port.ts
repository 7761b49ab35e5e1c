// What the controller hears of a barcode scanner: whole telegrams, and whether it lives.
import type { Telegram } from "../../src/line/telegram.ts";

export interface ScannerCounts {
  /** With codes; no-reads and heartbeats are counted apart. */
  telegrams: number;
  noReads: number;
  heartbeats: number;
  /** Bytes outside any frame. */
  garbageBytes: number;
  oversizeFrames: number;
  /** Frames without an end: a pause too long, a new start, or the port lost in the middle. */
  partialFrames: number;
  /** Whole frames that the profile cannot read (empty, control characters, no AIM prefix, too many codes). */
  malformedFrames: number;
  reconnects: number;
}

export interface ScannerEvents {
  /** In the same turn in which the last byte was handed over. */
  telegram(scannerId: string, telegram: Telegram): void;
  /** Once a change. "silent": open, but nothing came for the configured time; "down": no port. */
  state(scannerId: string, state: "up" | "down" | "silent"): void;
}

export interface ScannerPort {
  readonly scannerId: string;
  /** Starts opening; returns at once. A lost port is found again by its path. */
  open(events: ScannerEvents): void;
  counts(): Readonly<ScannerCounts>;
  /** Why the port is down, in the system's words; null while it is open. */
  lastError(): string | null;
  close(): Promise<void>;
}
