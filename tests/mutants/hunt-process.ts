// A process of its own for one line, mutated or not: replaces modules first, imports the simulator then, and runs seeds.
import { mutantNamed } from "./catalogue/all.ts";
import type { FromHunt, HuntAsked } from "./hunted-seeds.ts";
import type { HuntName } from "./hunts.ts";
import { mutatedSources, replaceModules } from "./replaced-modules.ts";

process.once("message", (asked: HuntAsked) => {
  hunt(asked).then(
    () => say({ kind: "done" }),
    (error: unknown) => say({ kind: "trouble", message: error instanceof Error ? error.message : String(error) }),
  );
});
// Without its parent nobody would read what it finds.
process.on("disconnect", () => process.exit(0));

async function hunt({ mutant, hunt: name, seeds, stopsAtFirst }: HuntAsked): Promise<void> {
  const sources = mutant === null ? new Map<string, string>() : mutatedSources(mutantNamed(mutant));
  const loaded = replaceModules(sources);
  const { huntSeed } = await import("./hunted-run.ts");
  for (const url of sources.keys())
    if (!loaded.has(url)) throw new Error(`mutant ${mutant}: the simulator never loads ${url}`);
  for (const seed of seeds) {
    const hunted = huntSeed(name as HuntName, seed);
    say({ kind: "seed", hunted });
    if (stopsAtFirst && hunted.checker !== null) return;
  }
}

function say(message: FromHunt): void {
  process.send?.(message);
}
