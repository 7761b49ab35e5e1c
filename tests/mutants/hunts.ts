// The runs in which mutants are hunted: short scenarios, each of which makes one kind of mistake show.
import { type Scenario, scenarioSchema } from "../../simulators/scenarios/scenario-schema.ts";
import type { Site } from "../../src/config/load.ts";
import type { BeltLayout } from "../../src/line/layout.ts";
import { exampleSite } from "../simulation/virtual-run.ts";

interface Hunt {
  site: "common-line" | "plain-coils";
  /** The chute map names every chute for every parcel: only the law keeps them apart. */
  isMapCareless?: boolean;
  /** Between the induction eye and the safe end nothing shows what the line does not know of. */
  isWithoutTrackEyes?: boolean;
  /**
   * Only the law is asked for, not that every parcel reaches its chute: a gate on a plain coil misses one now and then, and
   * without an eye behind it no gate is moved.
   */
  isSafetyOnly?: boolean;
  /** The line has to be proved, while a person goes from chute to chute with test parcels. */
  mustCommission?: boolean;
  scenario: object;
}

/** Of everything that must not leave a good share; nothing goes wrong. */
const mixed = {
  traffic: { noReadShare: 0.04, secondCodeShare: 0.04 },
  customs: {
    shares: {
      releasedRiding: 0.08,
      heldRiding: 0.08,
      inspect: 0.06,
      held: 0.08,
      partlyLifted: 0.06,
      pending: 0.06,
      return: 0.03,
      withoutRecord: 0.04,
      copied: 0.04,
    },
  },
};
/** Nearly everything is released and leaves. */
const released = {
  traffic: { noReadShare: 0, secondCodeShare: 0 },
  customs: {
    shares: {
      ...{ releasedRiding: 0, heldRiding: 0, inspect: 0.02, held: 0.02, pending: 0.02, return: 0 },
      ...{ withoutRecord: 0.02, copied: 0 },
    },
  },
};
/** One belt of plain coils, which sorts express parcels only. */
const express = {
  ...released,
  traffic: { ...released.traffic, streams: { expressImport: 3, expressExport: 2, cbecImport: 0, cbecExport: 0 } },
};
const short = { durationS: 75, calmS: 32 };
const longer = { durationS: 110, calmS: 32 };

const HUNTS = {
  "mixed-traffic": { site: "common-line", scenario: { ...short, ...mixed } },
  "careless-map": { site: "common-line", isMapCareless: true, scenario: { ...short, ...mixed } },
  "no-hints": {
    site: "common-line",
    scenario: { ...short, ...mixed, faults: [{ kind: "lostHints", atS: 4, forS: 38 }] },
  },
  "late-word": {
    site: "common-line",
    scenario: {
      ...longer,
      ...released,
      faults: [
        { kind: "holdRiding", everyS: 0.8, atMm: [2750, 3190] },
        { kind: "silentFeed", everyS: 9, forS: [2, 4] },
      ],
      plant: { fetchesLateHoldAfterS: 0.5 },
    },
  },
  "silent-feed": {
    site: "common-line",
    scenario: { ...longer, ...released, faults: [{ kind: "silentFeed", atS: 10, forS: 40 }] },
  },
  "late-copies": {
    site: "common-line",
    scenario: { ...short, ...released, faults: [{ kind: "copyLabel", everyS: 1, behind: [10, 30] }] },
  },
  "close-copies": {
    site: "common-line",
    scenario: { ...short, ...released, faults: [{ kind: "copyLabel", everyS: 1, behind: 0 }] },
  },
  "copies-and-kills": {
    site: "common-line",
    scenario: {
      ...longer,
      ...released,
      faults: [
        { kind: "kill", everyS: 11, fromS: 12 },
        { kind: "copyLabel", everyS: 0.7, behind: [4, 20] },
      ],
    },
  },
  "copies-and-jumps": {
    site: "common-line",
    scenario: {
      ...longer,
      ...released,
      faults: [
        { kind: "encoderJump", everyS: 8, fromS: 12, byMm: [-3000, 3000] },
        { kind: "copyLabel", everyS: 0.5, behind: [3, 14] },
      ],
    },
  },
  kills: {
    site: "common-line",
    scenario: {
      ...longer,
      ...mixed,
      faults: [
        { kind: "kill", everyS: 6 },
        { kind: "takeOff", everyS: 2, atMm: [1500, 13_000] },
      ],
    },
  },
  "kills-between-two": {
    site: "common-line",
    isWithoutTrackEyes: true,
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...released,
      traffic: { noReadShare: 0.4, secondCodeShare: 0 },
      faults: [
        { kind: "kill", everyS: 3 },
        { kind: "stuckTogether", everyS: 0.6, gapMm: [60, 260] },
      ],
    },
  },
  "slow-disk": {
    site: "common-line",
    scenario: { ...short, ...mixed, faults: [{ kind: "slowDisk", everyS: 4, forS: 2.5, syncMs: [400, 2000] }] },
  },
  hands: {
    site: "common-line",
    scenario: {
      ...longer,
      ...released,
      faults: [
        { kind: "addByHand", everyS: 1.5, atMm: [1500, 2400] },
        { kind: "stuckTogether", everyS: 2.5, gapMm: [0, 200] },
      ],
    },
  },
  "one-trigger": {
    site: "common-line",
    scenario: {
      ...longer,
      traffic: { noReadShare: 0, secondCodeShare: 0, lengthsMm: [110, 130] },
      customs: {
        // Of what touches and has never been heard of by customs no scanner tells.
        shares: {
          ...{ releasedRiding: 0, heldRiding: 0, inspect: 0.1, held: 0.2, pending: 0.2, return: 0 },
          ...{ withoutRecord: 0, copied: 0, partlyLifted: 0 },
        },
      },
      faults: [{ kind: "stuckTogether", everyS: 1.5, gapMm: 0, readAsOne: true }],
    },
  },
  "hands-and-slow-plc": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...released,
      faults: [
        { kind: "addByHand", everyS: 0.9, atMm: [1450, 1750] },
        { kind: "slowPlc", everyS: 6, fromS: 10, forS: 5, extraMs: [18, 28] },
      ],
    },
  },
  "jumps-behind-a-cut": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...mixed,
      faults: [
        { kind: "cut", everyS: 9, fromS: 12, forS: 1.2 },
        { kind: "encoderJump", everyS: 9, fromS: 13, byMm: [-740, -660] },
      ],
    },
  },
  "taken-before-gates": {
    site: "common-line",
    scenario: { ...short, ...released, faults: [{ kind: "takeOff", everyS: 0.8, atMm: [2650, 6150] }] },
  },
  "encoder-jumps": {
    site: "common-line",
    scenario: { ...longer, ...released, faults: [{ kind: "encoderJump", everyS: 5, byMm: [-2500, 2500] }] },
  },
  "stuck-gates": {
    site: "common-line",
    scenario: {
      ...longer,
      ...released,
      traffic: { ...released.traffic, perHour: 1900 },
      faults: [
        { kind: "stuckGate", gate: "g1", everyS: 15, forS: [2.5, 4] },
        { kind: "stuckGate", gate: "g3", everyS: 17, forS: [2.5, 4] },
      ],
    },
  },
  jams: {
    site: "common-line",
    scenario: { ...longer, ...released, faults: [{ kind: "jam", everyS: 15, forS: [1, 8], atMm: 6700 }] },
  },
  "short-jams": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: { ...longer, ...released, faults: [{ kind: "jam", everyS: 4, forS: [0.2, 0.9], atMm: [2700, 9000] }] },
  },
  "late-telegrams": {
    site: "common-line",
    scenario: {
      ...longer,
      ...released,
      traffic: { noReadShare: 0.3, secondCodeShare: 0 },
      faults: [{ kind: "lateTelegram", everyS: 1.5, byMs: [270, 430] }],
    },
  },
  stalls: {
    site: "common-line",
    scenario: { ...longer, ...mixed, faults: [{ kind: "stall", everyS: 1.3, forS: [0.08, 0.28] }] },
  },
  "coils-and-slow-disk": {
    site: "plain-coils",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...express,
      faults: [{ kind: "slowDisk", everyS: 5, forS: 3, syncMs: [200, 800] }],
    },
  },
  "half-commissioned": {
    site: "common-line",
    isSafetyOnly: true,
    mustCommission: true,
    scenario: { ...short, ...mixed, traffic: { ...mixed.traffic, perHour: 5000 } },
  },
  "coils-that-freeze": {
    site: "plain-coils",
    isSafetyOnly: true,
    scenario: {
      ...{ durationS: 150, calmS: 36 },
      ...express,
      faults: [{ kind: "freeze", device: "io-a", everyS: 6, forS: [0.06, 0.145], onCommand: true }],
      plant: { testsGateAfterS: 1 },
    },
  },
} as const satisfies Record<string, Hunt>;

export type HuntName = keyof typeof HUNTS;

export const HUNT_NAMES = Object.keys(HUNTS) as HuntName[];

/** @throws for a scenario that its schema does not take */
export function huntOf(name: HuntName): {
  site: Site;
  scenario: Scenario;
  isSafetyOnly: boolean;
  mustCommission: boolean;
} {
  const hunt: Hunt = HUNTS[name];
  const site = siteOf(hunt);
  const scenario = scenarioSchema.parse({ about: `The hunt ${name}.`, ...hunt.scenario });
  return { site, scenario, isSafetyOnly: hunt.isSafetyOnly ?? false, mustCommission: hunt.mustCommission ?? false };
}

/** Sites by what was made of them: a process loads each once. */
const sites = new Map<string, Site>();

function siteOf({ site: name, isMapCareless = false, isWithoutTrackEyes = false, mustCommission = false }: Hunt): Site {
  const key = [name, isMapCareless, isWithoutTrackEyes, mustCommission].join(" ");
  let site = sites.get(key);
  if (site === undefined) {
    site = name === "plain-coils" ? withOneBelt(exampleSite(name)) : exampleSite(name);
    if (isMapCareless) site = withCarelessMap(site);
    if (isWithoutTrackEyes)
      site = withBelts(site, ({ eyes }) => ({ eyes: eyes.filter(({ role }) => role !== "track") }));
    if (mustCommission) site = { ...site, layout: { ...site.layout, commissioning: { plantHash: "a new plant" } } };
    sites.set(key, site);
  }
  return site;
}

/** The simulated traffic gives every belt all streams: of two belts that share them out, the first is kept. */
function withOneBelt(site: Site): Site {
  const [belt] = site.layout.belts;
  if (belt === undefined) throw new RangeError("a site without a belt");
  const chutes = site.layout.chutes.filter(({ beltId }) => beltId === belt.id);
  const isKept = (id: string): boolean => chutes.some((chute) => chute.id === id);
  const routes = site.layout.routes
    .map((rule) => ({ ...rule, to: rule.to.filter(isKept) }))
    .filter(({ to }) => to.length > 0);
  const scanners = belt.stations.flatMap(({ scannerIds }) => scannerIds);
  const belts = site.line.belts.filter(({ id }) => id === belt.id);
  const devices = new Set([
    ...[...belt.eyes, ...belt.gates].map(({ deviceId }) => deviceId),
    ...belts.flatMap(({ runPermit, infeedPermit }) => [runPermit.device, infeedPermit.device]),
  ]);
  return {
    ...site,
    layout: { ...site.layout, belts: [belt], chutes, routes },
    chutes: { ...site.chutes, chutes: site.chutes.chutes.filter(({ id }) => isKept(id)) },
    line: {
      ...site.line,
      belts,
      devices: site.line.devices.filter(({ id }) => devices.has(id)),
      scanners: site.line.scanners.filter(({ id }) => scanners.includes(id)),
    },
  };
}

const withBelts = ({ layout, ...site }: Site, change: (belt: BeltLayout) => Partial<BeltLayout>): Site => ({
  ...site,
  layout: { ...layout, belts: layout.belts.map((belt) => ({ ...belt, ...change(belt) })) },
});

/** What no proof would let through: one rule, by which every parcel may go out on any stream, or else into any storage. */
function withCarelessMap(site: Site): Site {
  const { layout } = site;
  const to = (["outbound", "storage"] as const).flatMap((kind) =>
    layout.chutes.filter(({ zone }) => zone.kind === kind).map(({ id }) => id),
  );
  return { ...site, layout: { ...layout, routes: [{ id: "everything", to, balance: "ordered" }] } };
}
