// Hunts mutants: each in a process of its own with the fewest seeds that find it, and the product itself on the same seeds.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { FromHunt, HuntAsked, HuntedSeed } from "./hunted-seeds.ts";
import type { HuntName } from "./hunts.ts";
import type { Mutant } from "./mutant.ts";

/** A mutant that is not found by then has survived. */
export const MOST_SEEDS = 20;

export interface Hunted {
  mutant: Mutant;
  /** The seed that found it; null: it survived, or something broke. */
  found: HuntedSeed | null;
  /** Why it could not be hunted, or what the product itself did on these seeds; null: nothing is wrong. */
  trouble: string | null;
}

/**
 * @param o.mostSeeds fewer than `MOST_SEEDS`, for a first look
 * @param o.onHunted each mutant as it is done, before the control run
 */
export async function huntAll(
  mutants: readonly Mutant[],
  o: { mostSeeds?: number; onHunted?: (hunted: Hunted) => void } = {},
): Promise<readonly Hunted[]> {
  const hunted = await each(mutants, async (mutant) => {
    const one = await huntMutant(mutant, o.mostSeeds ?? MOST_SEEDS);
    o.onHunted?.(one);
    return one;
  });
  const control = await runControl(hunted);
  return hunted.map((one) => ({ ...one, trouble: one.trouble ?? control.get(one.mutant.hunt) ?? null }));
}

async function huntMutant(mutant: Mutant, mostSeeds: number): Promise<Hunted> {
  const seeds = Array.from({ length: mostSeeds }, (_, index) => index + 1);
  try {
    const runs = await runSeeds({ mutant: mutant.name, hunt: mutant.hunt, seeds, stopsAtFirst: true });
    return { mutant, found: runs.find(({ checker }) => checker !== null) ?? null, trouble: null };
  } catch (error) {
    return { mutant, found: null, trouble: (error as Error).message };
  }
}

/** The product passes every seed that a mutant of the hunt was run with. @returns what it did not pass, by hunt */
async function runControl(hunted: readonly Hunted[]): Promise<ReadonlyMap<HuntName, string>> {
  const lastSeeds = new Map<HuntName, number>();
  for (const { mutant, found } of hunted)
    lastSeeds.set(mutant.hunt, Math.max(lastSeeds.get(mutant.hunt) ?? 1, found?.seed ?? 1));
  const troubles = await each([...lastSeeds], async ([hunt, last]): Promise<[HuntName, string][]> => {
    const seeds = Array.from({ length: last }, (_, index) => index + 1);
    const runs = await runSeeds({ mutant: null, hunt, seeds, stopsAtFirst: false });
    const broken = runs.find(({ checker, failures }) => checker !== null || failures.length > 0);
    if (broken === undefined) return [];
    const { seed, checker, detail, failures } = broken;
    const what = checker === null ? failures.join("; ") : `${checker}: ${detail}`;
    return [[hunt, `the product itself does not pass seed ${seed} of the hunt ${hunt}: ${what}`]];
  });
  return new Map(troubles.flat());
}

function runSeeds(asked: HuntAsked): Promise<readonly HuntedSeed[]> {
  const file = fileURLToPath(new URL("./hunt-process.ts", import.meta.url));
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] });
  const runs: HuntedSeed[] = [];
  return new Promise((resolve, reject) => {
    child.on("message", (message: FromHunt) => {
      switch (message.kind) {
        case "seed":
          runs.push(message.hunted);
          return;
        case "done":
          resolve(runs);
          return child.disconnect();
        case "trouble":
          reject(new Error(message.message));
          return child.disconnect();
        default:
          message satisfies never;
      }
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the process of ${asked.mutant ?? asked.hunt} ended with ${code}`)));
    child.send(asked);
  });
}

/** As many at a time as there are cores; in the order of the list. */
async function each<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < list.length; index = next++) results[index] = await work(list[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), list.length) }, worker));
  return results;
}
