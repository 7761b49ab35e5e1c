// What the rig's process and whoever started it say to each other.
import type { Truth } from "../world/truth.ts";
import type { WorldCounts } from "../world/world.ts";
import type { FeedCounts } from "./customs-feed.ts";
import type { Fault } from "./faults.ts";
import type { RigPlan } from "./plan.ts";
import type { Pause } from "./world-clock.ts";

/** Host and port, or the path of a serial line. */
export type DeviceAddress =
  | { host: string; port: number; line?: undefined }
  | { line: string; host?: undefined; port?: undefined };

export interface RigAddresses {
  /** CLOCK_MONOTONIC ns (process.hrtime) at the world's time 0, as decimal text; the world's time runs from it, pauses left out. */
  epochNs: string;
  devices: Readonly<Record<string, DeviceAddress>>;
  /** Path of each scanner's port. */
  scanners: Readonly<Record<string, string>>;
}

export interface FeedAddress {
  host: string;
  port: number;
  /** null: the gateway asks for none. */
  token: string | null;
}

export interface RigStatus extends WorldCounts {
  atNs: number;
  /** Every parcel was fed and has left its belt and its slide; never with endless traffic. */
  isDone: boolean;
  telegrams: number;
  /** Telegrams of scanners whose plug was out. */
  telegramsUnplugged: number;
  /** Watchdog trips of the PLC that tripped most. */
  trips: number;
  belts: readonly { id: string; speedUmPerS: number; travelUm: number; driven: boolean; riding: number }[];
  devices: readonly { id: string; outputsFallen: boolean }[];
  feed: FeedCounts | null;
  /** What the machine did to the physics: how often the world stood still, its process held up for more than 50 ms, ... */
  stalls: number;
  /** ...for how long in all, ... */
  stalledMs: number;
  /** ...and the longest delay. */
  worstStallMs: number;
}

/** A command as it reached a gate's device. */
export interface RigArrival {
  deviceId: string;
  gateId: string;
  atNs: number;
  /** Mailbox: the permit's number; null: a plain coil. */
  sequence: number | null;
  /** Mailbox: the PLC's verdict. Coil: 1 on, 0 off. */
  verdict: number;
  count: number | null;
}

export interface RigRecords {
  arrivals: RigArrival[];
  /** When the last byte of a parcel's telegram went to the kernel. */
  telegrams: { scannerId: string; parcelId: string; lastByteNs: number }[];
  /** Records dropped because there were too many, the oldest first. */
  lost: number;
  /** When the world stood still because its process was held up, oldest first. */
  pauses: readonly Pause[];
  /** How often each kind of fault that waits for a parcel has found one. */
  befallen: Readonly<Record<string, number>>;
}

/** Calls by name: argument and answer. */
export interface RigCalls {
  start: [RigPlan, RigAddresses];
  connectFeed: [FeedAddress, null];
  infeed: [boolean, null];
  pressStart: [string, null];
  /** Every belt: people drive, or the line does. */
  manual: [boolean, null];
  /** A person lays a test parcel of this code down at the belt's start. */
  testParcel: [{ beltId: string; code: string }, null];
  changeContainer: [string, null];
  clearSafeEnd: [{ beltId: string; atUm: number }, null];
  inject: [Fault, null];
  status: [null, RigStatus];
  truth: [null, Truth];
  records: [null, RigRecords];
  stop: [null, null];
}

export type ToRig = { [K in keyof RigCalls]: { id: number; call: K; argument: RigCalls[K][0] } }[keyof RigCalls];

export type FromRig = { id: number; answer: unknown } | { id: number; failed: string } | { trouble: string };
