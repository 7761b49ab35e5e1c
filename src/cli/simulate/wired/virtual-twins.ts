// The virtual runs that a wired one is compared with: the same parcels; faults and what people do moved by parts of a second.
import {
  type CodesByKind,
  codesByKind,
  type FaultSpan,
  type Heard,
  type Stood,
} from "../../../../simulators/scenarios/compare-reasons.ts";
import { drawFaults } from "../../../../simulators/scenarios/draw-faults.ts";
import { endsNs, type PlannedFault } from "../../../../simulators/scenarios/planned-fault.ts";
import { gapMm, lengthsMm } from "../../../../simulators/scenarios/possible-world.ts";
import type { Scenario } from "../../../../simulators/scenarios/scenario-schema.ts";
import { pitchS } from "../../../../simulators/scenarios/shorten.ts";
import { codesOf } from "../../../../simulators/virtual/reasons-hit.ts";
import { runScenario } from "../../../../simulators/virtual/scenario-run.ts";
import type { ScenarioRun } from "../../../../simulators/virtual/scenario-verdict.ts";
import type { Site } from "../../../config/load.ts";
import type { LineEntry } from "../../../line/entry.ts";

export interface VirtualTwins {
  /** As the scenario has it, nothing moved. */
  run: ScenarioRun;
  /** Of this and of the others. */
  codes: readonly CodesByKind[];
  /** Of runs without any fault; empty where the scenario has none. */
  withoutFaults: ReadonlySet<string>;
  /** Of runs without the scenario's faults on a machine that is held up: devices and disk answer late again and again. */
  heldUp: ReadonlySet<string>;
  /** The least share of released parcels that any of them delivered; null: none was due. */
  leastShare: number | null;
}

/** All faults together move on by a part of a second; each moves against the others by less, and lasts and slows a little more or less. */
const TWINS = 16;
const MOVED_BY_NS = 90_000_000;
/**
 * So many parcels lie between the first run's faults and the last one's: not all of them have a command that can be refused,
 * and one in five is sent nowhere, proves the way for who comes behind, and spares them a refusal that others had.
 */
const MOVED_PITCHES = 12;
const APART_BY_NS = 20_000_000;
const LASTS_SHARE = 0.02;
/** The people at a wired line look up every tenth of a second, and say by a message what they have done: so much later in each run. */
const STAFF_LATER_S = 0.025;
const WITHOUT_FAULTS = 3;
const HELD_UP = 3;

/**
 * What the virtual line has no word for: where the controller's loop itself stood still, a telegram lay in its port, and may
 * be another parcel's.
 */
const LOOP_HELD_UP = ["READ_CONFLICT"];

/** What a busy machine does to PLC processes, to the controller's loop and to its disk, often enough to meet every parcel. */
const HOLD_UPS: Scenario["faults"] = [
  { kind: "freeze", perHour: 600, forS: [0.03, 0.3] },
  { kind: "slowPlc", perHour: 600, forS: [0.1, 1], extraMs: [5, 120] },
  { kind: "slowDisk", perHour: 600, forS: [0.1, 1], syncMs: [20, 400] },
];

export function virtualTwins(o: {
  site: Site;
  scenario: Scenario;
  seed: number;
  faults: readonly PlannedFault[];
}): VirtualTwins {
  const { site, seed } = o;
  const upNs = comesUpNs(site);
  const byNs = movedByNs(o.scenario, site);
  const latestNs = upNs + TWINS * byNs;
  /** Each with delays of its own; the first as `coline simulate` has it. Parcels come for as long as its faults are later. */
  const played = (
    faults: readonly PlannedFault[],
    { index, laterNs }: { index: number; laterNs: number },
  ): { run: ScenarioRun; heard: Heard[] } => {
    const listener = codeListener();
    const delays = index === 0 ? {} : { delays: index };
    const scenario = staffLater(lengthened(o.scenario, laterNs), index * STAFF_LATER_S);
    const run = runScenario({ site, scenario, seed, faults, ...delays, onEntry: listener.hear });
    return { run, heard: listener.heard };
  };
  const all = Array.from({ length: TWINS }, (_, index) => {
    const faults = o.faults.map((fault, nth) => moved(fault, { index, nth, upNs, byNs }));
    // Where nothing is moved, the same parcels come as on the wired line: one more could bring a reason of its own.
    const laterNs = faults.length === 0 ? 0 : upNs + index * byNs + (index === 0 ? 0 : TWINS * APART_BY_NS);
    const { run, heard } = played(faults, { index, laterNs });
    return { run, codes: codesByKind(heard, faults.map(spanOf)) };
  });
  const withoutFaults = new Set<string>();
  for (let index = 0; index < WITHOUT_FAULTS && o.faults.length > 0; index += 1)
    for (const { code } of played([], { index, laterNs: latestNs }).heard) withoutFaults.add(code);
  const heldUp = new Set(LOOP_HELD_UP);
  for (let index = 0; index < HELD_UP; index += 1) {
    const drawn = drawFaults({ ...lengthened(o.scenario, latestNs), calmS: 0, faults: HOLD_UPS }, seed + index, site);
    const faults = drawn.flatMap(({ planned }) => planned);
    for (const { code } of played(faults, { index, laterNs: latestNs }).heard) heldUp.add(code);
  }
  const shares = all.flatMap(({ run }) => run.deliveredShare ?? []);
  const [first] = all as [(typeof all)[number]];
  return {
    run: first.run,
    codes: all.map(({ codes }) => codes),
    ...{ withoutFaults, heldUp },
    leastShare: shares.length === 0 ? null : Math.min(...shares),
  };
}

/** Hears from the first parcel on, and of a belt's modes when it first sorts: how a line starts is not the scenario's. */
export function codeListener(): {
  heard: Heard[];
  /** Alarms, from when they were raised until they had returned. */
  stood: Stood[];
  hear: (entry: LineEntry, atNs: number) => void;
} {
  const heard: Heard[] = [];
  const stood: Stood[] = [];
  const standing = new Map<string, Stood>();
  let isOpen = false;
  const hasRun = new Set<string>();
  return {
    heard,
    stood,
    hear(entry, atNs) {
      if (entry.kind === "alarm") {
        const before = standing.get(entry.key);
        if (before !== undefined && !entry.active) {
          before.untilNs = atNs;
          standing.delete(entry.key);
        } else if (before === undefined && entry.active) {
          const alarm = { code: entry.code, fromNs: atNs, untilNs: Number.POSITIVE_INFINITY };
          standing.set(entry.key, alarm);
          stood.push(alarm);
        }
      }
      isOpen ||= entry.kind === "item";
      if (entry.kind === "mode" && !hasRun.has(entry.beltId)) {
        if (entry.mode === "running") hasRun.add(entry.beltId);
        return;
      }
      if (isOpen) heard.push(...codesOf(entry).map((code) => ({ code, atNs })));
    },
  };
}

/**
 * A virtual line takes parcels as soon as its belt runs, and has to purge it; a wired one has almost done so when its
 * traffic begins. So long later the virtual faults come.
 */
const comesUpNs = ({ line }: Site): number =>
  Math.max(0, ...line.belts.map(({ lengthMm, speedMmPerS }) => lengthMm / speedMmPerS - 2)) * 1e9;

const lengthened = (scenario: Scenario, byNs: number): Scenario => ({
  ...scenario,
  durationS: scenario.durationS + byNs / 1e9,
  expect: { deliveredShare: 0, reasons: [] },
});

const staffLater = ({ plant, ...scenario }: Scenario, byS: number): Scenario => ({
  ...scenario,
  plant: {
    ...plant,
    changesContainerAfterS: plant.changesContainerAfterS + byS,
    clearsSafeEndAfterS: plant.clearsSafeEndAfterS + byS,
    testsGateAfterS: plant.testsGateAfterS + byS,
    fetchesLateHoldAfterS: plant.fetchesLateHoldAfterS + byS,
  },
});

/** How much later each run's faults come than those of the run before. */
export function movedByNs(scenario: Scenario, { line }: Pick<Site, "line">): number {
  const densest = line.belts.map((belt) => (lengthsMm(scenario, belt).max + gapMm(scenario, belt)) / belt.speedMmPerS);
  const longestS = Math.max(pitchS(scenario), ...densest);
  return Math.max(MOVED_BY_NS, Math.round((MOVED_PITCHES * longestS * 1e9) / TWINS));
}

/** The fault as run `index` has it, the `nth` of its scenario. */
export function moved(
  fault: PlannedFault,
  o: { index: number; nth: number; upNs: number; byNs: number },
): PlannedFault {
  const { index, nth, upNs, byNs } = o;
  const apartNs = ((index * 7 + nth * 5) % TWINS) * APART_BY_NS;
  const atNs = Math.round(fault.atNs + upNs + (index === 0 ? 0 : index * byNs + apartNs));
  if (!("forNs" in fault)) return { ...fault, atNs };
  const share = index === 0 ? 0 : (((index * 3 + nth) % 5) - 2) * LASTS_SHARE;
  const lasting = { ...fault, atNs, forNs: Math.round(fault.forNs * (1 + share)) };
  // A wire adds time of its own.
  return "extraNs" in lasting ? { ...lasting, extraNs: Math.round(lasting.extraNs * (1 + share)) } : lasting;
}

const spanOf = (fault: PlannedFault): FaultSpan => ({
  kind: fault.kind,
  fromNs: fault.atNs,
  untilNs: endsNs(fault),
});
