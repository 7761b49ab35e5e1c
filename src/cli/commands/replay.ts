// `coline replay SITE JOURNAL`: decides every parcel of a journal again, and says where today's core, or another map, parts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadSiteText, type Site } from "../../config/load.ts";
import { problemsOfProof, siteFacts } from "../../config/site-facts.ts";
import { SITE_FILE_NAMES, type SiteFile } from "../../config/site-files.ts";
import { fileFolder } from "../../journal/file-disk.ts";
import { isProved, prove } from "../../proof/prove.ts";
import { replayJournal } from "../../replay/replay.ts";
import { whatIf } from "../../replay/what-if.ts";
import { problemReport } from "../check-report.ts";
import { onJournal } from "../journal-folder.ts";
import { replayReport, whatIfJson, whatIfReport } from "../replay-report.ts";
import { runAsked, wholeNumber } from "../run-asked.ts";

export const summary = "decide every parcel of a journal again, with today's core or with another chute map";

const usage = `usage: coline replay SITE [JOURNAL] [--from RUN] [--chutes NEW.yaml] [--json]

  SITE               the site's folder
  JOURNAL            a folder of segment files (an archive, a copy); left out: the site's own
  --from RUN         begin with this run; the ones before are not compared
  --chutes NEW.yaml  what the new chute map would have done with the same parcels
  --json             one JSON document instead of text

exit code: 0 every entry is the same (with --chutes: told), 1 one is not, or nothing could be compared, 2 used wrongly
`;

interface Asked {
  site: string;
  journal: string;
  fromRun: number | null;
  chutes: string | null;
  json: boolean;
}

export const run = (args: string[]): Promise<number> =>
  runAsked(args, {
    ...{ name: "replay", usage, read },
    run: (asked) =>
      onJournal(asked.journal, {
        missing: 2,
        run: (folder) => (asked.chutes === null ? again(folder, asked) : otherwise(folder, asked, asked.chutes)),
      }),
  });

function again(folder: string, asked: Asked): number {
  const replayed = replayJournal({ folder: fileFolder(folder), fromRun: asked.fromRun });
  process.stdout.write(asked.json ? asJson(replayed) : replayReport(replayed));
  return replayed.difference === null && replayed.entries > 0 ? 0 : 1;
}

function otherwise(folder: string, asked: Asked, chutesFile: string): number {
  const made = siteWith(asked.site, chutesFile);
  if ("report" in made) {
    process.stdout.write(made.report);
    return 1;
  }
  const follower = whatIf(made.site.layout);
  const replayed = replayJournal({
    folder: fileFolder(folder),
    fromRun: asked.fromRun,
    onStep: (step) => follower.step(step),
  });
  const told = follower.result();
  // From a difference on the state is another than it was: nothing is said of what the map would have done in it.
  const isSame = replayed.difference === null;
  if (asked.json) process.stdout.write(asJson({ replayed, whatIf: isSame ? whatIfJson(told) : null }));
  else process.stdout.write(replayReport(replayed) + (isSame ? whatIfReport(told) : ""));
  return isSame && told.parcels > 0 ? 0 : 1;
}

/** The site with the other map in the place of its chutes.yaml, proved like any map before it may be used. */
function siteWith(folder: string, chutesFile: string): { site: Site } | { report: string } {
  const texts = Object.fromEntries(
    SITE_FILE_NAMES.map((file) => [
      file,
      readFileSync(file === "chutes.yaml" ? chutesFile : join(folder, file), "utf8"),
    ]),
  ) as Record<SiteFile, string>;
  const loaded = loadSiteText(folder, texts);
  const named = `chutes.yaml is ${chutesFile}\n`;
  if (!loaded.ok) return { report: named + problemReport(folder, loaded.problems) };
  const proof = prove(siteFacts(loaded.site));
  if (isProved(proof)) return { site: loaded.site };
  return { report: named + problemReport(folder, problemsOfProof(loaded.site, proof.findings)) };
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function read(args: string[]): Asked {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { from: text, chutes: text, json: { type: "boolean", default: false } },
  });
  const [site, journal = site, ...rest] = positionals;
  if (site === undefined || journal === undefined || rest.length > 0)
    throw new Error("give a SITE and a JOURNAL at most");
  const { from, chutes = null, json } = values;
  return { site, journal, fromRun: from === undefined ? null : wholeNumber("--from", from), chutes, json };
}
