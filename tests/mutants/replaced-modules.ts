// Loads chosen modules with other sources: what a mutant changes, as copies in memory; no file is touched.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import type { Mutant } from "./mutant.ts";

const root = new URL("../../", import.meta.url);

/**
 * The sources that the mutant replaces, by URL.
 * @throws when a replacement does not apply exactly once: the source has changed, and the mutant has to be written anew
 */
export function mutatedSources({ name, edits }: Pick<Mutant, "name" | "edits">): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { file, from, to } of edits) {
    const url = new URL(file, root).href;
    const source = sources.get(url) ?? readFileSync(new URL(url), "utf8");
    const found = source.split(from).length - 1;
    if (found !== 1) throw new Error(doesNotApply(name, { file, from, found }));
    if (from === to) throw new Error(`mutant ${name}: its replacement in ${file} changes nothing`);
    sources.set(
      url,
      source.replace(from, () => to),
    );
  }
  if (sources.size === 0) throw new Error(`mutant ${name} replaces nothing`);
  return sources;
}

function doesNotApply(name: string, o: { file: string; from: string; found: number }): string {
  const where = o.found === 0 ? "stands nowhere" : `stands ${o.found} times`;
  return (
    `mutant ${name}: the text to be replaced ${where} in ${o.file}; the source has changed, write the mutant anew:\n` +
    o.from
  );
}

/** From now on these modules load with these sources. @returns the URLs that were asked for so far */
export function replaceModules(sources: ReadonlyMap<string, string>): ReadonlySet<string> {
  const loaded = new Set<string>();
  registerHooks({
    load(url, context, nextLoad) {
      const source = sources.get(url);
      const found = nextLoad(url, context);
      if (source === undefined) return found;
      loaded.add(url);
      return { ...found, source };
    },
  });
  return loaded;
}
