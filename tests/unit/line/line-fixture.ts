// A belt, a core and a bus in virtual time: parcels pass eyes, the fixture answers as devices would.
import { createLine } from "../../../src/line/core.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import type { LineLayout } from "../../../src/line/layout.ts";
import type { Hold, Look, ReleasePort, ReleaseRecord } from "../../../src/line/release.ts";
import { restore } from "../../../src/line/restore.ts";
import type {
  CommandOutcome,
  LineCheckpoint,
  LineCore,
  LineInput,
  LineOutput,
  PermitOutput,
} from "../../../src/line/step.ts";
import { FixtureBelt, type Riding } from "./fixture-belt.ts";
import { oneGateLayout } from "./one-gate-layout.ts";

export type { FixtureParcel } from "./fixture-belt.ts";
export { oneGateLayout };

const MS = 1_000_000;

export const released = (waybill: string, change: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  company: "ACME",
  waybill,
  validFromMs: 0,
  validToMs: 4e12,
  stream: "express",
  direction: "import",
  status: "released",
  pieces: 1,
  spent: 0,
  version: 1,
  authority: "customs",
  reference: `R-${waybill}`,
  eventAtMs: 0,
  ...change,
});

export class LineFixture extends FixtureBelt {
  readonly entries: LineEntry[] = [];
  readonly outputs: LineOutput[] = [];
  readonly records = new Map<string, ReleaseRecord>();
  readonly holds = new Map<string, Hold[]>();
  core: LineCore;
  feedAgeMs: number | null = 0;
  /** Which journal the store has carried, and how far. */
  carriedJournal: string | null = "journal-1";
  carriedEntry = 0;
  storeError = false;
  /** Entries become durable at once; false: only when the test says so. */
  autoDurable = true;
  durableUpTo = 0;
  /** What the bus answers to a permit that it wrote. */
  outcome: CommandOutcome | "none" = "done";
  /** The gate moves when it is told to; false: it stays. */
  gateMoves = true;
  /** Samples are delivered; false: the device is away. */
  connected = true;
  /** Devices besides the PLC that are away; their eyes say nothing. */
  readonly away = new Set<string>();
  /** How long ago the process may have got what it reads now; while `isHeldUp` it reads nothing. */
  heldUpMs = 10;
  isHeldUp = false;
  /** A belt without encoder: its drive's contact is not read, and nobody says so. */
  isDriveSilent = false;
  /** As a controller writes one when it starts. */
  readonly checkpointBefore: LineCheckpoint;
  readonly #stuck = new Set<string>();
  #beltIds = ["b"];
  #beam = new Map<string, boolean>();
  #gates = new Map<string, { out: boolean; homeAtCount: number | null; told: boolean }>();
  #queued: PermitOutput[] = [];

  /** @param o.store asked instead of the fixture's own records */
  constructor(
    layout: LineLayout = oneGateLayout(),
    previous: { entries: readonly LineEntry[]; checkpoint?: LineCheckpoint | null } | null = null,
    o: { store?: ReleasePort; run?: number; journalId?: string } = {},
  ) {
    super(layout);
    const releases = o.store ?? { look: (company: string, waybill: string) => this.lookAt(company, waybill) };
    const state = restore(previous?.checkpoint ?? null, previous?.entries ?? []);
    this.core = createLine({ state, releases });
    this.checkpointBefore = this.core.checkpoint();
    this.send({
      kind: "run",
      layout,
      run: o.run ?? (previous === null ? 1 : 2),
      journalId: o.journalId ?? "journal-1",
      codeVersion: "test",
      bootId: "boot",
      startedAt: "2026-01-01T00:00:00+08:00",
      epochMonotonicNs: "0",
      restored: previous !== null,
    });
    this.connect();
  }

  /** What the eyes saw before is forgotten with the connection. */
  connect(): void {
    this.connected = true;
    this.#beam.clear();
    this.send({ kind: "device", deviceId: "plc", connected: true, armed: true });
    for (const gate of ["g1", "g2"]) this.send({ kind: "gate", gateId: gate, position: "home" });
    this.send({ kind: "scanner", scannerId: "scan", state: "up" });
  }

  /** Another belt is counted by the same encoder. */
  alsoMoves(beltId: string): void {
    this.#beltIds.push(beltId);
  }

  /** Lets an empty belt run until nothing of its start is on it any more. */
  warmUp(): this {
    this.runTo(this.nowMs + 4000);
    return this;
  }

  release(waybill: string, change: Partial<ReleaseRecord> = {}): this {
    this.records.set(waybill, released(waybill, change));
    return this;
  }

  hold(waybill: string, reference = "H1"): this {
    this.holds.set(waybill, [{ authority: "customs", kind: "detain", reference, placedAtMs: 1 }]);
    return this;
  }

  hint(waybill: string): void {
    this.send({ kind: "releaseHint", waybills: [{ company: "ACME", waybill }] });
  }

  runTo(ms: number): this {
    while (this.nowMs < ms) this.#tick();
    return this;
  }

  facts<K extends LineEntry["kind"]>(kind: K): Extract<LineEntry, { kind: K }>[] {
    return this.entries.filter((entry): entry is Extract<LineEntry, { kind: K }> => entry.kind === kind);
  }

  ends(): { end: string; chuteId: string | null; reason: string }[] {
    return this.facts("end").map(({ end, chuteId, reason }) => ({ end, chuteId, reason }));
  }

  send(input: LineInput): void {
    const outputs = this.core.handle(input, this.nowMs * MS);
    this.outputs.push(...outputs);
    for (const output of outputs) this.#execute(output);
    if (this.autoDurable && this.durableUpTo < this.entries.length) this.durable();
  }

  durable(): void {
    const last = this.entries[this.entries.length - 1]?.n ?? 0;
    this.durableUpTo = this.entries.length;
    this.send({ kind: "durable", upToEntry: last });
  }

  /** It does not go home by itself any more. */
  sticks(gateId: string): void {
    this.#stuck.add(gateId);
  }

  gateIsOut(gateId: string): boolean {
    return this.#gates.get(gateId)?.out ?? false;
  }

  #execute(output: LineOutput): void {
    if (output.kind === "journal") this.entries.push(output.entry);
    if (output.kind === "permit") this.#queued.push(output);
    if (output.kind === "cancel") this.#queued = this.#queued.filter((permit) => permit.id !== output.id);
    if (output.kind === "withdraw" && this.gateMoves) {
      this.#gates.set(output.gateId, { out: false, homeAtCount: 0, told: true });
      this.send({ kind: "gate", gateId: output.gateId, position: "home" });
      this.send({ kind: "withdrawal", id: output.id, outcome: "done" });
    }
  }

  /** What the fixture's own records say. */
  lookAt(company: string, waybill: string): Look {
    const record = this.records.get(waybill) ?? null;
    return {
      company,
      waybill,
      result: this.storeError ? "error" : record === null ? "miss" : "record",
      record: this.storeError ? null : record,
      holds: this.storeError ? [] : (this.holds.get(waybill) ?? []),
      feedAgeNs: this.feedAgeMs === null ? null : this.feedAgeMs * MS,
      carriedJournal: this.carriedJournal,
      carriedEntry: this.carriedEntry,
    };
  }

  #tick(): void {
    this.moveOn({ isOut: (gateId) => this.gateIsOut(gateId), atScanner: (parcel) => this.#read(parcel) });
    if (this.nowMs % 5 === 0 && this.connected && !this.isHeldUp) this.#sample();
    this.#bus();
    this.#gateHome();
  }

  #read(parcel: Riding): void {
    if (parcel.code === "" || this.isHeldUp) return;
    this.telegram(parcel.code === null ? [] : parcel.code.split(";"));
  }

  telegram(codes: readonly string[], scannerId = "scan"): void {
    this.send({
      kind: "telegram",
      scannerId,
      telegram: {
        kind: codes.length === 0 ? "noRead" : "codes",
        codes: codes.map((text) => ({ text, symbology: null })),
        rawHex: "",
        firstByteNs: this.nowMs * MS - MS,
        lastByteNs: this.nowMs * MS,
        arrivedAfterNs: (this.nowMs - this.heldUpMs) * MS,
      },
    });
  }

  #sample(): void {
    const hasEncoder = this.layout.belts[0]?.encoder !== null;
    const { upTo, after } = this.stamps();
    const { count } = upTo;
    const errorNs = (this.heldUpMs - 9) * (MS / 2);
    if (hasEncoder)
      for (const beltId of this.#beltIds)
        this.send({ kind: "belt", beltId, stamp: { atNs: upTo.atNs + MS / 2 - errorNs, count }, errorNs });
    else if (!this.isDriveSilent)
      this.send({ kind: "drive", beltId: "b", running: this.beltMoves, atNs: (this.nowMs - 1) * MS });
    else this.send({ kind: "wake" });
    for (const belt of this.layout.belts) {
      for (const eye of belt.eyes) {
        const dark = this.isDark(eye);
        const before = this.#beam.get(eye.id);
        this.#beam.set(eye.id, dark);
        if (before === undefined || dark === before || this.away.has(eye.deviceId)) continue;
        const edge = dark ? "dark" : "light";
        if (eye.deviceId === "plc") this.send({ kind: "eye", eyeId: eye.id, edge, after, upTo });
        else
          this.send({
            kind: "eye",
            eyeId: eye.id,
            edge,
            after: { ...after, count: null },
            upTo: { ...upTo, count: null },
          });
      }
    }
    this.sampled();
  }

  /** A change of a beam that no parcel has made. */
  edge(eyeId: string, edge: "dark" | "light"): void {
    this.send({ kind: "eye", eyeId, edge, ...this.stamps() });
  }

  /** Writes the queued permits that are due, after the last look, in the same turn. */
  #bus(): void {
    for (const permit of [...this.#queued]) {
      if (permit.fromNs > this.nowMs * MS) continue;
      this.#queued = this.#queued.filter((other) => other !== permit);
      if (permit.untilNs < this.nowMs * MS) {
        this.send({ kind: "command", id: permit.id, outcome: "notSent" });
        continue;
      }
      const before = this.outputs.length;
      this.send({ kind: "lastLook", id: permit.id });
      const go = this.outputs.slice(before).some((output) => output.kind === "go" && output.id === permit.id);
      if (!go) continue;
      if (this.gateMoves && this.outcome === "done") this.#moveOut(permit);
      if (this.outcome !== "none") this.send({ kind: "command", id: permit.id, outcome: this.outcome });
    }
  }

  #moveOut(permit: PermitOutput): void {
    this.#gates.set(permit.gateId, { out: true, homeAtCount: permit.window?.homeAtCount ?? null, told: false });
    this.send({ kind: "gate", gateId: permit.gateId, position: "out" });
  }

  #gateHome(): void {
    for (const [gateId, gate] of this.#gates) {
      // Without a window nothing but a withdrawal brings it home.
      if (!gate.out || gate.homeAtCount === null || this.#stuck.has(gateId) || !this.isPast(gate.homeAtCount)) continue;
      gate.out = false;
      this.send({ kind: "gate", gateId, position: "home" });
    }
  }
}
