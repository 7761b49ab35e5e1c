// Draws a scenario's faults from a seed: each at its instant, at its place, for its time.

import { trackerIn } from "../../src/config/wiring.ts";
import type { Random } from "../world/random.ts";
import { createRandom } from "../world/random.ts";
import type { ScenarioFault } from "./fault-schema.ts";
import type { FaultKind, PlannedFault } from "./planned-fault.ts";
import type { PlantSite } from "./plant-site.ts";
import type { Scenario } from "./scenario-schema.ts";
import { highest, type Range } from "./scenario-values.ts";

const S = 1e9;
const MS = 1e6;
/** Before that the line has hardly begun. */
const EARLIEST_S = 4;

/** A fault of the file with what came of it. */
export interface DrawnFault {
  fault: ScenarioFault;
  planned: readonly PlannedFault[];
}

export function drawFaults(scenario: Scenario, seed: number, site: PlantSite): DrawnFault[] {
  const random = createRandom(seed).fork("scenario");
  return scenario.faults.map((fault, index) => {
    const own = random.fork(`fault ${index}`);
    return { fault, planned: instantsS(fault, own, scenario).map((atS) => plan(fault, { atS, random: own, site })) };
  });
}

function instantsS(fault: ScenarioFault, random: Random, { durationS, calmS }: Scenario): number[] {
  if (fault.atS !== undefined) return [fault.atS].flat();
  const fromS = fault.fromS ?? EARLIEST_S;
  // Over before the calm begins, however long it is drawn to last.
  const lastS =
    Math.min(fault.untilS ?? durationS, durationS - calmS) - ("forS" in fault ? highest(fault.forS) : 0) - 0.001;
  const { everyS } = fault;
  if (everyS !== undefined) {
    const count = Math.max(1, Math.floor((lastS - fromS) / everyS) + 1);
    return Array.from({ length: count }, (_, index) => fromS + index * everyS);
  }
  const count = Math.max(1, Math.round(((fault.perHour ?? 0) * Math.max(0, lastS - fromS)) / 3600));
  return Array.from({ length: count }, () => drawn(random, [fromS, Math.max(fromS, lastS)])).sort((a, b) => a - b);
}

function plan(fault: ScenarioFault, o: { atS: number; random: Random; site: PlantSite }): PlannedFault {
  const { atS, random, site } = o;
  const atNs = Math.round(atS * S);
  return { atNs, ...kindOf(fault, random, site) };
}

function kindOf(fault: ScenarioFault, random: Random, { line }: PlantSite): FaultKind {
  const ns = (range: Range, unit: number): number => Math.max(1, Math.round(drawn(random, range) * unit));
  const um = (range: Range): number => Math.round(drawn(random, range) * 1000);
  const device = (named: string | undefined): string => named ?? oneOf(random, line.devices).id;
  const tracker = (named: string | undefined): string =>
    named ?? line.devices.find((each) => trackerIn(each) !== undefined)?.id ?? device(named);
  const belt = (named: string | undefined): string => named ?? oneOf(random, line.belts).id;
  const scanner = (named: string | undefined): string => named ?? oneOf(random, line.scanners).id;
  const { kind } = fault;
  switch (kind) {
    case "kill":
    case "powerLoss":
      return { kind };
    case "freeze": {
      const onCommand = fault.onCommand === undefined ? {} : { onCommand: fault.onCommand };
      return { kind, deviceId: device(fault.device), forNs: ns(fault.forS, S), ...onCommand };
    }
    case "halt":
    case "cut":
    case "reboot":
      return { kind, deviceId: device(fault.device), forNs: ns(fault.forS, S) };
    case "muteTracker":
    case "deafTracker":
      return { kind, deviceId: tracker(fault.device), forNs: ns(fault.forS, S) };
    case "forgetfulTracker":
      return { kind, deviceId: tracker(fault.device) };
    case "slowPlc":
      return { kind, deviceId: device(fault.device), extraNs: ns(fault.extraMs, MS), forNs: ns(fault.forS, S) };
    case "slowDisk":
      return { kind, syncNs: ns(fault.syncMs, MS), forNs: ns(fault.forS, S) };
    case "fullDisk":
    case "silentFeed":
    case "lostHints":
    case "gatewayDies":
    case "stall":
      return { kind, forNs: ns(fault.forS, S) };
    case "releaseStorm":
      return { kind, perS: drawn(random, fault.perS), forNs: ns(fault.forS, S) };
    case "jam":
      return { kind, beltId: belt(fault.belt), atUm: um(fault.atMm), forNs: ns(fault.forS, S) };
    case "stuckGate": {
      const gates = line.belts.flatMap(({ id: beltId, gates }) => gates.map(({ id: gateId }) => ({ beltId, gateId })));
      const named = gates.filter(({ gateId }) => gateId === (fault.gate ?? gateId));
      return { kind, ...oneOf(random, named), forNs: ns(fault.forS, S) };
    }
    case "encoderSlip":
      return { kind, beltId: belt(fault.belt), umPerM: um(fault.mmPerM), forNs: ns(fault.forS, S) };
    case "encoderJump":
      return { kind, beltId: belt(fault.belt), byUm: um(fault.byMm) };
    case "deadScanner":
      return { kind, scannerId: scanner(fault.scanner), forNs: ns(fault.forS, S) };
    case "weakScanner": {
      const noReadShare = drawn(random, fault.noReadShare);
      return { kind, scannerId: scanner(fault.scanner), noReadShare, forNs: ns(fault.forS, S) };
    }
    case "slowScanner":
      return { kind, scannerId: scanner(fault.scanner), extraNs: ns(fault.extraMs, MS), forNs: ns(fault.forS, S) };
    case "noRead":
    case "secondCode":
      return { kind, scannerId: scanner(fault.scanner) };
    case "lateTelegram":
      return { kind, scannerId: scanner(fault.scanner), byNs: ns(fault.byMs, MS) };
    case "takeOff":
    case "addByHand":
    case "holdRiding":
      return { kind, beltId: belt(fault.belt), atUm: um(fault.atMm) };
    case "copyLabel": {
      const behind = fault.behind === undefined ? {} : { behind: Math.round(drawn(random, fault.behind)) };
      return { kind, beltId: belt(fault.belt), ...behind };
    }
    case "stuckTogether":
      return {
        ...{ kind, beltId: belt(fault.belt), gapUm: um(fault.gapMm) },
        ...(fault.readAsOne === undefined ? {} : { readAsOne: fault.readAsOne }),
      };
    default:
      return fault satisfies never;
  }
}

/** In steps of a millionth of the range: fine enough for times of hours. */
function drawn(random: Random, range: Range): number {
  if (typeof range === "number") return range;
  const [low, high] = [Math.min(...range), Math.max(...range)];
  return low + ((high - low) * random.integer(0, 1_000_000)) / 1_000_000;
}

/** One choice alone takes nothing from the random numbers. */
const oneOf = <T>(random: Random, choices: readonly T[]): T =>
  choices[choices.length === 1 ? 0 : random.integer(0, choices.length - 1)] as T;
