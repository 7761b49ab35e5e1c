// What the machine of a device asks of its watchdog, whichever way that is armed, fed and recovered.
import type { DeviceImage } from "../../inputs/device-image.ts";
import type { RegisterTable, Span } from "../../inputs/wiring.ts";
import type { ReplyTimes } from "../job.ts";
import type { BusRequest } from "../request.ts";

/** Six times in a timeout: four may be lost or late before the device trips. */
export const FEEDS_PER_TIMEOUT = 6;
/** The loop must have said that it lives within this share of the timeout, and at least within 20 ms. */
const ALIVE_SHARE = 1 / 8;
const MIN_ALIVE_NS = 20e6;

/** How long a sign of life of the controller's loop holds. */
export const aliveForNs = (timeoutNs: number): number => Math.max(MIN_ALIVE_NS, timeoutNs * ALIVE_SHARE);

/** Registers that each poll has to bring. */
export type WatchedRegisters = readonly { from: RegisterTable; span: Span }[];

export interface Watchdog {
  readonly reads: WatchedRegisters;
  /** The controller's own loop lives; the only thing that keeps the device armed. */
  alive(nowNs: number): void;
  /** Each request would feed it, and the loop has not said that it lives: only withdrawals may go out. */
  isStarving(nowNs: number): boolean;
  /** It runs, and will go on for a while. */
  isRunning(nowNs: number): boolean;
  /** When `isRunning` turns false if nothing happens; Infinity: it is not running. */
  readonly stopsAtNs: number;
  opened(): void;
  lost(): void;
  /** The device refused, or shows, that it has tripped. */
  tripped(): void;
  /** The device has answered a request, whatever it was for. */
  answered(request: BusRequest, times: ReplyTimes): void;
  /** The image as of the poll just read. */
  sampled(image: DeviceImage, nowNs: number): void;
}

/** A device that has none: there is nothing that could trip. */
export const NO_WATCHDOG: Watchdog = {
  reads: [],
  alive: () => {},
  isStarving: () => false,
  isRunning: () => true,
  stopsAtNs: Number.POSITIVE_INFINITY,
  opened: () => {},
  lost: () => {},
  tripped: () => {},
  answered: () => {},
  sampled: () => {},
};
