// `coline simulate --wired`: the virtual runs first, then the wired one, then both beside each other.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isForWires } from "../../../../simulators/wired/faults.ts";
import { interruption } from "../../demo/interruption.ts";
import type { PreparedRun } from "../prepared-run.ts";
import { headText, runText } from "../words.ts";
import { virtualTwins } from "./virtual-twins.ts";
import { outcomeOf } from "./wired-outcome.ts";
import { runWired } from "./wired-run.ts";
import { comparisonText, wiredFigures } from "./wired-words.ts";

/** @returns the exit code; the run's folder with journal and log stays when it did not pass */
export async function simulateWired(o: {
  siteFolder: string;
  prepared: PreparedRun;
  seed: number;
  json: boolean;
}): Promise<number> {
  const { prepared, seed } = o;
  const { site, name, isTaught } = prepared;
  const say = (text: string): void => void (o.json ? process.stderr : process.stdout).write(text);
  const { scenario, drawn } = prepared.ofSeed(seed);
  const planned = drawn.flatMap((one) => one.planned);
  const faults = planned.filter(isForWires);
  say(headText({ site: site.line.site, name: `${name}, wired`, seed, isTaught, scenario, drawn }));
  const leftOut = new Set(planned.filter((fault) => !isForWires(fault)).map(({ kind }) => kind));
  if (leftOut.size > 0)
    say(`left out, here and on the virtual line, since no wire can do it: ${[...leftOut].join(", ")}\n`);
  const twins = virtualTwins({ site, scenario, seed, faults });
  const folder = mkdtempSync(join(tmpdir(), "coline-wired-"));
  const interrupted = interruption();
  let passed = false;
  try {
    const beginMs = performance.now();
    const wired = await runWired({
      ...{ siteFolder: o.siteFolder, site, isTaught, scenario, faults, seed, folder, interrupted },
      heldUp: twins.heldUp,
    });
    const outcome = outcomeOf(wired, twins);
    passed = outcome.passed;
    say(runText(wired, (performance.now() - beginMs) / 1000));
    say(comparisonText(outcome));
    const figures = wiredFigures({ scenario: name, seconds: scenario.durationS, outcome });
    if (o.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
    return passed ? 0 : 1;
  } finally {
    interrupted.off();
    if (passed) rmSync(folder, { recursive: true, force: true });
    else process.stderr.write(`kept: ${folder}\n`);
  }
}
