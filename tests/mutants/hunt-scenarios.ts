// The scenarios in which mutants are hunted: each short, and made so that one kind of mistake shows.
import { express, longer, mixed, released, short } from "./hunt-traffic.ts";

export interface Hunt {
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
  /** The eye before the first gate of the common line stands elsewhere: as near to that as a rule can just do with. */
  firstTrackEyeMm?: number;
  /** The line has to be proved, while a person goes from chute to chute with test parcels. */
  mustCommission?: boolean;
  scenario: object;
}

const ALL_STREAMS = { expressImport: 1, expressExport: 1, cbecImport: 1, cbecExport: 1 };
const HOLDS_AT_THE_GATE = { kind: "holdRiding", everyS: 0.8, atMm: [2750, 3190] };
/** For the gate right behind the eye, where that has shown the least of what comes behind. */
const LONG_FOR_THE_FIRST_GATE = {
  ...{ ...released.traffic, lengthsMm: [230, 270] },
  streams: { ...ALL_STREAMS, expressImport: 9 },
};

export const HUNTS = {
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
      faults: [HOLDS_AT_THE_GATE, { kind: "silentFeed", everyS: 9, forS: [2, 4] }],
      plant: { fetchesLateHoldAfterS: 0.5 },
    },
  },
  "dying-gateway": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...released,
      faults: [HOLDS_AT_THE_GATE, { kind: "gatewayDies", everyS: 3, forS: [0.2, 1.5] }],
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
  "hands-close-behind-and-cuts": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...released,
      traffic: LONG_FOR_THE_FIRST_GATE,
      faults: [
        { kind: "addByHand", everyS: 0.7, atMm: [2000, 2400] },
        { kind: "slowPlc", everyS: 6, fromS: 10, forS: 5, extraMs: [10, 18] },
        { kind: "cut", everyS: 2.5, fromS: 10, forS: 0.3 },
      ],
    },
  },
  "hands-close-behind-a-near-eye": {
    site: "common-line",
    isSafetyOnly: true,
    firstTrackEyeMm: 2500,
    scenario: {
      ...longer,
      ...released,
      traffic: LONG_FOR_THE_FIRST_GATE,
      faults: [
        { kind: "addByHand", everyS: 0.5, atMm: [2000, 2450] },
        { kind: "slowPlc", everyS: 6, fromS: 10, forS: 5, extraMs: [10, 18] },
        { kind: "cut", everyS: 2.5, fromS: 10, forS: 0.3 },
      ],
    },
  },
  "hands-before-a-near-eye": {
    site: "common-line",
    isSafetyOnly: true,
    firstTrackEyeMm: 2690,
    scenario: {
      ...longer,
      ...released,
      traffic: LONG_FOR_THE_FIRST_GATE,
      faults: [
        { kind: "addByHand", everyS: 0.7, atMm: [1450, 1750] },
        { kind: "slowPlc", everyS: 6, fromS: 10, forS: 5, extraMs: [4, 8] },
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
  "hands-at-jams": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...released,
      // Nothing for the gate right behind the eye: whose neighbour is missing shows one distance later.
      traffic: { ...released.traffic, lengthsMm: [190, 210], streams: { ...ALL_STREAMS, expressImport: 0 } },
      faults: [
        { kind: "jam", everyS: 4, forS: [1.2, 2.2], atMm: [1700, 2000] },
        { kind: "addByHand", everyS: 0.7, atMm: [2050, 2380] },
      ],
    },
  },
  "slow-hand-over": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...released,
      faults: [{ kind: "slowScanner", everyS: 1.6, forS: [0.5, 0.9], extraMs: [300, 420] }],
    },
  },
  "short-ones-that-touch": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...released,
      traffic: { lengthsMm: [101, 130], noReadShare: 0.3, secondCodeShare: 0 },
      faults: [{ kind: "stuckTogether", everyS: 0.9, gapMm: 0 }],
    },
  },
  "touching-and-read-late": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...released,
      traffic: { lengthsMm: [101, 130], noReadShare: 0.3, secondCodeShare: 0 },
      faults: [
        { kind: "stuckTogether", everyS: 0.9, gapMm: 0 },
        { kind: "lateTelegram", everyS: 0.4, byMs: [55, 90] },
      ],
    },
  },
  "stuck-in-gates": {
    site: "common-line",
    isSafetyOnly: true,
    scenario: {
      ...longer,
      ...express,
      // All for one chute, and so far apart that its eye is overdue before the next one comes.
      traffic: {
        ...{ noReadShare: 0, secondCodeShare: 0, perHour: 3500 },
        streams: { expressImport: 1, expressExport: 0, cbecImport: 0, cbecExport: 0 },
      },
      faults: [{ kind: "jam", everyS: 5, forS: [1.2, 2.6], atMm: [3215, 3300] }],
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
