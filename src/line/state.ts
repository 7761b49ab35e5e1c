// What the line core remembers: plain data, so that a checkpoint is the state itself; what has left is kept in pages of its own.
import type { AlarmCycle } from "./alarm-cycle.ts";
import { type Commissioning, noCommissioning } from "./commissioning-state.ts";
import { DepartedParcels } from "./departed-parcels.ts";
import type { Identity, Refusal } from "./entry.ts";
import type { LineLayout, Zone } from "./layout.ts";
import type { Mode } from "./mode.ts";
import { PagedMap } from "./paged-map.ts";
import type { ChuteState, GateState, Ghost, Jog, JogResult, UnseenEnd } from "./plant-state.ts";
import type { Destination } from "./plc-tracked/destination-state.ts";
import type { Look } from "./release.ts";
import type { Beam, BeltSample, Beside, HeldEdge, WaitingTelegram } from "./sensing.ts";
import type { StorageState } from "./step.ts";
import type { Code } from "./telegram.ts";

export type { ChuteState, GateState, Ghost };

export interface Item {
  id: number;
  beltId: string;
  /** The PLC's number of it, where the PLC tracks; absent elsewhere. */
  trackingId?: number;
  layoutHash: string;
  /** Belt position at which the item's front was at 0 of the belt: front = position - originUm. */
  originUm: number;
  /** null while its tail is still in the induction eye's beam. */
  lengthUm: number | null;
  /** By so much its length may be wrong: the errors of the two edges that measured it. */
  lengthErrorUm: number;
  /** Error right after the last sensor that saw it, and the belt position then. */
  errorUm: number;
  syncedAtUm: number;
  /** Why its position or oneness is not to be trusted; null: it is. */
  doubt: string | null;
  /** Belt eyes still ahead of it, in order; the first is expected next. */
  eyesAhead: string[];
  /** What came to the last eye that saw it right before it: an item, even one that has its end; 0: nothing is ahead of it; null: unknown. */
  behindId: number | null;
  /** Place of the furthest track eye that its tail was seen to leave; -1: none. */
  leftEyeUm: number;
  /** The longest thing that may touch it, as far as its length at that eye tells; 0: no longer than such eyes leave open on any day. */
  mayHideUm: number;
  /** It is known to be itself unless one of those is still missing and its own tail has not left the eye there; null: it is. */
  unless: { missingIds: readonly number[]; tailLeftUm: number } | null;
  /** Codes seen so far and how many scanners spoke. */
  codes: Code[];
  scannersHeard: string[];
  /** How many parcels ahead one was silent: what this one was read as may be another's, that came late. 0: it is its own. */
  namesLate: number;
  identity: Identity | null;
  decision: Decision | null;
  decisions: number;
  /** The permit that is reserved or out for it; null: the safe path. */
  permitId: number | null;
  /** Chutes that a last look has refused it: not tried again, so that a permit is not asked for in a circle. */
  withheldFrom: string[];
  /** Set when its front passed the gate of a fired permit: monotonic ns. */
  atGateNs: number | null;
  /** Set when its tail must have left that gate's swept zone, a belt that slowed or stood counted: monotonic ns. */
  passedGateNs: number | null;
  /** Seen by an eye behind the gate that should have taken it. */
  missedGate: boolean;
  /** Seen by the first eye behind the gate that was moved for it: it did not leave there, whatever else may be in its place later. */
  seenPastGate: boolean;
  /** A chute that it was let go into, whose eye has seen something in its time after an eye behind the gate had seen it; see `contested.ts`. */
  alsoIn: string | null;
  /** Not seen by the first eye behind that gate either: it did leave the belt. */
  leftBelt: boolean;
  /** A hold came after its point of no return, and people were told. */
  isLateHeld: boolean;
}

export interface Decision {
  version: number;
  disposition: string;
  why: string;
  ruleId: string | null;
  chuteId: string | null;
  refusals: readonly Refusal[];
  looks: readonly Look[];
}

export interface Permit {
  id: number;
  itemId: number;
  beltId: string;
  gateId: string;
  chuteId: string;
  zone: Zone;
  release: string | null;
  /** reserved: written, not handed to the bus; queued: with the bus; fired: last look passed; done: the device has it. */
  state: "reserved" | "queued" | "fired" | "done";
  /** Planned instant of the command, monotonic ns; set when it is handed to the bus. */
  plannedNs: number | null;
  /** Belt position from which the gate is to be home again; set when it is handed to the bus. */
  homeAtUm: number | null;
  /** Where the PLC tracks: what became of its telegrams. Absent elsewhere, and in a permit of a dead run. */
  destination?: Destination;
}

/** A stretch of belt that may hold anything, its two ends as origins (place = position - origin), front downstream. */
export interface Stretch {
  frontOriginUm: number;
  tailOriginUm: number;
  why: string;
}

export interface BeltState {
  id: string;
  /** Accumulated travel since the run began, µm. */
  positionUm: number;
  lastCount: number | null;
  lastNs: number;
  /** The newest samples, oldest first: for the speed, and for where the belt can have been at a past instant. */
  samples: BeltSample[];
  speedUmPerS: number;
  moving: boolean;
  /** A belt without encoder: the time after which its drive was last seen to run or to stand; null: not seen. */
  driveSeenNs: number | null;
  /** A belt without encoder comes up to speed and is unknown until it is here by reckoning; null: at speed, or counted. */
  rampUntilUm: number | null;
  /** Items on the belt, the furthest downstream first. */
  itemIds: number[];
  /** The item whose tail the induction eye has not seen. */
  openItemId: number | null;
  /** What lies, or has lain last, in the beam beside the induction eye; null: nothing that was seen coming. */
  beside: Beside | null;
  /** Telegrams of stations before the induction eye that wait for their items, oldest first. */
  waiting: WaitingTelegram[];
  /** Changes of beams that have not lasted long enough yet. */
  heldEdges: HeldEdge[];
  /** Track eyes that are dark; at most one each. */
  beams: Beam[];
  /** By eye, what came to it last; see `Item.behindId`. An eye that is absent has not been watched all the time. */
  lastAt: Record<string, number | null>;
  /** By eye, the items that have not come to it though they were due, while nothing else has since; 0: one without a name. */
  missingAt: Record<string, readonly number[]>;
  /** Those of the newest items, oldest first. */
  unseenEnds: UnseenEnd[];
  /** Stretches that may hold anything; see `unknown-stretch.ts`. */
  stretches: Stretch[];
  /** Belt position when an encoder's or eye's device was lost; null: all of them can be read. */
  blindSinceUm: number | null;
  /** The encoder's device was among those that were lost. */
  isCounterUnread: boolean;
  /** The last item that rode while nobody read the counter, whose way in that time no eye has contradicted; 0: none. */
  carriedItemId: number;
  runPermit: boolean;
  infeedPermit: boolean;
  /** Why the run permit is off; empty: it is on. */
  stops: string[];
  /** Belt position at which the end eye went dark; null: it is light. */
  endDarkSinceUm: number | null;
  /** Arrivals at the safe end since it said that it is nearly full. */
  arrivedSinceFull: number;
  /** `why` is a reason of the fault table. */
  mode: { mode: Mode; why: string; sinceNs: number };
  /** Manual mode or an emergency stop: people may be at the belt. */
  handsOn: boolean;
  /** Where the PLC tracks: its numbers of the parcels whose ends it reported last, and where that was; null: nobody knows. */
  reportedEnds?: { trackingId: number; chuteId: string | null }[];
  /** Where the belt was when it was last known to be empty and people took over; null: it is not known. */
  emptyAtUm: number | null;
}

export interface AnsweredCommand {
  asked: string;
  accepted: boolean;
  code: string | null;
  detail: string;
  entry: number;
  eventAtMs: number;
}

/** One alarm, by `${code}:${source}`. */
export interface Alarm {
  code: string;
  source: string;
  /** With the newest detail. */
  text: string;
  /** How often its condition came since it was last normal. */
  count: number;
  /** When its condition came, ns of the run that began at `epochAt` (RFC 3339). */
  sinceNs: number;
  epochAt: string;
  cycle: AlarmCycle;
}

export interface LedgerEntry {
  n: number;
  release: string;
  delta: 1 | -1;
}

export interface LineState {
  nextEntry: number;
  nextItem: number;
  run: number;
  /** Wall time at the run's epoch, RFC 3339; empty before the first run. */
  epochAt: string;
  /** null: none yet, or the store claims to have carried more of it than was ever written. */
  journalId: string | null;
  layout: LineLayout | null;
  /** Layouts that items on the belts still follow, by hash. */
  layouts: Map<string, LineLayout>;
  belts: Map<string, BeltState>;
  items: Map<number, Item>;
  permits: Map<number, Permit>;
  gates: Map<string, GateState>;
  chutes: Map<string, ChuteState>;
  /** `sinceNs`: when `connected` last changed, ns of the run. */
  devices: Map<string, { connected: boolean; armed: boolean; sinceNs: number }>;
  scanners: Map<string, "up" | "down" | "silent">;
  signals: Map<string, boolean>;
  /** Of each station, the parcels since its read rate was last judged. */
  reads: Map<string, { parcels: number; noReads: number }>;
  /** The newest look-up found the feed silent for longer than it may be. */
  isFeedStale: boolean;
  /** Spendings that the gateway has not carried into the store, oldest first, and their sum by release. */
  ledger: LedgerEntry[];
  uncarried: Map<string, number>;
  /** How much of this journal the store has been seen to hold; those spendings are not in the ledger any more. */
  carriedEntry: number;
  /** Parcels that may have left outbound, by `company/waybill`: a hold that comes now is a late hold. */
  departed: DepartedParcels;
  /**
   * Parcels sent into a chute whose arrival nobody could see in its time (a restart, a stall), by chute: an edge that
   * comes after all, before the belt is at `untilUm`, is theirs and no breach.
   */
  ghosts: Map<string, Ghost[]>;
  /** Chutes of breaches that no officer has acknowledged: their belts stay stopped over restarts. */
  breachedChutes: string[];
  /** Belts that a person has stopped by a command, over restarts too. */
  haltedBelts: string[];
  /** By id, the oldest first. */
  commands: Map<string, AnsweredCommand>;
  alarms: Map<string, Alarm>;
  /** When the next delay of an alarm is over, ns of the run; null: none runs. */
  alarmDueNs: number | null;
  /** Alarms that a person has put aside, by key: not shown until then, ns of the run. */
  shelved: Map<string, { untilNs: number; by: string }>;
  /** When the next delay of a chute's sensors is over, ns of the run; null: none runs. */
  chuteDueNs: number | null;
  /** How often a waybill was sent back to the infeed and has not come to another end since; see `rounds.ts`. */
  rounds: PagedMap<number>;
  counts: Record<string, number>;
  roundRobin: Map<string, number>;
  durableEntry: number;
  storage: StorageState;
  /** The one gate that is being moved by hand, and what was seen of the last one. */
  jog: Jog | null;
  lastJog: JogResult | null;
  commissioning: Commissioning;
}

export const emptyState = (): LineState => ({
  nextEntry: 1,
  nextItem: 1,
  run: 0,
  epochAt: "",
  journalId: null,
  layout: null,
  layouts: new Map(),
  belts: new Map(),
  items: new Map(),
  permits: new Map(),
  gates: new Map(),
  chutes: new Map(),
  devices: new Map(),
  scanners: new Map(),
  signals: new Map(),
  reads: new Map(),
  isFeedStale: false,
  ledger: [],
  uncarried: new Map(),
  carriedEntry: 0,
  departed: new DepartedParcels(),
  ghosts: new Map(),
  breachedChutes: [],
  haltedBelts: [],
  commands: new Map(),
  alarms: new Map(),
  alarmDueNs: null,
  shelved: new Map(),
  chuteDueNs: null,
  rounds: new PagedMap(),
  counts: {},
  roundRobin: new Map(),
  durableEntry: 0,
  storage: "ok",
  jog: null,
  lastJog: null,
  commissioning: noCommissioning(),
});
