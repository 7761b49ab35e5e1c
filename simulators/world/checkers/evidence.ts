// What the checkers judge: the world's truth, the commands that reached the gates' devices, and the journal's own words.

import type { ZonePlan } from "../plan.ts";
import type { ParcelTruth, Truth } from "../truth.ts";

/**
 * A whole run, or one slice of it: then `truth`, `commands` and the journal's ends and late holds are those of the slice,
 * each in one slice only, and the rest of the journal is all that was written so far.
 */
export interface Evidence {
  truth: Truth;
  /** Those that a device carried out: a mailbox command that it accepted, a coil that it switched on. */
  commands: readonly Command[];
  /** Commands of the slice before: one of them may stand behind a parcel of this one. Left out: none. */
  earlier?: readonly Command[];
  journal: JournalView;
  /** How old customs' last word may be, and when it said nothing at all. Left out: it was never silent. */
  feed?: { maxAgeNs: number; silences: readonly Silence[] };
  /** The plant had to be proved first, chute by chute. Left out: it had not. */
  mustCommission?: boolean;
  /** More slices follow. Left out: nothing does. */
  goesOn?: boolean;
  /** Nothing rides any more: what has no end by now has none. */
  isComplete: boolean;
}

/** `untilNs` null: it lasts. World's time. */
export interface Silence {
  fromNs: number;
  untilNs: number | null;
}

export interface Command {
  gateId: string;
  /** World's time at which it was at the device. */
  atNs: number;
  /** Number of the permit behind it; null: a plain coil, which does not say. */
  sequence: number | null;
  /** The same, for a plain coil too, where the run knows which last look sent it; null or left out: not known. */
  permit?: number | null;
  deviceId?: string;
  /** World's time at which the controller wrote it; left out: not known. */
  sentNs?: number;
  /** World's time of the line's last look before it; null: not known, `LOOK_AHEAD_NS` before it is taken. */
  lookNs: number | null;
}

/** Past the bound of 50 ms a command is dropped: a look that is older than this does not stand behind it. */
export const LOOK_AHEAD_NS = 50_000_000;

/** One thing that must not be; `clause` is the clause of the law, 0 where none is broken. */
export interface Finding {
  rule: string;
  clause: number;
  parcelId: string | null;
  detail: string;
}

/** The journal as the checkers read it: plain entries, nothing of it believed that the truth can say better. */
export interface JournalView {
  permits: ReadonlyMap<number, PermitFact>;
  ends: readonly EndFact[];
  /** Items by number, each with the waybills that decisions gave it. */
  items: ReadonlyMap<number, ReadonlySet<string>>;
  /** Items that had their end long ago and are not among `items` any more. */
  itemsForgotten: number;
  /** Withdrawals that the line called done, and when it said so. */
  withdrawals: readonly WithdrawalFact[];
  lateHolds: readonly { itemId: number; waybill: string }[];
  /** Waybills of all late holds that were told so far. */
  lateHeld: ReadonlySet<string>;
  /** Permits that were let go while further parcels rode under the same waybill, by the line's own word. */
  twins: readonly TwinFact[];
  /** Commands that the line called in doubt, and when. */
  doubts: ReadonlyMap<number, number>;
  /** Commands of which the line said that they were not sent, or refused. */
  unsent: ReadonlySet<number>;
  /** When a device was said to be armed. */
  armings: readonly { deviceId: string; atNs: number }[];
  /** Who said that he stands at a chute for a test parcel, in the order of the journal. Left out: nobody. */
  guards?: readonly GuardFact[];
  /** When the controller was started. */
  startsNs: readonly number[];
}

export interface TwinFact {
  permit: number;
  chuteId: string;
  waybill: string;
  /** Parcels that rode under it, this one among them. */
  riders: number;
}

/** Times are the line's own, ns of its run. */
export interface GuardFact {
  n: number;
  chuteId: string;
  code: string;
  atNs: number;
  untilNs: number;
}

export interface PermitFact {
  n: number;
  itemId: number;
  gateId: string;
  chuteId: string;
  /** World's time at which its entry was on the disk; null: not known. */
  durableNs: number | null;
  /** World's time at which the line said that it was never carried out; null: it did not say so. */
  takenBackNs: number | null;
  /** When its last look let it go, the line's own time; left out: it did not. */
  letGoNs?: number;
  /** When its parcel was ended, since its chute's eye should have seen it and had not, the line's own time; left out: it was not. */
  missedNs?: number;
}

export interface WithdrawalFact {
  gateId: string;
  /** No permit up to this number may be carried out any more. */
  voidUpTo: number;
  /** World's time; null: not known. */
  doneNs: number | null;
}

export interface EndFact {
  n: number;
  itemId: number;
  end: string;
  chuteId: string | null;
  reason: string;
  waybill: string | null;
}

/** A parcel that left the belt into a chute. */
export type InChute = ParcelTruth & { end: Extract<ParcelTruth["end"], { kind: "chute" }> };

export const inChutes = (truth: Truth): InChute[] =>
  truth.parcels.filter((parcel): parcel is InChute => parcel.end.kind === "chute");

export const zoneOf = (truth: Truth, chuteId: string): ZonePlan => {
  const chute = truth.chutes.find(({ id }) => id === chuteId);
  if (chute === undefined) throw new RangeError(`checkers: the truth has no chute ${chuteId}`);
  return chute.zone;
};

export const inOutbound = (truth: Truth): InChute[] =>
  inChutes(truth).filter(({ end }) => zoneOf(truth, end.chuteId).kind === "outbound");

/** None of customs': laid down by whoever commissions the line. */
export const isTest = ({ fate }: ParcelTruth): boolean => fate === "test";

/** The scanners found its own waybill on it and nothing else. */
export function isReadable(parcel: ParcelTruth): boolean {
  const codes = new Set(parcel.reads.flatMap((read) => read.codes));
  return codes.size === 1 && codes.has(parcel.waybill);
}

/**
 * The last command at its gate before a parcel had left the belt there, first of all among those whose permit names it:
 * the command for the next parcel may have come already. Null: the gate moved without any.
 */
export function commandBehind(evidence: Evidence, parcel: InChute): Command | null {
  const { gateId, passedNs } = parcel.end;
  const before = commandsAt(evidence, gateId).filter(({ atNs }) => atNs <= passedNs);
  const names = (command: Command): boolean => {
    const permit = permitOf(evidence, command);
    return permit !== null && isNamed(evidence, permit.itemId, parcel);
  };
  return before.findLast(names) ?? before.at(-1) ?? null;
}

/** Null: a plain coil's, which does not say, or none that the journal knows. */
export const permitOf = ({ journal }: Evidence, { sequence }: Command): PermitFact | null =>
  sequence === null ? null : (journal.permits.get(sequence) ?? null);

/** The item's decisions named this parcel's waybill. */
export const isNamed = ({ journal }: Evidence, itemId: number, { waybill }: ParcelTruth): boolean =>
  journal.items.get(itemId)?.has(waybill) ?? false;

/** Of each piece of evidence its commands by gate, the earliest first. */
const sorted = new WeakMap<Evidence, ReadonlyMap<string, Command[]>>();

/** The earliest first. `gateId` null: none. */
export function commandsAt(evidence: Evidence, gateId: string | null): readonly Command[] {
  let byGate = sorted.get(evidence);
  if (byGate === undefined) {
    const all = [...(evidence.earlier ?? []), ...evidence.commands].sort((a, b) => a.atNs - b.atNs);
    byGate = groupedBy(all, (command) => command.gateId);
    sorted.set(evidence, byGate);
  }
  return gateId === null ? [] : (byGate.get(gateId) ?? []);
}

/** Each group in the order in which they stood. */
export function groupedBy<T>(all: Iterable<T>, keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}
