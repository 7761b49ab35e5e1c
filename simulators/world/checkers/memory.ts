// What the checkers remember from one slice of a run to the next, so that a run of any length can be judged as it goes.
import type { ParcelTruth, Truth } from "../truth.ts";
import { CustomsTimeline } from "./customs-timeline.ts";
import type { EndFact, Evidence } from "./evidence.ts";

/** Parcels and numbers that it keeps of each kind, the newest: half a week at 10,000 an hour. */
const KEPT = 1_000_000;

/** Each checker keeps to its own part; a fresh one judges a run as a whole. */
export interface CheckerMemory {
  customs: CustomsTimeline;
  /** Parcels that left, by waybill (law 3). */
  sentOut: Map<string, number>;
  /** Commands of guards that a test parcel has used up (law 1), and when each chute had its first one (law 10). */
  guardsUsed: Set<number>;
  testedNs: Map<string, number>;
  /** Commands that had come to each gate before this slice, and swings that they account for (law 5). */
  gates: Map<string, { asked: number; swung: number }>;
  /** Permits whose command was carried out (law 7), and those that a parcel took up (law 8). */
  carriedOut: Set<number>;
  takenUp: Set<number>;
  /** Parcels that left outbound a while ago at most, by id: a hold may still come (law 2). */
  departed: Map<string, Departed>;
  /** Items with an end, how many each has, and how many parcels there were in all (law 9). */
  ends: Map<number, number>;
  parcels: number;
  /** What could not be compared yet, by waybill; null: several parcels, or several ends, bear it (law 9). */
  unmatched: { parcels: Map<string, Waiting<ParcelTruth>>; ends: Map<string, Waiting<EndFact>> };
  /** Parcels that a copy of a later slice may still excuse (liveness). */
  undecided: readonly ParcelTruth[];
  slice: number;
}

export interface Departed {
  company: string;
  waybill: string;
  /** World's time. */
  leftNs: number;
  lookNs: number;
}

export interface Waiting<T> {
  only: T | null;
  since: number;
}

export const newMemory = (): CheckerMemory => ({
  customs: new CustomsTimeline(),
  sentOut: new Map(),
  guardsUsed: new Set(),
  testedNs: new Map(),
  gates: new Map(),
  carriedOut: new Set(),
  takenUp: new Set(),
  departed: new Map(),
  ends: new Map(),
  parcels: 0,
  unmatched: { parcels: new Map(), ends: new Map() },
  undecided: [],
  slice: 0,
});

/** For one that judges a run as a whole. */
export function memoryOf({ truth }: Pick<Evidence, "truth">): CheckerMemory {
  const memory = newMemory();
  learn(memory, truth);
  return memory;
}

/** Before a slice is judged. */
export function learn(memory: CheckerMemory, truth: Truth): void {
  memory.slice += 1;
  memory.customs.learn([...truth.parcels, ...(truth.riding ?? [])]);
  for (const kept of [memory.sentOut, memory.carriedOut, memory.takenUp, memory.ends, memory.guardsUsed])
    forgetOldest(kept);
}

function forgetOldest(kept: Map<unknown, unknown> | Set<unknown>): void {
  for (const key of kept.keys()) {
    if (kept.size <= KEPT) return;
    kept.delete(key);
  }
}
