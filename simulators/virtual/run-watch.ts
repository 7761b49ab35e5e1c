// Watches a virtual run as it goes: hands its slices to the checkers, counts, and keeps the story of what broke the law.
import type { LineEntry } from "../../src/line/entry.ts";
import type { PlcArrival } from "../wired/plc/program.ts";
import type { Command, Finding, Silence } from "../world/checkers/evidence.ts";
import { journalReader } from "../world/checkers/journal-view.ts";
import { newMemory } from "../world/checkers/memory.ts";
import { reportSlice, type SliceReport } from "../world/checkers/report.ts";
import type { ParcelTruth, Truth } from "../world/truth.ts";
import type { BenchArrival } from "./plc-bench.ts";
import { codesOf } from "./reasons-hit.ts";
import { Settling } from "./settling.ts";
import { StoryMemory } from "./story-memory.ts";

export interface Violation {
  finding: Finding;
  /** World's time at which it was found out, ns. */
  foundNs: number;
  /** The journal's entries about the parcel, in plain words. */
  story: readonly string[];
}

export interface Watched {
  parcels: number;
  perChute: Readonly<Record<string, number>>;
  removed: number;
  onBelt: number;
  ends: Readonly<Record<string, number>>;
  endReasons: Readonly<Record<string, number>>;
  /** Every code of the fault table that stood anywhere in the journal, and how often. */
  reasons: Readonly<Record<string, number>>;
  lateHolds: number;
  due: number;
  delivered: number;
  /** Of those that were fed well after the last fault. */
  dueAfterwards: number;
  missedAfterwards: readonly Violation[];
  violations: readonly Violation[];
}

/** So many are kept with their stories, the first: what follows a breach of the law is most often the same one again. */
const KEPT_VIOLATIONS = 20;

type CountName = "parcels" | "removed" | "onBelt" | "lateHolds" | "due" | "delivered" | "dueAfterwards";
type Counts = Record<CountName, number>;

export class RunWatch {
  readonly #reader = journalReader();
  readonly #memory = newMemory();
  readonly #stories = new StoryMemory();
  /** Last looks that let a permit go, and the gate of each permit. */
  readonly #looks = new Map<number, number>();
  readonly #gateOf = new Map<number, string>();
  readonly #silences: Silence[] = [];
  readonly #feedMaxAgeNs: number;
  /** Of the newest parcels, to find their stories by. */
  readonly #waybills = new Map<string, string>();
  readonly #shut = new Map<string, { fromNs: number; untilNs: number }[]>();
  readonly #settling: Settling;
  readonly #mustCommission: boolean;
  #pending: { entry: LineEntry; atNs: number }[] = [];
  #commands: Command[] = [];
  #earlier: readonly Command[] = [];
  readonly #counts: Counts = {
    parcels: 0,
    removed: 0,
    onBelt: 0,
    lateHolds: 0,
    due: 0,
    delivered: 0,
    dueAfterwards: 0,
  };
  readonly #tallies = {
    perChute: new Map<string, number>(),
    ends: new Map<string, number>(),
    endReasons: new Map<string, number>(),
    reasons: new Map<string, number>(),
  };
  readonly #violations: Violation[] = [];
  readonly #missed: Violation[] = [];

  /**
   * @param o.settledNs from here on the line must deliver again: no fault is left, and what it had on it is gone; a belt that
   * stands then has its time after that
   * @param o.feedMaxAgeNs customs' word is not believed when it has been silent for longer; left out: `feed` is not told
   */
  constructor(o: { settledNs: number; feedMaxAgeNs?: number; mustCommission?: boolean }) {
    this.#mustCommission = o.mustCommission ?? false;
    this.#settling = new Settling(o.settledNs);
    this.#feedMaxAgeNs = o.feedMaxAgeNs ?? Number.POSITIVE_INFINITY;
  }

  get isBroken(): boolean {
    return this.#violations.length > 0;
  }

  entry(entry: LineEntry, atNs: number): void {
    // An entry that a crash took back never was: its number is given anew.
    while ((this.#pending.at(-1)?.entry.n ?? 0) >= entry.n) this.#pending.pop();
    this.#pending.push({ entry, atNs });
    this.#stories.add(entry, atNs);
    this.#settling.entry(entry, atNs);
    for (const code of codesOf(entry)) add(this.#tallies.reasons, code, 1);
    if (entry.kind === "permit") this.#gateOf.set(entry.n, entry.gateId);
    if (entry.kind === "lastLook" && entry.go) this.#looks.set(entry.permit, atNs);
    if (entry.kind === "chute") this.#noteChute(entry, atNs);
    if (entry.kind !== "breach") return;
    const finding = { rule: "breach", clause: 1, parcelId: null, detail: `${entry.detail}, in ${entry.chuteId}` };
    this.#violate({ finding, foundNs: atNs, story: this.#stories.ofItem(entry.itemId) });
  }

  durable(upToEntry: number, atNs: number): void {
    const isOnDisk = ({ entry }: { entry: LineEntry }): boolean => entry.n <= upToEntry;
    this.#read(this.#pending.filter(isOnDisk), atNs);
    this.#pending = this.#pending.filter((one) => !isOnDisk(one));
  }

  /** When a command was written is not known of a wired line. */
  arrival({ gateId, sequence, verdict, atNs, ...from }: PlcArrival & Partial<BenchArrival>): void {
    if (verdict !== 1) return;
    const { deviceId, sentNs } = from;
    const permit = sequence ?? (sentNs === undefined ? null : this.#permitSentAt(gateId, sentNs));
    const lookNs = (permit === null ? null : this.#looks.get(permit)) ?? null;
    const written = deviceId === undefined || sentNs === undefined ? {} : { deviceId, sentNs };
    this.#commands.push({ gateId, atNs, sequence, permit, lookNs, ...written });
  }

  /** A plain coil does not say whose command it is: it is that of the gate's newest last look before it was written. */
  #permitSentAt(gateId: string, sentNs: number): number | null {
    let found: { permit: number; atNs: number } | null = null;
    for (const [permit, atNs] of this.#looks) {
      if (atNs > sentNs || this.#gateOf.get(permit) !== gateId) continue;
      if (found === null || atNs >= found.atNs) found = { permit, atNs };
    }
    return found?.permit ?? null;
  }

  feed(isSilent: boolean, atNs: number): void {
    const open = this.#silences.at(-1);
    if (isSilent) this.#silences.push({ fromNs: atNs, untilNs: null });
    else if (open !== undefined) open.untilNs = atNs;
    this.#silences.splice(0, Math.max(0, this.#silences.length - KEPT_SPANS));
  }

  /** What was over by `truth.atNs`, and more to come. */
  slice(truth: Truth): void {
    this.#judge(truth, { goesOn: true, isComplete: false });
    this.#reader.nextSlice();
    for (const known of [this.#looks, this.#gateOf])
      for (const permit of known.keys()) if (known.size > KEPT_LOOKS) known.delete(permit);
  }

  /** The rest of the run. */
  finish(truth: Truth, isComplete: boolean): Watched {
    this.#read(this.#pending, null);
    this.#judge(truth, { goesOn: false, isComplete });
    const { perChute, ends, endReasons, reasons } = this.#tallies;
    return {
      ...this.#counts,
      perChute: sorted(perChute),
      ends: sorted(ends),
      endReasons: sorted(endReasons),
      reasons: sorted(reasons),
      missedAfterwards: this.#missed,
      violations: this.#violations,
    };
  }

  #read(entries: readonly { entry: LineEntry; atNs: number }[], durableNs: number | null): void {
    for (const { entry, atNs } of entries) this.#reader.read(entry, { durableNs: () => durableNs, writtenNs: atNs });
  }

  #judge(truth: Truth, o: { goesOn: boolean; isComplete: boolean }): void {
    const isNow = ({ atNs }: Command): boolean => !o.goesOn || atNs <= truth.atNs;
    const commands = this.#commands.filter(isNow);
    this.#commands = this.#commands.filter((command) => !isNow(command));
    for (const { id, waybill } of truth.parcels) this.#waybills.set(id, waybill);
    for (const id of this.#waybills.keys()) if (this.#waybills.size > KEPT_LOOKS) this.#waybills.delete(id);
    const feed = { maxAgeNs: this.#feedMaxAgeNs, silences: this.#silences };
    const mustCommission = this.#mustCommission;
    const journal = this.#reader.view;
    const evidence = { truth, commands, earlier: this.#earlier, journal, feed, mustCommission, ...o };
    const report = reportSlice(evidence, this.#memory);
    this.#earlier = commands;
    this.#tally(report);
    for (const finding of report.findings)
      this.#violate({ finding, foundNs: truth.atNs, story: this.#storyOf(finding) });
    this.#judgeMissed(report, truth);
  }

  #tally(report: SliceReport): void {
    const { parcels, removed, onBelt, lateHolds, released } = report;
    for (const [key, count] of Object.entries({ parcels, removed, onBelt, lateHolds, ...released }))
      this.#counts[key as keyof Counts] += count;
    for (const [chute, count] of Object.entries(report.perChute)) add(this.#tallies.perChute, chute, count);
    for (const [end, count] of Object.entries(report.ends)) add(this.#tallies.ends, end, count);
    for (const [reason, count] of Object.entries(report.reasons)) add(this.#tallies.endReasons, reason, count);
  }

  /** A chute that was locked or full while its parcel rode excuses the parcel that missed it. */
  #judgeMissed({ dueParcels, missedParcels }: SliceReport, truth: Truth): void {
    const isSettled = ({ beltId, fedNs }: ParcelTruth): boolean => fedNs >= this.#settling.of(beltId);
    this.#counts.dueAfterwards += dueParcels.filter(isSettled).length;
    for (const parcel of missedParcels) {
      const { fedNs, stream, direction, end } = parcel;
      const passedNs = end.kind === "chute" ? end.passedNs : fedNs;
      const own = truth.chutes.filter(
        ({ zone }) => zone.kind === "outbound" && zone.stream === stream && zone.direction === direction,
      );
      const isExcused = own.some(({ id }) =>
        (this.#shut.get(id) ?? []).some(({ fromNs, untilNs }) => fromNs <= passedNs && untilNs >= fedNs),
      );
      if (!isSettled(parcel) || isExcused || this.#missed.length >= KEPT_VIOLATIONS) continue;
      const where = end.kind === "chute" ? `in ${end.chuteId}` : end.kind;
      const detail = `released and readable, fed after everything had settled, but ${where}`;
      const finding = { rule: "recovered", clause: 0, parcelId: parcel.id, detail };
      this.#missed.push({ finding, foundNs: passedNs, story: this.#stories.ofCode(parcel.waybill) });
    }
  }

  #noteChute(entry: Extract<LineEntry, { kind: "chute" }>, atNs: number): void {
    const { chuteId, locked, full, enabled, blocked, jammed } = entry;
    const spans = this.#shut.get(chuteId) ?? [];
    this.#shut.set(chuteId, spans);
    const open = spans.at(-1);
    const isShut = locked || full || !enabled || blocked === true || jammed === true;
    if (isShut && open?.untilNs !== Number.POSITIVE_INFINITY)
      spans.push({ fromNs: atNs, untilNs: Number.POSITIVE_INFINITY });
    if (!isShut && open?.untilNs === Number.POSITIVE_INFINITY) open.untilNs = atNs;
    spans.splice(0, Math.max(0, spans.length - KEPT_SPANS));
  }

  #violate(violation: Violation): void {
    if (this.#violations.length < KEPT_VIOLATIONS) this.#violations.push(violation);
  }

  #storyOf({ parcelId, detail }: Finding): readonly string[] {
    const waybill = parcelId === null ? undefined : this.#waybills.get(parcelId);
    if (waybill !== undefined) return this.#stories.ofCode(waybill);
    const [, item] = /^item (\d+)/.exec(detail) ?? [];
    return item === undefined ? [] : this.#stories.ofItem(Number(item));
  }
}

const KEPT_LOOKS = 4000;
/** Of one chute: more than it can be shut in a slice. */
const KEPT_SPANS = 200;

function add(tally: Map<string, number>, key: string, count: number): void {
  tally.set(key, (tally.get(key) ?? 0) + count);
}

const sorted = (tally: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...tally].sort(([a], [b]) => (a < b ? -1 : 1)));
