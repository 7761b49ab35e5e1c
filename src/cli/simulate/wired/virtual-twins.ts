// The virtual runs that a wired one is compared with: the same parcels and faults, these moved by parts of a second.
import {
  type CodesByKind,
  codesByKind,
  type FaultSpan,
  type Heard,
} from "../../../../simulators/scenarios/compare-reasons.ts";
import { endsNs, type PlannedFault } from "../../../../simulators/scenarios/planned-fault.ts";
import type { Scenario } from "../../../../simulators/scenarios/scenario-schema.ts";
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
  /** The least share of released parcels that any of them delivered; null: none was due. */
  leastShare: number | null;
}

/** Within two pitches of a full belt, and more, a fault meets the parcels in every way that it can. */
const TWINS = 12;
const MOVED_BY_NS = 125_000_000;
const WITHOUT_FAULTS = 3;

export function virtualTwins(o: {
  site: Site;
  scenario: Scenario;
  seed: number;
  faults: readonly PlannedFault[];
}): VirtualTwins {
  const { site, seed } = o;
  const scenario = { ...o.scenario, expect: { deliveredShare: 0, reasons: [] } };
  /** Each with delays of its own; the first as `coline simulate` has it. */
  const played = (faults: readonly PlannedFault[], index: number): { run: ScenarioRun; heard: Heard[] } => {
    const listener = codeListener();
    const delays = index === 0 ? {} : { delays: index };
    const run = runScenario({ site, scenario, seed, faults, ...delays, onEntry: listener.hear });
    return { run, heard: listener.heard };
  };
  const all = Array.from({ length: TWINS }, (_, index) => {
    const faults = o.faults.map((fault) => ({ ...fault, atNs: fault.atNs + index * MOVED_BY_NS }));
    const { run, heard } = played(faults, index);
    return { run, codes: codesByKind(heard, faults.map(spanOf)) };
  });
  const withoutFaults = new Set<string>();
  for (let index = 0; index < WITHOUT_FAULTS && o.faults.length > 0; index += 1)
    for (const { code } of played([], index).heard) withoutFaults.add(code);
  const shares = all.flatMap(({ run }) => run.deliveredShare ?? []);
  const [first] = all as [(typeof all)[number]];
  return {
    run: first.run,
    codes: all.map(({ codes }) => codes),
    withoutFaults,
    leastShare: shares.length === 0 ? null : Math.min(...shares),
  };
}

/** Hears from the first parcel on: how a line starts is not the scenario's. */
export function codeListener(): { heard: Heard[]; hear: (entry: LineEntry, atNs: number) => void } {
  const heard: Heard[] = [];
  let isOpen = false;
  return {
    heard,
    hear(entry, atNs) {
      isOpen ||= entry.kind === "item";
      if (isOpen) heard.push(...codesOf(entry).map((code) => ({ code, atNs })));
    },
  };
}

const spanOf = (fault: PlannedFault): FaultSpan => ({
  kind: fault.kind,
  fromNs: fault.atNs,
  untilNs: endsNs(fault),
});
