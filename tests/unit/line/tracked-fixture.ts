// A belt that its PLC tracks, in virtual time: the PLC reports, takes destinations and recalls, and diverts by them.
import { createLine } from "../../../src/line/core.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import type { ChuteLayout, LineLayout } from "../../../src/line/layout.ts";
import type { PlcReport } from "../../../src/line/plc-tracked/report.ts";
import type { Hold, Look, ReleaseRecord } from "../../../src/line/release.ts";
import { restore } from "../../../src/line/restore.ts";
import type { CommandOutcome, LineCore, LineInput, LineOutput, PermitOutput } from "../../../src/line/step.ts";
import { oneGateLayout, released } from "./line-fixture.ts";

const MS = 1_000_000;
const MM = 1_000;
/** How far before a gate the PLC's word is final. */
const FINAL_MM = 150;
const AHEAD_MS = 300;
const SLIDE_MS = 300;
const GATES = [
  { chuteId: "out", atMm: 3000 },
  { chuteId: "store", atMm: 4000 },
] as const;

/** The belt of `oneGateLayout`, whose eyes and gates are the PLC's. */
export function trackedLayout(): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    eyes: belt.eyes.filter(({ role }) => role !== "chute"),
    gates: belt.gates.map((gate) => ({
      ...gate,
      hasHomeFeedback: false,
      hasOutFeedback: false,
      finalUm: FINAL_MM * MM,
    })),
    tracker: { deviceId: "plc", aheadNs: AHEAD_MS * MS },
  }));
  return { ...layout, belts, chutes: layout.chutes.map((chute) => ({ ...chute, eyeId: null })) };
}

interface Parcel {
  code: string | null;
  atMs: number;
  lengthMm: number;
  frontMm: number;
  id: number | null;
  isPassed: boolean;
  isRead: boolean;
  told: { sequence: number; chuteId: string } | null;
  /** Where the PLC sends it, now that its word is final. */
  final: string | null;
  endsMs: number | null;
}

export class TrackedFixture {
  readonly entries: LineEntry[] = [];
  readonly outputs: LineOutput[] = [];
  readonly records = new Map<string, ReleaseRecord>();
  readonly holds = new Map<string, Hold[]>();
  readonly core: LineCore;
  nowMs = 0;
  autoDurable = true;
  /** Copies of telegrams that reached the PLC, in order, and how far the front of their parcel was then. */
  readonly telegrams: PermitOutput[] = [];
  readonly toldAtMm: number[] = [];
  /** It answers a telegram so much later. */
  answersAfterMs = 0;
  /** Destinations and recalls that it carried out: each number once. */
  readonly acted: number[] = [];
  /** What the PLC answers to a telegram; silent: nothing, though it acts. lost: it never gets it. */
  answers: "truly" | "silent" | "lost" | "tooLate" | "unknownParcel" | "refused" = "truly";
  answersRecalls: "truly" | "silent" | "lost" = "truly";
  /** Its armed state, as the device says it. */
  isArmed = true;
  /** It diverts elsewhere than it was told. */
  wrongly: ((chuteId: string) => string) | null = null;
  /** It says no ends. */
  isQuiet = false;
  /** How it says them. */
  how: "seen" | "unseen" | "lost" = "seen";
  #answer: { atMs: number; id: number; outcome: CommandOutcome } | null = null;
  #parcels: Parcel[] = [];
  #beltMm = 0;
  #nextId = 0x1_0001;
  #queued: PermitOutput[] = [];
  #durableUpTo = 0;

  constructor(previous: readonly LineEntry[] | null = null, layout: LineLayout = trackedLayout()) {
    const look = (company: string, waybill: string) => this.#look(company, waybill);
    this.core = createLine({ state: restore(null, previous ?? []), releases: { look } });
    this.send({
      kind: "run",
      layout,
      run: previous === null ? 1 : 2,
      journalId: "journal-1",
      codeVersion: "test",
      bootId: "boot",
      startedAt: "2026-01-01T00:00:00+08:00",
      epochMonotonicNs: "0",
      restored: previous !== null,
    });
    this.device({ connected: true, armed: true });
    this.send({ kind: "scanner", scannerId: "scan", state: "up" });
    this.runTo(4000);
  }

  device(o: { connected: boolean; armed: boolean }): void {
    this.isArmed = o.armed;
    this.send({ kind: "device", deviceId: "plc", ...o });
  }

  /** Front at the induction eye `inMs` from now; overlooked, the scanner says nothing of it, not even that. */
  put(code: string | null, o: { inMs?: number; lengthMm?: number; isOverlooked?: boolean } = {}): this {
    const isRead = o.isOverlooked === true;
    const start = { frontMm: Number.NEGATIVE_INFINITY, id: null, isPassed: false, isRead, told: null };
    const parcel = { code, atMs: this.nowMs + (o.inMs ?? 100), lengthMm: o.lengthMm ?? 200, final: null, endsMs: null };
    this.#parcels.push({ ...start, ...parcel });
    return this;
  }

  release(waybill: string, change: Partial<ReleaseRecord> = {}): this {
    this.records.set(waybill, released(waybill, change));
    return this;
  }

  hold(waybill: string): this {
    this.holds.set(waybill, [{ authority: "customs", kind: "detain", reference: "H1", placedAtMs: 1 }]);
    this.send({ kind: "releaseHint", waybills: [{ company: "ACME", waybill }] });
    return this;
  }

  runTo(ms: number): this {
    while (this.nowMs < ms) this.#tick();
    return this;
  }

  run(ms: number): this {
    return this.runTo(this.nowMs + ms);
  }

  /** Until the only parcel's front is at a place. */
  runToPlace(mm: number): this {
    while ((this.#parcels[0]?.frontMm ?? Number.POSITIVE_INFINITY) < mm) this.#tick();
    return this;
  }

  /** The PLC starts anew and knows nobody. */
  forget(): void {
    this.#parcels = [];
    this.report({ kind: "forgot", why: "restarted" });
  }

  report(report: PlcReport): void {
    this.send({ kind: "report", beltId: "b", report });
  }

  facts<K extends LineEntry["kind"]>(kind: K): Extract<LineEntry, { kind: K }>[] {
    return this.entries.filter((entry): entry is Extract<LineEntry, { kind: K }> => entry.kind === kind);
  }

  ends(): { end: string; chuteId: string | null; reason: string }[] {
    return this.facts("end").map(({ end, chuteId, reason }) => ({ end, chuteId, reason }));
  }

  get runPermit(): boolean {
    return this.core.snapshot(this.nowMs * MS).belts[0]?.runPermit ?? false;
  }

  send(input: LineInput): boolean {
    const outputs = this.core.handle(input, this.nowMs * MS);
    this.outputs.push(...outputs);
    for (const output of outputs) this.#execute(output);
    if (this.autoDurable) this.durable();
    return outputs.some(({ kind }) => kind === "go");
  }

  durable(): void {
    const last = this.entries[this.entries.length - 1]?.n ?? 0;
    if (last <= this.#durableUpTo) return;
    this.#durableUpTo = last;
    this.send({ kind: "durable", upToEntry: last });
  }

  #execute(output: LineOutput): void {
    if (output.kind === "journal") this.entries.push(output.entry);
    if (output.kind === "permit") this.#queued.push(output);
    if (output.kind === "cancel") {
      const isQueued = this.#queued.some(({ id }) => id === output.id);
      this.#queued = this.#queued.filter(({ id }) => id !== output.id);
      if (isQueued) this.send({ kind: "command", id: output.id, outcome: "notSent" });
    }
    if (output.kind === "withdraw" && output.trackingId !== undefined) this.#recalled(output.id, output.trackingId);
  }

  #recalled(id: number, trackingId: number): void {
    const parcel = this.#parcels.find((each) => each.id === trackingId);
    if (this.answersRecalls === "lost") return;
    if (parcel !== undefined && parcel.final === null) {
      parcel.told = null;
      this.acted.push(id);
    }
    if (this.answersRecalls === "silent") return;
    const outcome = parcel === undefined ? "unknownParcel" : parcel.final === null ? "done" : "tooLate";
    this.send({ kind: "withdrawal", id, outcome });
  }

  #bus(): void {
    if (this.#answer !== null) {
      if (this.nowMs < this.#answer.atMs) return;
      const { id, outcome } = this.#answer;
      this.#answer = null;
      this.send({ kind: "command", id, outcome });
    }
    const [permit] = this.#queued;
    if (permit === undefined || this.nowMs * MS < permit.fromNs) return;
    this.#queued.shift();
    if (!this.isArmed || this.nowMs * MS > permit.untilNs)
      return void this.send({ kind: "command", id: permit.id, outcome: "notSent" });
    if (!this.send({ kind: "lastLook", id: permit.id })) return;
    this.telegrams.push(permit);
    this.toldAtMm.push(this.#parcels.find(({ id }) => id === permit.trackingId)?.frontMm ?? Number.NaN);
    if (this.answers === "truly" || this.answers === "silent") this.#take(permit);
    const said = this.answers === "truly" ? "done" : this.answers;
    const outcome = said === "silent" || said === "lost" ? "inDoubt" : said;
    if (this.answersAfterMs > 0) this.#answer = { atMs: this.nowMs + this.answersAfterMs, id: permit.id, outcome };
    else this.send({ kind: "command", id: permit.id, outcome });
  }

  #take({ id, trackingId, chuteId }: PermitOutput): void {
    const parcel = this.#parcels.find((each) => each.id === trackingId);
    if (parcel === undefined || parcel.final !== null || (parcel.told?.sequence ?? 0) >= id) return;
    parcel.told = { sequence: id, chuteId };
    this.acted.push(id);
  }

  #tick(): void {
    this.nowMs += 1;
    this.#beltMm += 2;
    if (this.nowMs % 5 === 0) {
      const stamp = { atNs: this.nowMs * MS, count: this.#count(0) };
      this.send({ kind: "belt", beltId: "b", stamp, errorNs: 0 });
    }
    for (const parcel of [...this.#parcels]) this.#move(parcel);
    this.#bus();
  }

  #move(parcel: Parcel): void {
    if (parcel.id === null && this.nowMs < parcel.atMs) return;
    if (parcel.id === null) {
      parcel.id = this.#nextId++;
      parcel.frontMm = 200;
      this.report({ kind: "came", trackingId: parcel.id, count: this.#count(0) });
    } else parcel.frontMm += 2;
    if (!parcel.isPassed && parcel.frontMm - parcel.lengthMm >= 200) {
      parcel.isPassed = true;
      this.report({ kind: "passed", trackingId: parcel.id, count: this.#count(0) });
    }
    if (!parcel.isRead && parcel.frontMm >= 1200) this.#scan(parcel);
    for (const { chuteId, atMm } of GATES) {
      if (parcel.final !== null || parcel.told?.chuteId !== chuteId || parcel.frontMm < atMm - FINAL_MM) continue;
      parcel.final = this.wrongly?.(chuteId) ?? chuteId;
      parcel.endsMs = this.nowMs + FINAL_MM / 2 + SLIDE_MS;
    }
    if (parcel.endsMs !== null && this.nowMs >= parcel.endsMs) this.#end(parcel, parcel.final ?? "end");
    else if (parcel.final === null && parcel.frontMm >= 5800) this.#end(parcel, "end");
  }

  #end(parcel: Parcel, chuteId: string): void {
    this.#parcels = this.#parcels.filter((other) => other !== parcel);
    if (this.isQuiet) return;
    if (this.how === "lost")
      return this.report({ kind: "ended", trackingId: parcel.id ?? 0, how: "lost", chuteId: null });
    this.report({ kind: "ended", trackingId: parcel.id ?? 0, how: this.how, chuteId });
  }

  #scan(parcel: Parcel): void {
    parcel.isRead = true;
    const codes = parcel.code === null ? [] : [parcel.code];
    this.send({
      kind: "telegram",
      scannerId: "scan",
      telegram: {
        kind: codes.length === 0 ? "noRead" : "codes",
        codes: codes.map((text) => ({ text, symbology: null })),
        rawHex: "",
        firstByteNs: this.nowMs * MS - MS,
        lastByteNs: this.nowMs * MS,
        arrivedAfterNs: (this.nowMs - 10) * MS,
      },
    });
  }

  #count(atMm: number): number {
    return (this.#beltMm - 3000 + atMm) >>> 0;
  }

  #look(company: string, waybill: string): Look {
    const record = this.records.get(waybill) ?? null;
    return {
      company,
      waybill,
      result: record === null ? "miss" : "record",
      record,
      holds: this.holds.get(waybill) ?? [],
      feedAgeNs: 0,
      carriedJournal: "journal-1",
      carriedEntry: 0,
    };
  }
}

/** The chutes' eyes are read too, and one chute is otherwise than the fixture's. */
export function trackedChutes(id: string, change: Partial<ChuteLayout> = {}): LineLayout {
  const layout = trackedLayout();
  const { chutes, belts } = oneGateLayout();
  const eyes = belts[0]?.eyes.filter(({ role }) => role === "chute") ?? [];
  return {
    ...layout,
    belts: layout.belts.map((belt) => ({ ...belt, eyes: [...belt.eyes, ...eyes] })),
    chutes: chutes.map((chute) => (chute.id === id ? { ...chute, ...change } : chute)),
  };
}
