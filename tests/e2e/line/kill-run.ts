// The controller is killed under traffic, at named steps and at random; what happened then, for tests to judge.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "../../../simulators/world/random.ts";
import type { RunEvidence } from "../../../src/cli/demo/evidence.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { type LineRig, type LineRun, startLine } from "../line-rig.ts";
import { DEATH_FILE, STEPS, type Step } from "./die-at-step.ts";

export interface Kill {
  at: Step | "random";
  /** World's time, ns. */
  atNs: number;
}

export interface KillRun extends LineRun {
  kills: readonly Kill[];
  /** For each kill: until the next parcel was inducted that was sorted again, ns; null: none before the next kill. */
  blindNs: readonly (number | null)[];
}

const RANDOM_WITHIN_MS = 4000;
const PERMITS_MAX = 4;

/** The steps in turn, a random moment after each round of them. */
export async function killRun(o: { kills: number; seed: number }): Promise<KillRun> {
  const random = createRandom(o.seed);
  const preload = fileURLToPath(new URL("./die-at-step.ts", import.meta.url));
  const deaths: { file: string } = { file: "" };
  const line = await startLine({
    parcels: null,
    seed: o.seed,
    env: (folder) => {
      deaths.file = join(folder, "death.json");
      return { [DEATH_FILE]: deaths.file, NODE_OPTIONS: `--import=${preload}` };
    },
  });
  await line.rig.startTraffic();
  const kills: Kill[] = [];
  while (kills.length < o.kills) {
    const at = [...STEPS, "random" as const][kills.length % (STEPS.length + 1)] as Step | "random";
    const starts = line.starts("controller");
    let atNs: number;
    if (at === "random") {
      // Counted from the start: a process that is only coming up is killed too.
      await new Promise((resolve) => setTimeout(resolve, random.integer(0, RANDOM_WITHIN_MS)));
      atNs = await line.kill("controller");
    } else {
      writeFileSync(deaths.file, JSON.stringify({ step: at, nth: random.integer(1, PERMITS_MAX) }));
      atNs = await endOf(line, { starts, file: deaths.file });
    }
    kills.push({ at, atNs });
    await line.until("the next controller", () => line.starts("controller") > starts);
  }
  await line.ready();
  await line.sorted(5);
  await line.trafficDone();
  const run = await line.finish();
  return { ...run, kills, blindNs: kills.map((kill, index) => blindNs(run.evidence, kill, kills[index + 1])) };
}

/** When the controller of that start died, as near as the parent's word for it. */
async function endOf(line: LineRig, o: { starts: number; file: string }): Promise<number> {
  await line.until("the controller to die", () => line.ends("controller") >= o.starts);
  if (existsSync(o.file)) throw new Error(`the controller has ended by itself:\n${line.lastWords()}`);
  return line.nowNs();
}

/** Sorted: its code was read, and customs and the chute map alone had the say. */
function blindNs({ entries, worldNs }: RunEvidence, kill: Kill, next: Kill | undefined): number | null {
  const decided = new Set(entries.flatMap((entry) => (isPlainDecision(entry) ? [entry.itemId] : [])));
  const isSorted = (entry: LineEntry): boolean =>
    entry.kind === "item" &&
    decided.has(entry.itemId) &&
    worldNs(entry) > kill.atNs &&
    worldNs(entry) < (next?.atNs ?? Number.POSITIVE_INFINITY);
  const first = entries.find(isSorted);
  return first === undefined ? null : worldNs(first) - kill.atNs;
}

const isPlainDecision = (entry: LineEntry): entry is Extract<LineEntry, { kind: "decision" }> =>
  entry.kind === "decision" && entry.identity.kind === "code" && entry.refusals.length === 0;
