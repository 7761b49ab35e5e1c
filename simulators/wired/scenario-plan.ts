// What a scenario is to a rig, virtual or wired: its traffic, customs' word, containers, and the people at the line.
import type { Scenario } from "../scenarios/scenario-schema.ts";
import type { Staff } from "../scenarios/staff.ts";
import type { Fate } from "../world/parcel.ts";
import type { RigPlanOptions } from "./plan.ts";

const S = 1e9;

/**
 * Traffic, customs' word and containers as the scenario has them; the rest of a rig's plan is not its business. Lengths and gap
 * that it does not name are each belt's own.
 */
export function scenarioPlan(scenario: Scenario): Partial<Omit<RigPlanOptions, "seed" | "parcels" | "portLink">> {
  const { traffic, customs, durationS } = scenario;
  const { perHour, streams, lengthsMm, gapMm } = traffic;
  return {
    containers: scenario.plant.containers,
    perHour: typeof perHour === "number" ? perHour : null,
    ...(lengthsMm === undefined ? {} : { lengthsMm: { min: lengthsMm[0], max: lengthsMm[1] } }),
    ...(customs.releaseAfterMs === undefined ? {} : { releasesAfterMs: customs.releaseAfterMs }),
    traffic: {
      noReadShare: traffic.noReadShare,
      secondCodeShare: traffic.secondCodeShare,
      pitchSpread: traffic.pitchSpread,
      untilNs: durationS * S,
      ...(typeof perHour === "object"
        ? { rates: perHour.map((point) => ({ atNs: point.atS * S, perHour: point.perHour })) }
        : {}),
      ...(gapMm === undefined ? {} : { minGapUm: Math.round(gapMm * 1000) }),
      flows: [
        { weight: streams.expressImport, stream: "express", direction: "import" },
        { weight: streams.expressExport, stream: "express", direction: "export" },
        { weight: streams.cbecImport, stream: "cbec", direction: "import" },
        { weight: streams.cbecExport, stream: "cbec", direction: "export" },
      ],
      fates: fatesOf(scenario),
    },
  };
}

export const staffOf = ({ plant }: Scenario): Staff => ({
  unlocksAfterNs: plant.fetchesLateHoldAfterS * S,
  changesAfterNs: plant.changesContainerAfterS * S,
  clearsAfterNs: plant.clearsSafeEndAfterS * S,
  testsAfterNs: plant.testsGateAfterS * S,
});

function fatesOf({ customs }: Scenario): { weight: number; fate: Fate }[] {
  const others = Object.entries(customs.shares) as [Exclude<Fate, "released">, number][];
  const rest = 1 - others.reduce((sum, [, weight]) => sum + weight, 0);
  return [{ weight: Math.max(0, rest), fate: "released" }, ...others.map(([fate, weight]) => ({ weight, fate }))];
}
