// The example sites as text, and small wrong sites made from them by replacing one passage.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type LoadedSite, loadSiteText, type Site } from "../../../src/config/load.ts";
import { type Problem, problemText } from "../../../src/config/problem.ts";
import { problemsOfProof, siteFacts } from "../../../src/config/site-facts.ts";
import { SITE_FILE_NAMES, type SiteFile } from "../../../src/config/site-files.ts";
import { prove } from "../../../src/proof/prove.ts";

export type SiteTexts = Record<SiteFile, string>;
export type ExampleName = "common-line" | "plain-coils" | "plc-tracked" | "three-buses";

export const exampleFolder = (name: ExampleName): string =>
  fileURLToPath(new URL(`../../../config/sites/${name}`, import.meta.url));

export const exampleTexts = (name: ExampleName): SiteTexts =>
  Object.fromEntries(
    SITE_FILE_NAMES.map((file) => [file, readFileSync(`${exampleFolder(name)}/${file}`, "utf8")]),
  ) as SiteTexts;

/** Replaces a passage that must be there; `where` tells the line and column of the replacement. */
export function edited(
  file: SiteFile,
  passage: string,
  replacement: string,
  name: ExampleName = "common-line",
): { texts: SiteTexts; line: number; columnOf: (part: string) => number } {
  const texts = exampleTexts(name);
  const at = texts[file].indexOf(passage);
  if (at < 0) throw new Error(`${file} of ${name} has no passage: ${passage}`);
  texts[file] = texts[file].slice(0, at) + replacement + texts[file].slice(at + passage.length);
  const line = texts[file].slice(0, at).split("\n").length;
  const lineText = texts[file].split("\n")[line - 1] ?? "";
  return { texts, line, columnOf: (part) => lineText.indexOf(part) + 1 };
}

export function loadedSite(texts: SiteTexts): Site {
  const loaded = loadSiteText("/site", texts);
  if (!loaded.ok) throw new Error(loaded.problems.map(problemText).join("\n"));
  return loaded.site;
}

export const problemsOf = (loaded: LoadedSite): Problem[] => (loaded.ok ? [] : loaded.problems);

/** What the loader finds and, where it finds nothing, what the proof finds. */
export function checked(texts: SiteTexts): Problem[] {
  const loaded = loadSiteText("/site", texts);
  if (!loaded.ok) return loaded.problems;
  return problemsOfProof(loaded.site, prove(siteFacts(loaded.site)).findings);
}
