// The plant of the line core's unit tests: one belt with one outbound and one storage gate, eyes behind both, one scanner.
import type { LineLayout } from "../../../src/line/layout.ts";

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
        stations: [
          {
            ...{ id: "top", atUm: 1000 * MM, fromUm: 50 * MM, toUm: 350 * MM },
            ...{ scannerIds: ["scan"], saysNoRead: ["scan"] },
          },
        ],
        gates: [gate("g1", 3000, "out"), gate("g2", 4000, "store")],
        signals: {},
        safeEnd: { chuteId: "end", reserveItems: 20 },
      },
    ],
    ...change,
  };
}
