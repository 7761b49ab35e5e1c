// What `coline simulate` has before it runs: the proved site, the scenario, and how a seed's faults are drawn.
import { type DrawnFault, drawFaults } from "../../../simulators/scenarios/draw-faults.ts";
import { loadScenario } from "../../../simulators/scenarios/load-scenario.ts";
import type { Scenario } from "../../../simulators/scenarios/scenario-schema.ts";
import { shortened } from "../../../simulators/scenarios/shorten.ts";
import { drawSwarm } from "../../../simulators/scenarios/swarm.ts";
import { readingSimulatedLabels } from "../../../simulators/virtual/simulated-labels.ts";
import type { Site } from "../../config/load.ts";
import { problemReport } from "../check-report.ts";
import { provedSite } from "../proved-site.ts";

/** What is asked for; plain data, so that a worker can be told. */
export interface SimulationAsked {
  folder: string;
  /** A name or a file; null: everything is drawn from the seed. */
  scenario: string | null;
  hours: number | null;
  swarm: boolean;
  /** Shortened to so many minutes, for a line in real time; null: as long as it is. */
  minutes: number | null;
}

export interface PreparedRun {
  site: Site;
  name: string;
  /** The site's codes are not those of the simulated parcels: it was taught to read them. */
  isTaught: boolean;
  /** The scenario of a seed, and its faults. */
  ofSeed(seed: number): { scenario: Scenario; drawn: readonly DrawnFault[] };
}

/** @returns what to run, or what to print */
export function prepareRun(asked: SimulationAsked): { ok: true; run: PreparedRun } | { ok: false; report: string } {
  const proved = provedSite(asked.folder);
  if (!proved.ok) return proved;
  const { site, isTaught } = readingSimulatedLabels(proved.site);
  const durationS = asked.hours === null ? undefined : asked.hours * 3600;
  const given = scenarioOf(asked, site, durationS);
  if ("report" in given) return { ok: false, report: given.report };
  const { name, scenario } = given;
  return {
    ok: true,
    run: {
      ...{ site, name, isTaught },
      ofSeed(seed) {
        const drawn = asked.swarm ? lasting(drawSwarm(seed, site, scenario ?? undefined), durationS) : scenario;
        if (drawn === null) throw new TypeError("neither a scenario nor a swarm");
        const run = asked.minutes === null ? drawn : shortened(drawn, asked.minutes * 60);
        return { scenario: run, drawn: drawFaults(run, seed, site) };
      },
    },
  };
}

function scenarioOf(
  { scenario, swarm }: SimulationAsked,
  site: Site,
  durationS: number | undefined,
): { name: string; scenario: Scenario | null } | { report: string } {
  if (scenario === null) return { name: "swarm", scenario: null };
  const loaded = loadScenario(scenario, site, durationS === undefined ? {} : { durationS });
  if (!loaded.ok) return { report: problemReport(loaded.name, loaded.problems) };
  return { name: swarm ? `${loaded.name}, faults drawn` : loaded.name, scenario: loaded.scenario };
}

const lasting = (scenario: Scenario, durationS: number | undefined): Scenario =>
  durationS === undefined ? scenario : { ...scenario, durationS };
