// Decides whether a scenario can be at a site: names that are there, places on the belt, times that fit, a possible world.

import { nearestName } from "../../src/config/nearest-name.ts";
import type { Path, Problem } from "../../src/config/problem.ts";
import { problemAt, type YamlSource } from "../../src/config/yaml-source.ts";
import { faults as codes } from "../../src/faults/table.ts";
import type { PlantSite } from "./plant-site.ts";
import { impossible } from "./possible-world.ts";
import type { Scenario } from "./scenario-schema.ts";
import { highest } from "./scenario-values.ts";

type Say = (path: Path, said: { code: string; what: string; right: string }) => void;

export function judgeScenario(scenario: Scenario, source: YamlSource, site: PlantSite): Problem[] {
  const problems: Problem[] = [];
  const say: Say = (path, said) => problems.push(problemAt(source, path, said));
  judgeNames(scenario, site, say);
  judgeTimes(scenario, say);
  judgeShares(scenario, say);
  for (const { path, what, right } of impossible(scenario, site))
    say(path, { code: "SCENARIO_IMPOSSIBLE", what, right });
  return problems;
}

function judgeNames({ faults, plant, expect }: Scenario, { line, chutes }: PlantSite, say: Say): void {
  const known = {
    device: line.devices.map(({ id }) => id),
    belt: line.belts.map(({ id }) => id),
    scanner: line.scanners.map(({ id }) => id),
    gate: line.belts.flatMap(({ gates }) => gates.map(({ id }) => id)),
  };
  const unknown = (path: Path, what: string, o: { name: string; names: readonly string[] }): void => {
    const meant = nearestName(o.name, o.names);
    const right = meant === null ? `one of ${o.names.join(", ")}` : `"${meant}"`;
    say(path, { code: "CONFIG_UNKNOWN_REFERENCE", what: `the site has no ${what} "${o.name}"`, right });
  };
  faults.forEach((fault, index) => {
    for (const key of ["device", "belt", "scanner", "gate"] as const) {
      const name = (fault as Partial<Record<typeof key, string>>)[key];
      if (name !== undefined && !known[key].includes(name))
        unknown(["faults", index, key], key, { name, names: known[key] });
    }
    if (!("atMm" in fault)) return;
    const belts = line.belts.filter(({ id }) => fault.belt === undefined || fault.belt === id);
    const shortestMm = Math.min(...belts.map(({ lengthMm }) => lengthMm));
    if (highest(fault.atMm) <= shortestMm) return;
    const what = `the place ${highest(fault.atMm)} mm is beyond the belt's end`;
    say(["faults", index, "atMm"], { code: "CONFIG_OFF_BELT", what, right: `at most ${shortestMm}` });
  });
  for (const name of Object.keys(plant.containers)) {
    const path = ["plant", "containers", name];
    const chute = chutes.chutes.find(({ id }) => id === name);
    if (chute === undefined) unknown(path, "chute", { name, names: chutes.chutes.map(({ id }) => id) });
    else if (chute.fullInput === undefined && chute.eye === undefined)
      say(path, {
        code: "CONFIG_WRONG_VALUE",
        what: `chute ${name} has no device that could read a full sensor`,
        right: "a chute with a fullInput or an eye",
      });
  }
  expect.reasons.forEach((code, index) => {
    if (codes[code] === undefined)
      unknown(["expect", "reasons", index], "code", { name: code, names: Object.keys(codes) });
  });
}

function judgeTimes({ faults, durationS, calmS }: Scenario, say: Say): void {
  const calmFromS = durationS - calmS;
  if (calmFromS < 5)
    say(["calmS"], {
      code: "CONFIG_OUT_OF_RANGE",
      what: `a calm of ${calmS} s in a run of ${durationS} s`,
      right: `at most ${durationS - 5}`,
    });
  for (const [index, fault] of faults.entries()) {
    const path = ["faults", index];
    const said = [fault.atS, fault.everyS, fault.perHour].filter((value) => value !== undefined).length;
    if (said !== 1) {
      const what = said === 0 ? "nothing says when it comes" : "several things say when it comes";
      say(path, { code: "CONFIG_WRONG_VALUE", what, right: "one of atS, everyS and perHour" });
      continue;
    }
    if (fault.atS !== undefined && (fault.fromS ?? fault.untilS) !== undefined)
      say([...path, fault.fromS === undefined ? "untilS" : "fromS"], {
        code: "CONFIG_WRONG_VALUE",
        what: "atS says when it comes already",
        right: "without fromS and untilS",
      });
    const forS = "forS" in fault ? highest(fault.forS) : 0;
    const beginsS = fault.atS === undefined ? (fault.fromS ?? 0) : Math.max(...[fault.atS].flat());
    if (beginsS + forS < calmFromS) continue;
    say(path, {
      code: "CONFIG_OUT_OF_RANGE",
      what: `${fault.kind} from ${beginsS} s for ${forS} s would not be over in time`,
      right: `an end before ${calmFromS} s, when the calm begins (a run of ${durationS} s, ${calmS} s of calm)`,
    });
  }
}

function judgeShares({ customs }: Scenario, say: Say): void {
  const sum = Object.values(customs.shares).reduce((total, each) => total + each, 0);
  if (sum <= 1) return;
  say(["customs", "shares"], {
    code: "CONFIG_OUT_OF_RANGE",
    what: `the shares add up to ${sum.toFixed(2)}`,
    right: "1 at most: the rest is released before it is scanned",
  });
}
