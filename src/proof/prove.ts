// Proves a site: the chute map against the law, the time budgets, late commands, the safe end, the buses.
import { type BusLoad, busFindings, busLoads, scannerFindings, timeoutFindings } from "./bus-load.ts";
import { proveChuteMap } from "./chute-map.ts";
import { counterFindings } from "./counter.ts";
import type { ProofFinding, ScannerFacts, SiteFacts } from "./facts.ts";
import { type LateCommand, lateCommands } from "./late-commands.ts";
import { overflowFindings } from "./overflow.ts";
import { type SafeEndReserve, safeEndFindings, safeEndReserves } from "./safe-end.ts";
import { sensingFindings } from "./sensing.ts";
import { staysOutFindings } from "./stays-out.ts";
import { budgetFindings, type GateBudget, gateBudgets } from "./time-budget.ts";
import { touchingFindings } from "./touching-told.ts";
import { trackerFindings } from "./trackers.ts";
import { zoneFindings } from "./zone-seen.ts";

export interface Proof {
  /** A site with an error must not be activated. */
  findings: ProofFinding[];
  combinations: number;
  gates: GateBudget[];
  commands: LateCommand[];
  safeEnds: SafeEndReserve[];
  buses: BusLoad[];
  scanners: readonly ScannerFacts[];
}

export function prove(facts: SiteFacts): Proof {
  const { layout, belts } = facts;
  const chuteMap = proveChuteMap(layout);
  const gates = gateBudgets(facts);
  const late = lateCommands(facts);
  const safeEnds = safeEndReserves(layout, belts);
  const buses = busLoads(facts);
  return {
    findings: [
      ...chuteMap.findings,
      ...overflowFindings(layout),
      ...budgetFindings(facts, gates),
      ...sensingFindings(layout, belts, facts.scanners),
      ...staysOutFindings(facts),
      ...zoneFindings(layout, belts),
      ...touchingFindings(layout),
      ...counterFindings(layout),
      ...late.findings,
      ...trackerFindings(facts),
      ...safeEndFindings(safeEnds),
      ...busFindings(buses),
      ...timeoutFindings(facts),
      ...scannerFindings(facts),
    ],
    combinations: chuteMap.combinations,
    gates,
    commands: late.commands,
    safeEnds,
    buses,
    scanners: facts.scanners,
  };
}

export const isProved = (proof: Proof): boolean => proof.findings.every(({ severity }) => severity !== "error");
