// What the controller hears of a barcode scanner: whole telegrams, and whether it lives.
import type { Telegram } from "../../src/line/telegram.ts";

export interface ScannerCounts {
  telegrams: number;
  noReads: number;
  heartbeats: number;
  /** Bytes outside any frame. */
  garbageBytes: number;
  oversizeFrames: number;
  partialFrames: number;
  /** Whole frames that the profile cannot read (empty, control characters, broken AIM prefix). */
  malformedFrames: number;
  reconnects: number;
}

export interface ScannerEvents {
  telegram(scannerId: string, telegram: Telegram): void;
  /** "silent": open, but nothing came for the configured time; "down": no port. */
  state(scannerId: string, state: "up" | "down" | "silent"): void;
}

export interface ScannerPort {
  readonly scannerId: string;
  /** Starts opening; returns at once. A lost port is found again by its path. */
  open(events: ScannerEvents): void;
  counts(): Readonly<ScannerCounts>;
  close(): Promise<void>;
}
