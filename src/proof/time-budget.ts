// Whether each gate can be told in time: what a gate has, what it needs, and by how much it misses.
import { driveBlurUm } from "../line/belt-position.ts";
import { settlingNs } from "../line/debounce.ts";
import type { BeltLayout, GateLayout, LineLayout } from "../line/layout.ts";
import { plannedLeadNs } from "../line/planned-lead.ts";
import { destinationLeadNs } from "../line/plc-tracked/destination-window.ts";
import { readEndUm } from "../line/waiting.ts";
import { type DemandedGap, demandedGap } from "./demanded-gap.ts";
import {
  atLeastMm,
  type BeltFacts,
  type DeviceFacts,
  inMm,
  inMs,
  type ProofFinding,
  type SiteFacts,
  travelUm,
} from "./facts.ts";
import { gateErrorUm, positionErrorUm } from "./position-error.ts";

/** The bound that Coline promises from a telegram's last byte to the command at the device. */
export const REACTION_BOUND_NS = 50_000_000;
/** Serial wake-up, framing, look-up, rules and pauses of the loop: an allowance, reported apart from what is measured. */
export const LOOP_ALLOWANCE_NS = 15_000_000;
/** The fire error that the line promises at p99.9; a narrower window drops commands that came at a good time. */
const FIRE_ERROR_NS = 10_000_000;

export interface GateBudget {
  beltId: string;
  gateId: string;
  atUm: number;
  errorUm: number;
  /** From the last byte of the latest telegram to the last moment of the command. */
  haveNs: number;
  /** Loop, disk and bus. */
  needNs: number;
  /** How long, and how much belt, the command may come in between the swept zone being free and too late. */
  windowUm: number;
  windowNs: number;
  gap: DemandedGap;
  guaranteedGapUm: number;
}

/** Gates whose device is unknown do not come here: the loader has refused them. */
export const gateBudgets = (facts: SiteFacts): GateBudget[] =>
  facts.layout.belts.flatMap((belt) =>
    belt.gates.flatMap((gate) => {
      const device = facts.devices.find((each) => each.deviceId === gate.deviceId);
      const beltFacts = facts.belts.find((each) => each.beltId === belt.id);
      return device === undefined || beltFacts === undefined
        ? []
        : [budgetOf(facts.layout, { belt, beltFacts, gate, device, transitNs: transitNs(facts, belt) })];
    }),
  );

function budgetOf(
  layout: LineLayout,
  o: { belt: BeltLayout; beltFacts: BeltFacts; gate: GateLayout; device: DeviceFacts; transitNs: number },
): GateBudget {
  const { belt, gate } = o;
  // Where the PLC tracks, our own position rests on its first report alone.
  const ownUm = belt.tracker === undefined ? null : positionErrorUm(belt, { atUm: gate.atUm, seenBeforeUm: 0 });
  const errorUm = ownUm ?? gateErrorUm(belt, gate);
  const lastMomentUm = gate.atUm - inMotionUm(belt, gate) - errorUm - driveBlurUm(belt);
  const gap = demandedGap({ layout, belt, gate, device: o.device });
  const windowUm =
    belt.tracker === undefined
      ? o.beltFacts.guaranteedGapUm - gap.cycleUm - gap.errorsUm
      : travelUm(belt.speedUmPerS, belt.tracker.aheadNs);
  return {
    beltId: belt.id,
    gateId: gate.id,
    atUm: gate.atUm,
    errorUm,
    haveNs: timeNs(belt, lastMomentUm - latestReadUm(belt, gate)) - o.transitNs - repetitionNs(belt, o.device),
    needNs: LOOP_ALLOWANCE_NS + layout.storageShareNs + gate.busNs,
    windowUm,
    windowNs: timeNs(belt, windowUm),
    gap,
    guaranteedGapUm: o.beltFacts.guaranteedGapUm,
  };
}

/** How far before the gate its command must be there: the gate's own travel, or where the PLC that tracks decides. */
const inMotionUm = (belt: BeltLayout, gate: GateLayout): number =>
  gate.finalUm ?? travelUm(belt.speedUmPerS, gate.travelNs);

/** A telegram to a PLC that tracks may have to be repeated once. */
const repetitionNs = (belt: BeltLayout, device: DeviceFacts): number =>
  belt.tracker === undefined ? 0 : device.timeoutNs;

export function budgetFindings(facts: SiteFacts, budgets: readonly GateBudget[]): ProofFinding[] {
  const each = budgets.flatMap((budget) => {
    const belt = facts.layout.belts.find((each) => each.id === budget.beltId);
    const gate = belt?.gates.find((each) => each.id === budget.gateId);
    return belt === undefined || gate === undefined ? [] : findingsOf(budget, belt, gate);
  });
  return [...reactionFindings(facts.layout, budgets), ...each];
}

/** The slowest gate decides; the disk's share is what a site can set. */
function reactionFindings(layout: LineLayout, budgets: readonly GateBudget[]): ProofFinding[] {
  const needNs = Math.max(...budgets.map((budget) => budget.needNs));
  const overNs = needNs - REACTION_BOUND_NS;
  if (overNs <= 0) return [];
  const shareMs = Math.floor((layout.storageShareNs - overNs) / 1e6);
  return [
    {
      severity: "error",
      code: "CONFIG_BUDGET_REACTION",
      kind: "site",
      id: layout.siteId,
      key: "storage.shareMs",
      what: `loop, disk and bus take ${inMs(needNs)}, ${inMs(overNs)} above the bound of 50 ms`,
      right: `${shareMs > 0 ? `a storage.shareMs of ${shareMs}, or ` : ""}a device that answers faster`,
    },
  ];
}

function findingsOf(budget: GateBudget, belt: BeltLayout, gate: GateLayout): ProofFinding[] {
  const found: ProofFinding[] = [];
  const say = (code: string, o: { key: string; what: string; right: string; severity?: "warning" }) =>
    found.push({ severity: "error", code, kind: "gate", id: gate.id, ...o });
  const { needNs, haveNs, gap, guaranteedGapUm } = budget;
  const missingNs = needNs - haveNs;
  if (missingNs > 0) {
    const missingUm = travelUm(belt.speedUmPerS, missingNs);
    say("CONFIG_BUDGET_GATE_TOO_NEAR", {
      key: "atMm",
      what: `gate "${gate.id}" needs ${inMs(needNs)} after the telegram and has ${inMs(haveNs)}: ${inMs(missingNs)} too few`,
      right: `${atLeastMm(gate.atUm + missingUm)}, ${inMm(missingUm)} further downstream`,
    });
  }
  const askedUm = gap.neededUm + gap.seenUm;
  if (askedUm > guaranteedGapUm) {
    const missingUm = askedUm - guaranteedGapUm;
    say("CONFIG_BUDGET_GAP", {
      key: "sweptMm",
      what:
        `gate "${gate.id}" demands a gap of ${inMm(askedUm)}, the infeed guarantees ${inMm(guaranteedGapUm)}: ` +
        `${inMm(missingUm)} (${inMs(timeNs(belt, missingUm))}) too little`,
      right: `items.gapMm of ${Math.ceil(askedUm / 1000)}, a slower belt, a faster gate or nearer eyes`,
    });
  } else if (budget.windowNs < FIRE_ERROR_NS) {
    say("CONFIG_BUDGET_WINDOW_NARROW", {
      severity: "warning",
      key: "sweptMm",
      what: `the command of gate "${gate.id}" has a window of ${inMs(budget.windowNs)}: commands will be dropped as late`,
      right: `at least ${inMs(FIRE_ERROR_NS)}`,
    });
  }
  found.push(...followerFindings(belt, gate, budget));
  return found;
}

/** When the gate fires, what comes behind must have come past the induction eye, or the gap is not known. */
function followerFindings(belt: BeltLayout, gate: GateLayout, budget: GateBudget): ProofFinding[] {
  const induction = belt.eyes.find((eye) => eye.role === "induction");
  if (induction === undefined) return [];
  // A destination is looked at for the first time when it is sent.
  const aheadNs = belt.tracker === undefined ? gate.busNs : destinationLeadNs(belt.tracker, plannedLeadNs(gate));
  const tailUm =
    gate.atUm -
    inMotionUm(belt, gate) -
    travelUm(belt.speedUmPerS, aheadNs) -
    budget.errorUm -
    belt.maxItemUm -
    induction.atUm -
    travelUm(belt.speedUmPerS, settlingNs(induction) + induction.silenceNs);
  const missingUm = belt.provedGapUm - tailUm;
  if (missingUm <= 0) return [];
  return [
    {
      severity: "error",
      code: "CONFIG_BUDGET_GAP_NOT_SEEN",
      kind: "gate",
      id: gate.id,
      key: "atMm",
      what: `when gate "${gate.id}" moves, ${inMm(missingUm)} of the gap behind the item have not passed the induction eye`,
      right: `${atLeastMm(gate.atUm + missingUm)}, or an induction eye further upstream`,
    },
  ];
}

/** Where a front is at the latest when the last telegram about it is understood, of a station upstream of the gate. */
const latestReadUm = (belt: BeltLayout, gate: GateLayout): number =>
  Math.max(
    ...belt.stations
      .filter((station) => station.atUm + station.toUm <= gate.atUm)
      .map((station) => readEndUm(belt, station)),
  );

/** The slowest way of a telegram to this machine, where it does not come over a serial port of its own. */
function transitNs(facts: SiteFacts, belt: BeltLayout): number {
  const ids = belt.stations.flatMap(({ scannerIds }) => scannerIds);
  const own = facts.scanners.filter(({ scannerId }) => ids.includes(scannerId));
  return Math.max(0, ...own.map((scanner) => scanner.transitNs));
}

const timeNs = (belt: BeltLayout, um: number): number => Math.round((um / belt.speedUmPerS) * 1e9);
