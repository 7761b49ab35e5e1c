// A long belt with many chutes that runs the line core alone: every input that a parcel's way brings, in its order.
import { createLine } from "../../src/line/core.ts";
import type { BeltLayout, ChuteLayout, EyeLayout, GateLayout, LineLayout } from "../../src/line/layout.ts";
import type { ReleasePort } from "../../src/line/release.ts";
import { emptyState } from "../../src/line/state.ts";
import type { BeltStamp, LineCore, LineInput, PermitOutput } from "../../src/line/step.ts";

const MS = 1_000_000;
const MM = 1_000;
const SPEED_UM_PER_S = 2_000 * MM;
const SAMPLE_NS = 5 * MS;
const TRAVEL_UM = (SPEED_UM_PER_S / 1e9) * SAMPLE_NS;
/** From front to front. */
const PITCH_UM = 840 * MM;
const LENGTH_UM = 300 * MM;
const STATION_UM = 1_000 * MM;
const FIRST_GATE_UM = 3_000 * MM;
const SLIDE_NS = 300 * MS;
/** As many gates as one PLC has. */
const GATES_PER_DEVICE = 50;

/**
 * The same small piece of work each time, which knows nothing of belts and chutes, a sample after each telegram. Where it
 * takes longer with more parcels or chutes, it does so since other work has taken its place in the processor's caches.
 */
export const CONTROL = "control";
const CONTROL_TEXT = JSON.stringify({
  ...{
    company: "ACME",
    waybill: "P000000001R",
    validFromMs: 0,
    validToMs: 4e12,
    stream: "express",
    status: "released",
  },
  ...{
    direction: "import",
    pieces: 1,
    spent: 0,
    version: 1,
    authority: "customs",
    reference: "P000000001R",
    eventAtMs: 0,
  },
});

/** A belt on which about `items` ride at once when each second one is sorted halfway, with as many gates as chutes. */
export function coreLayout(o: { items: number; chutes: number }): LineLayout {
  const lengthUm = Math.max(6_000 * MM, Math.ceil((o.items * PITCH_UM * 2) / 1.5));
  const chuteIds = Array.from({ length: o.chutes }, (_, at) => `c${at}`);
  const eye = (id: string, role: EyeLayout["role"], atUm: number): EyeLayout => ({
    ...{ id, deviceId: "belt", role, atUm, apartNs: 0, sampleNs: SAMPLE_NS, silenceNs: 0, debounceNs: 0 },
  });
  const placeOf = (at: number): number =>
    Math.round(FIRST_GATE_UM + (at * (lengthUm - FIRST_GATE_UM - 1_000 * MM)) / o.chutes);
  // One right behind each gate, and so many besides that every parcel is tracked.
  const placesUm = new Set(chuteIds.map((_, at) => placeOf(at) + 210 * MM));
  for (let atUm = 2_000 * MM; atUm < lengthUm - 1_500 * MM; atUm += 50_000 * MM) placesUm.add(atUm);
  const track = [...placesUm].toSorted((a, b) => a - b).map((atUm, at) => eye(`t${at}`, "track", atUm));
  const gates = chuteIds.map(
    (chuteId, at): GateLayout => ({
      id: `g${at}`,
      deviceId: `plc${Math.floor(at / GATES_PER_DEVICE)}`,
      atUm: placeOf(at),
      ...{ sweptUm: 200 * MM, travelNs: 50 * MS, restNs: 0, busNs: 15 * MS, maxOutNs: 1_000 * MS },
      ...{ lateCommand: "excluded", fallsByItself: true, hasHomeFeedback: true, hasOutFeedback: true },
      chuteIds: [chuteId],
    }),
  );
  const belt: BeltLayout = {
    ...{ id: "b", lengthUm, speedUmPerS: SPEED_UM_PER_S, minSpeedUmPerS: 200 * MM, coastUm: 600 * MM },
    encoder: { id: "enc", deviceId: "belt", umPerCount: 1000, bits: 32 },
    drive: null,
    ...{ driftUmPerM: 100, minItemUm: 100 * MM, maxItemUm: 400 * MM, provedGapUm: 430 * MM },
    eyes: [
      eye("in", "induction", 200 * MM),
      ...track,
      eye("last", "end", lengthUm - 200 * MM),
      ...gates.map(({ id, atUm }) => eye(`eye-${id}`, "chute", atUm)),
    ],
    stations: [{ id: "top", atUm: STATION_UM, scannerIds: ["scan"], fromUm: 50 * MM, toUm: 350 * MM }],
    gates,
    signals: {},
    safeEnd: { chuteId: "end", reserveItems: 2 * o.items + 100 },
  };
  const outbound = chuteIds.map(
    (id, at): ChuteLayout => ({
      ...{ id, beltId: "b", gateId: `g${at}`, zone: { kind: "outbound", stream: "express", direction: "import" } },
      ...{ alsoFor: [], eyeId: `eye-g${at}`, fullInputId: `full-${id}`, capacityItems: null },
      ...{ fullDeviceId: null, fullDebounceNs: 0, blockedAfterNs: null, maxPerMinute: null },
      ...{ slideMinNs: 100 * MS, slideMaxNs: 500 * MS },
    }),
  );
  const end: ChuteLayout = {
    ...{ id: "end", beltId: "b", gateId: null, zone: { kind: "abnormal" }, alsoFor: [], eyeId: null },
    ...{ fullDeviceId: null, fullDebounceNs: 0, blockedAfterNs: null, maxPerMinute: null },
    ...{ fullInputId: null, capacityItems: null, slideMinNs: 0, slideMaxNs: 0 },
  };
  return {
    ...{ siteId: "bench", hash: `${o.items}-${o.chutes}`, freshnessMaxAgeNs: 60e9, storageShareNs: 25 * MS },
    patterns: [{ id: "any", regex: "[A-Z0-9]+", check: "none", companies: ["ACME"], rank: 1 }],
    chutes: [...outbound, end],
    routes: [{ id: "released", disposition: "released", to: chuteIds, balance: "leastFilled" }],
    belts: [belt],
  };
}

/** Every second parcel is released; the others are unknown and ride to the end. */
const releases: ReleasePort = {
  look(company, waybill) {
    const isReleased = waybill.endsWith("R");
    return {
      ...{ company, waybill, result: isReleased ? "record" : "miss" },
      record: isReleased
        ? {
            ...{ company, waybill, validFromMs: 0, validToMs: 4e12, stream: "express", direction: "import" },
            ...{ status: "released", pieces: 1, spent: 0, version: 1, authority: "customs" },
            ...{ reference: waybill, eventAtMs: 0 },
          }
        : null,
      ...{ holds: [], feedAgeNs: 0, carriedJournal: null, carriedEntry: 0 },
    };
  },
};

interface Parcel {
  startUm: number;
  isDiverted: boolean;
}

export interface CoreLine {
  /** One sample of the belt and everything that came with it. */
  sample(): void;
  ridingNow(): number;
  sortedSoFar(): number;
}

/** @param o.took each call of the core: what it was about, ns */
export function coreLine(o: {
  layout: LineLayout;
  took: (kind: string, ns: number) => void;
  core?: typeof createLine;
}): CoreLine {
  const { layout } = o;
  const belt = layout.belts[0] as BeltLayout;
  const state = emptyState();
  const core: LineCore = (o.core ?? createLine)({ state, releases });
  const gates = new Map(belt.gates.map((gate) => [gate.id, gate]));
  const parcels = new Map<number, Parcel>();
  /** What is to happen with a later sample, by its number. */
  const later = new Map<number, (() => void)[]>();
  let tick = 0;
  let writtenUpTo = 0;
  let madeDurable = 0;
  let made = 0;
  let sorted = 0;

  const nowNs = (): number => tick * SAMPLE_NS;
  const stamp = (at: number): BeltStamp => ({ atNs: at * SAMPLE_NS, count: Math.round((at * TRAVEL_UM) / 1000) });
  const inTicks = (ticks: number, action: () => void): void => {
    const at = tick + Math.max(1, Math.ceil(ticks));
    const known = later.get(at);
    if (known === undefined) later.set(at, [action]);
    else known.push(action);
  };
  const inNs = (ns: number, action: () => void): void => inTicks(ns / SAMPLE_NS, action);

  function feed(kind: string, input: LineInput): void {
    const begun = process.hrtime.bigint();
    const outputs = core.handle(input, nowNs());
    o.took(kind, Number(process.hrtime.bigint() - begun));
    for (const output of outputs) {
      if (output.kind === "journal") writtenUpTo = output.entry.n;
      else if (output.kind === "permit") inNs(Math.max(0, output.fromNs - nowNs()), () => command(output));
      else if (output.kind === "go") sorted += 1;
    }
  }
  function control(): void {
    const begun = process.hrtime.bigint();
    JSON.parse(CONTROL_TEXT);
    o.took(CONTROL, Number(process.hrtime.bigint() - begun));
  }
  function command(permit: PermitOutput): void {
    const before = sorted;
    feed("last look", { kind: "lastLook", id: permit.id });
    if (sorted === before) return;
    inTicks(1, () => feed("command", { kind: "command", id: permit.id, outcome: "done" }));
    inTicks(10, () => feed("gate", { kind: "gate", gateId: permit.gateId, position: "out" }));
    // The first that comes to a gate that is out is taken by it.
    const gateUm = gates.get(permit.gateId)?.atUm ?? 0;
    const riding = [...parcels.values()].find(
      ({ startUm, isDiverted }) => !isDiverted && tick * TRAVEL_UM - startUm <= gateUm && isNear(startUm, gateUm),
    );
    if (riding === undefined) throw new Error(`nothing comes to gate ${permit.gateId}`);
    riding.isDiverted = true;
    const toGateNs = ((gateUm + riding.startUm - tick * TRAVEL_UM) / SPEED_UM_PER_S) * 1e9;
    inNs(toGateNs + SLIDE_NS, () => edge("arrival", `eye-${permit.gateId}`, "dark"));
    inNs(toGateNs + 300 * MS, () => feed("gate", { kind: "gate", gateId: permit.gateId, position: "home" }));
  }
  const isNear = (startUm: number, gateUm: number): boolean => gateUm - (tick * TRAVEL_UM - startUm) < PITCH_UM;

  function edge(kind: string, eyeId: string, which: "dark" | "light"): void {
    feed(kind, { kind: "eye", eyeId, edge: which, after: stamp(tick - 1), upTo: stamp(tick) });
  }
  function feedIn(): void {
    made += 1;
    const number = made;
    const parcel: Parcel = { startUm: tick * TRAVEL_UM - 200 * MM, isDiverted: false };
    parcels.set(number, parcel);
    const ticksTo = (placeUm: number): number => (placeUm - 200 * MM) / TRAVEL_UM;
    inTicks(ticksTo(STATION_UM + 200 * MM) + 1, control);
    const code = `P${String(number).padStart(9, "0")}${number % 2 === 0 ? "R" : "U"}`;
    edge("induction", "in", "dark");
    inTicks(LENGTH_UM / TRAVEL_UM, () => edge("induction", "in", "light"));
    inTicks(ticksTo(STATION_UM + 200 * MM), () => {
      const atNs = nowNs();
      const telegram = {
        ...{ kind: "codes" as const, codes: [{ text: code, symbology: null }], rawHex: "" },
        ...{ firstByteNs: atNs - 2 * MS, lastByteNs: atNs - 1 * MS, arrivedAfterNs: atNs - 2 * MS },
      };
      feed(code.endsWith("R") ? "telegram" : "unreleased", { kind: "telegram", scannerId: "scan", telegram });
    });
    for (const eye of belt.eyes) {
      if (eye.role !== "track" && eye.role !== "end") continue;
      inTicks(ticksTo(eye.atUm), () => {
        if (eye.role === "end") parcels.delete(number);
        if (parcel.isDiverted) return;
        edge("track eye", eye.id, "dark");
        inTicks(LENGTH_UM / TRAVEL_UM, () => edge("track eye", eye.id, "light"));
      });
    }
  }

  feed("start", {
    ...{ kind: "run", run: 1, journalId: "bench", codeVersion: "bench", bootId: "bench", restored: false, layout },
    ...{ startedAt: "2026-01-01T00:00:00.000Z", epochMonotonicNs: "0" },
  });
  for (const deviceId of new Set(["belt", ...belt.gates.map((gate) => gate.deviceId)]))
    feed("start", { kind: "device", deviceId, connected: true, armed: true });
  for (const gate of belt.gates) feed("start", { kind: "gate", gateId: gate.id, position: "home" });
  for (const { fullInputId } of layout.chutes)
    if (fullInputId !== null) feed("start", { kind: "signal", inputId: fullInputId, value: true });
  feed("start", { kind: "scanner", scannerId: "scan", state: "up" });
  const clearFromTick = Math.ceil((belt.lengthUm + belt.maxItemUm) / TRAVEL_UM) + 10;
  return {
    sample() {
      tick += 1;
      feed("belt sample", { kind: "belt", beltId: "b", stamp: stamp(tick), errorNs: 300_000 });
      if (writtenUpTo > madeDurable) {
        madeDurable = writtenUpTo;
        feed("durable", { kind: "durable", upToEntry: writtenUpTo });
      }
      for (const action of later.get(tick) ?? []) action();
      later.delete(tick);
      // After a start the belt runs empty first, so that nothing of it is unknown.
      if (tick > clearFromTick && tick % (PITCH_UM / TRAVEL_UM) === 0) feedIn();
    },
    ridingNow: () => state.items.size,
    sortedSoFar: () => sorted,
  };
}
