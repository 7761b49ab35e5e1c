// Draws a scenario from a seed: which kinds of faults come at all, how often, how long, and on what traffic.

import { trackerIn } from "../../src/config/wiring.ts";
import { createRandom, type Random } from "../world/random.ts";
import type { PlantSite } from "./plant-site.ts";
import { UNSEEN_BY_TRACKER } from "./possible-world.ts";
import { type Scenario, scenarioSchema } from "./scenario-schema.ts";

/** Each kind is left out of most runs: what two of them do together shows where nothing else is in the way. */
const KIND_SHARE = 0.3;
const PER_HOUR = [15, 30, 60, 120] as const;
const LONGEST_S = [0.2, 1, 2.5, 8] as const;

/** @param base its traffic, customs, plant and duration, but none of its faults and expectations; left out: drawn too */
export function drawSwarm(seed: number, site: PlantSite, base?: Scenario): Scenario {
  const random = createRandom(seed).fork("swarm");
  const isTracked = site.line.belts.some(({ tracking }) => tracking === "plc");
  const lengths = base === undefined ? { durationS: 240, calmS: 60 } : { durationS: base.durationS, calmS: base.calmS };
  return scenarioSchema.parse({
    about: "Drawn from the seed.",
    ...lengths,
    ...(base === undefined
      ? { traffic: { pitchSpread: random.chance(0.5) ? 0 : 0.3 } }
      : { traffic: base.traffic, customs: base.customs, plant: base.plant }),
    faults: faultsOf(random, site)
      .filter(() => random.chance(KIND_SHARE))
      .filter((fault) => !isTracked || !UNSEEN_BY_TRACKER.includes((fault as { kind: string }).kind)),
  });
}

/** Of the device that tracks. */
const trackerFaults = (o: { lasting: () => object; moment: () => object }): object[] => [
  { kind: "muteTracker", ...o.lasting() },
  { kind: "deafTracker", ...o.lasting() },
  { kind: "forgetfulTracker", ...o.moment() },
];

function faultsOf(random: Random, { line }: PlantSite): object[] {
  const perHour = (): number => PER_HOUR[random.integer(0, PER_HOUR.length - 1)] ?? 30;
  const lasting = () => ({ perHour: perHour(), forS: [0.02, LONGEST_S[random.integer(0, LONGEST_S.length - 1)] ?? 1] });
  const moment = () => ({ perHour: perHour() });
  const endMm = Math.min(
    ...line.belts.map(({ eyes, lengthMm }) => Math.min(lengthMm, ...eyes.filter(isEnd).map(atMm))),
  );
  const anywhere = { atMm: [1500, endMm - 1] };
  // Released parcels have hardly any other place in common.
  const firstGateMm = Math.max(1500, ...line.belts.map(({ gates }) => Math.min(...gates.map(atMm))));
  const hands = handPlaceMm(line);
  return [
    { kind: "kill", ...moment() },
    { kind: "powerLoss", ...moment() },
    { kind: "stall", ...moment(), forS: [0.02, 0.4] },
    { kind: "freeze", ...lasting() },
    { kind: "halt", ...lasting() },
    { kind: "cut", ...lasting() },
    { kind: "reboot", ...lasting() },
    { kind: "slowPlc", ...lasting(), extraMs: [1, 80] },
    { kind: "slowDisk", ...lasting(), syncMs: [10, 400] },
    { kind: "fullDisk", ...lasting() },
    { kind: "silentFeed", ...lasting() },
    { kind: "releaseStorm", ...lasting(), perS: [100, 2000] },
    { kind: "lostHints", ...lasting() },
    { kind: "gatewayDies", ...lasting() },
    { kind: "encoderJump", ...moment(), byMm: [-2000, 2000] },
    { kind: "weakScanner", ...lasting(), noReadShare: [0.1, 1] },
    { kind: "deadScanner", ...lasting() },
    { kind: "slowScanner", ...moment(), forS: [0.02, 0.9], extraMs: [1, 450] },
    { kind: "lateTelegram", ...moment(), byMs: [1, 500] },
    { kind: "jam", ...lasting(), atMm: [300, endMm - 1] },
    { kind: "noRead", ...moment() },
    { kind: "secondCode", ...moment() },
    { kind: "takeOff", ...moment(), ...anywhere },
    { kind: "holdRiding", ...moment(), atMm: [1500, firstGateMm] },
    { kind: "copyLabel", ...moment() },
    { kind: "copyLabel", ...moment(), behind: [5, 40] },
    { kind: "stuckTogether", ...moment(), gapMm: [0, 60] },
    { kind: "stuckTogether", ...moment(), gapMm: 0, readAsOne: true },
    ...(line.devices.some((each) => trackerIn(each) !== undefined) ? trackerFaults({ lasting, moment }) : []),
    ...(hands === null ? [] : [{ kind: "addByHand", ...moment(), atMm: hands }]),
  ];
}

/**
 * Between the scanners and the last eye before the first gate: a parcel that is put down behind that eye is seen by
 * nothing before it is at a gate, and no controller could know of it.
 */
function handPlaceMm(line: PlantSite["line"]): [number, number] | null {
  const places = line.belts.map(({ stations, eyes, gates }) => {
    const fromMm = Math.max(...stations.map((station) => station.atMm + station.toMm)) + 100;
    const gateMm = Math.min(...gates.map(atMm));
    const eyeMm = Math.max(0, ...eyes.map(atMm).filter((mm) => mm < gateMm));
    return { fromMm, toMm: eyeMm - 100 };
  });
  const fromMm = Math.max(...places.map((place) => place.fromMm));
  const toMm = Math.min(...places.map((place) => place.toMm));
  return fromMm < toMm ? [fromMm, toMm] : null;
}

const isEnd = ({ role }: { role: string }): boolean => role === "end";
const atMm = (part: { atMm: number }): number => part.atMm;
