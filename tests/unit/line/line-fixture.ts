// A belt, a core and a bus in virtual time: parcels pass eyes, the fixture answers as devices would.
import { createLine } from "../../../src/line/core.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import type { LineLayout } from "../../../src/line/layout.ts";
import type { Hold, Look, ReleasePort, ReleaseRecord } from "../../../src/line/release.ts";
import { restore } from "../../../src/line/restore.ts";
import type {
  BeltStamp,
  CommandOutcome,
  LineCore,
  LineInput,
  LineOutput,
  PermitOutput,
} from "../../../src/line/step.ts";

const MS = 1_000_000;
const MM = 1_000;

/** One belt of 6 m at 2 m/s: induction at 200 mm, scanner at 1 m, one outbound and one storage gate, an eye behind each, end eye at 5.8 m. */
export function oneGateLayout(change: Partial<LineLayout> = {}): LineLayout {
  const eye = (id: string, role: "induction" | "track" | "end" | "chute", atMm: number) => ({
    id,
    deviceId: "plc",
    role,
    atUm: atMm * MM,
    sampleNs: 5 * MS,
    apartNs: 5 * MS,
    silenceNs: 0,
    debounceNs: 0,
  });
  const gate = (id: string, atMm: number, chuteId: string) => ({
    id,
    deviceId: "plc",
    atUm: atMm * MM,
    sweptUm: 200 * MM,
    travelNs: 50 * MS,
    restNs: 0,
    busNs: 15 * MS,
    maxOutNs: 1000 * MS,
    lateCommand: "excluded" as const,
    fallsByItself: true,
    hasHomeFeedback: true,
    hasOutFeedback: true,
    chuteIds: [chuteId],
  });
  const chute = {
    beltId: "b",
    alsoFor: [],
    fullInputId: null,
    fullDeviceId: null,
    fullDebounceNs: 0,
    capacityItems: null,
    blockedAfterNs: null,
    maxPerMinute: null,
    slideMinNs: 100 * MS,
    slideMaxNs: 500 * MS,
  };
  return {
    siteId: "test",
    hash: "layout-1",
    freshnessMaxAgeNs: 10_000 * MS,
    storageShareNs: 25 * MS,
    patterns: [{ id: "any", regex: "[A-Z0-9]+", check: "none", companies: ["ACME"], rank: 1 }],
    chutes: [
      {
        ...chute,
        id: "out",
        gateId: "g1",
        zone: { kind: "outbound", stream: "express", direction: "import" },
        eyeId: "out-eye",
      },
      {
        ...chute,
        id: "store",
        gateId: "g2",
        zone: { kind: "storage", stream: "express", direction: "import" },
        eyeId: "store-eye",
      },
      { ...chute, id: "end", gateId: null, zone: { kind: "abnormal" }, eyeId: null },
    ],
    routes: [
      {
        id: "released",
        disposition: "released",
        stream: "express",
        direction: "import",
        to: ["out"],
        balance: "ordered",
      },
      { id: "hold", disposition: "hold", stream: "express", direction: "import", to: ["store"], balance: "ordered" },
    ],
    belts: [
      {
        id: "b",
        lengthUm: 6000 * MM,
        speedUmPerS: 2000 * MM,
        minSpeedUmPerS: 200 * MM,
        coastUm: 600 * MM,
        encoder: { id: "enc", deviceId: "plc", umPerCount: 1000, bits: 32 },
        drive: null,
        driftUmPerM: 5000,
        minItemUm: 100 * MM,
        maxItemUm: 270 * MM,
        provedGapUm: 430 * MM,
        eyes: [
          eye("in", "induction", 200),
          eye("mid", "track", 2000),
          eye("past1", "track", 3210),
          eye("past2", "track", 4210),
          eye("last", "end", 5800),
          eye("out-eye", "chute", 3000),
          eye("store-eye", "chute", 4000),
        ],
        stations: [{ id: "top", atUm: 1000 * MM, scannerIds: ["scan"], fromUm: 50 * MM, toUm: 350 * MM }],
        gates: [gate("g1", 3000, "out"), gate("g2", 4000, "store")],
        signals: {},
        safeEnd: { chuteId: "end", reserveItems: 20 },
      },
    ],
    ...change,
  };
}

export interface FixtureParcel {
  code: string | null;
  /** When its front is at the induction eye. */
  atMs: number;
  lengthMm?: number;
  /** Eyes that do not see it. */
  hiddenFrom?: readonly string[];
  /** A gate that is out does not take it. */
  bounces?: boolean;
}

interface Riding extends FixtureParcel {
  frontMm: number;
  lengthMm: number;
  where: "belt" | "slide" | "out" | "store" | "end";
  slideUntilMs: number;
  read: boolean;
}

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

export class LineFixture {
  readonly entries: LineEntry[] = [];
  readonly outputs: LineOutput[] = [];
  readonly records = new Map<string, ReleaseRecord>();
  readonly holds = new Map<string, Hold[]>();
  readonly parcels: Riding[] = [];
  readonly layout: LineLayout;
  core: LineCore;
  nowMs = 0;
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
  beltMoves = true;
  /** Devices besides the PLC that are away; their eyes say nothing. */
  readonly away = new Set<string>();
  /** What the counter shows at the belt's start, modulo its turn. */
  counterMm = -3000;
  /** From the gate to the eye at a chute's mouth. */
  slideMs = 300;
  /** How long ago the process may have got what it reads now; while `isHeldUp` it reads nothing. */
  heldUpMs = 10;
  isHeldUp = false;
  /** A belt without encoder: its drive's contact is not read, and nobody says so. */
  isDriveSilent = false;
  /** Nothing gets past this place of the belt: parcels stand there, one behind the other. */
  #holdMm: number | null = null;
  #beltMm = 0;
  readonly #stuck = new Set<string>();
  #beltIds = ["b"];
  #beam = new Map<string, boolean>();
  #gates = new Map<string, { out: boolean; homeAtCount: number | null; told: boolean }>();
  #queued: PermitOutput[] = [];

  /** @param o.store asked instead of the fixture's own records */
  constructor(
    layout: LineLayout = oneGateLayout(),
    previous: { entries: readonly LineEntry[] } | null = null,
    o: { store?: ReleasePort; run?: number; journalId?: string } = {},
  ) {
    this.layout = layout;
    const releases = o.store ?? { look: (company: string, waybill: string) => this.#look(company, waybill) };
    this.core = createLine({ state: restore(null, previous?.entries ?? []), releases });
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

  put(...parcels: FixtureParcel[]): this {
    for (const parcel of parcels) {
      this.parcels.push({
        lengthMm: 200,
        ...parcel,
        frontMm: Number.NEGATIVE_INFINITY,
        where: "belt",
        slideUntilMs: 0,
        read: false,
      });
    }
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

  holdAt(mm: number | null): void {
    this.#holdMm = mm;
  }

  where(code: string | null): string[] {
    return this.parcels.filter((parcel) => parcel.code === code).map((parcel) => parcel.where);
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

  #look(company: string, waybill: string): Look {
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
    this.nowMs++;
    if (this.beltMoves) this.#beltMm += 2;
    this.#moveParcels();
    if (this.nowMs % 5 === 0 && this.connected && !this.isHeldUp) this.#sample();
    this.#bus();
    this.#gateHome();
  }

  #moveParcels(): void {
    let limitMm = this.#holdMm ?? Number.POSITIVE_INFINITY;
    for (const parcel of this.parcels) {
      const fromMm = parcel.frontMm;
      if (parcel.frontMm === Number.NEGATIVE_INFINITY && this.nowMs >= parcel.atMs) parcel.frontMm = 200;
      else if (this.beltMoves && parcel.where === "belt") parcel.frontMm += 2;
      if (parcel.where === "belt" && fromMm <= limitMm && parcel.frontMm >= limitMm) {
        parcel.frontMm = limitMm;
        limitMm -= parcel.lengthMm;
      }
      if (parcel.where === "belt") this.#divert(parcel);
      if (parcel.where === "belt" && parcel.frontMm - parcel.lengthMm > 6000) parcel.where = "end";
      if (!parcel.read && parcel.where === "belt" && parcel.frontMm >= 1200) this.#read(parcel);
    }
  }

  #divert(parcel: Riding): void {
    for (const [gateId, atMm] of [
      ["g1", 3000],
      ["g2", 4000],
    ] as const) {
      const overlaps = parcel.frontMm >= atMm && parcel.frontMm - parcel.lengthMm <= atMm + 200;
      if (!overlaps || !this.gateIsOut(gateId) || parcel.bounces === true) continue;
      parcel.where = gateId === "g1" ? "out" : "store";
      parcel.slideUntilMs = this.nowMs + this.slideMs;
    }
  }

  #read(parcel: Riding): void {
    parcel.read = true;
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
        const dark = this.parcels.some((parcel) => this.#inBeam(parcel, eye.id, eye.role, eye.atUm / MM));
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
  }

  #inBeam(parcel: Riding, eyeId: string, role: string, atMm: number): boolean {
    if (parcel.hiddenFrom?.includes(eyeId) === true) return false;
    if (role === "chute") {
      const here =
        (eyeId === "out-eye" && parcel.where === "out") || (eyeId === "store-eye" && parcel.where === "store");
      return here && this.nowMs >= parcel.slideUntilMs && this.nowMs < parcel.slideUntilMs + 100;
    }
    return parcel.where === "belt" && parcel.frontMm >= atMm && parcel.frontMm - parcel.lengthMm < atMm;
  }

  /** The last two samples of every eye. */
  stamps(): { after: BeltStamp; upTo: BeltStamp } {
    const encoder = this.layout.belts[0]?.encoder ?? null;
    const span = 2 ** (encoder?.bits ?? 32);
    const at = (beltMm: number) =>
      encoder === null ? null : (((Math.floor(beltMm) + this.counterMm) % span) + span) % span;
    return {
      after: { atNs: (this.nowMs - 5) * MS, count: at(this.#beltMm - (this.beltMoves ? 10 : 0)) },
      upTo: { atNs: this.nowMs * MS, count: at(this.#beltMm) },
    };
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
      if (!gate.out || gate.homeAtCount === null || this.#stuck.has(gateId)) continue;
      const count = (((Math.floor(this.#beltMm) + this.counterMm) % 2 ** 32) + 2 ** 32) % 2 ** 32;
      if ((count - gate.homeAtCount + 2 ** 32) % 2 ** 32 >= 2 ** 31) continue;
      gate.out = false;
      this.send({ kind: "gate", gateId, position: "home" });
    }
  }
}
