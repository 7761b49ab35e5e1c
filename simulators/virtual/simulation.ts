// What a run of the virtual line is asked for, and what is known of it afterwards.
import type { Site } from "../../src/config/load.ts";
import type { JournalLimits } from "../../src/journal/limits.ts";
import type { createLine } from "../../src/line/core.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import type { LineInput, LineSnapshot } from "../../src/line/step.ts";
import type { PlannedFault } from "../scenarios/planned-fault.ts";
import type { Staff } from "../scenarios/staff.ts";
import type { RigPlanOptions } from "../wired/plan.ts";
import type { Tracker } from "../wired/plc/tracker.ts";
import type { Incident } from "../world/incidents.ts";
import type { Truth } from "../world/truth.ts";
import type { BenchArrival } from "./plc-bench.ts";
import type { DiskImage } from "./virtual-disk.ts";

export interface SimulationOptions {
  site: Site;
  /** Each chute has to be proved by a test parcel; left out: the plant is a simulated one, whatever the site says. */
  mustCommission?: boolean;
  seed: number;
  /** Other delays of bus, disk and feed, with the same parcels; left out: those of the seed. */
  delays?: number;
  /** Per belt; null: until the traffic's own end. */
  parcels: number | null;
  plan?: Partial<Omit<RigPlanOptions, "seed" | "parcels">>;
  faults?: readonly PlannedFault[];
  /** What goes wrong in a PLC that tracks, and when. */
  trackerTrouble?: readonly { atNs: number; deviceId: string; make(tracker: Tracker): void }[];
  /** Given to the controller as they are: what no part of the simulation says by itself. */
  inputs?: readonly { atNs: number; input: LineInput }[];
  /** What befalls parcels, and when. */
  incidents?: readonly { atNs: number; incident: Incident }[];
  /** A run that does not come to its end by then is cut off; ns. */
  limitNs?: number;
  /** Sync of the disk takes this long, ns. */
  syncNs?: (drawn: number) => number;
  /** Every step of world and PLCs one by one, as a check of those that are left out; the run must be the same. */
  everyStep?: boolean;
  /** Of entries, their durability, arrivals, closed segments and old parcels nothing is kept: for runs of a whole day. */
  keepsNothing?: boolean;
  /** Each entry as it is appended, kept or not. */
  onEntry?: (entry: LineEntry, virtualNs: number) => void;
  /** A journal that is there already: a plant that was changed, or goes on the next day. */
  image?: DiskImage;
  journalLimits?: Partial<JournalLimits>;
  /** Each segment once it is closed. */
  onClosed?: (name: string, bytes: Buffer) => void;
  onDurable?: (upToEntry: number, virtualNs: number) => void;
  onArrival?: (arrival: BenchArrival) => void;
  /** Customs falls silent, or speaks again. */
  onFeed?: (isSilent: boolean, virtualNs: number) => void;
  /** Every so often the truth of what is over for a while is handed over, and forgotten. */
  slices?: { everyNs: number; settledNs: number; take(slice: Truth): void };
  /** The run is cut off when it says so; asked about once a simulated second. */
  isOver?: () => boolean;
  /** Spendings that are carried over at a time; left out: so many that a run of an hour has none. */
  carriedFrom?: number;
  /** People who fetch late holds back and change full containers. */
  staff?: Staff;
  /** Makes the core of each run; the product's own, unless told otherwise. */
  core?: typeof createLine;
}

export interface Simulated {
  truth: Truth;
  /** All entries over all runs; `atNs` is of their run, `virtualNs` of the simulation. */
  entries: readonly { entry: LineEntry; virtualNs: number }[];
  /** When each entry was on the disk, by its number. */
  durableNs: ReadonlyMap<number, number>;
  arrivals: readonly BenchArrival[];
  snapshot: LineSnapshot;
  disk: DiskImage;
  finished: boolean;
  endedNs: number;
  /** How often each kind of fault was really injected. */
  injected: Readonly<Record<string, number>>;
  /** Readings that failed because a scanner was weak or dead. */
  spoiledReads: number;
}
