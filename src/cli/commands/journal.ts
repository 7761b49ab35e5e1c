// `coline journal SITE`: tells from the journal what happened to a parcel, or on the line, in plain words.
import { parseArgs } from "node:util";
import { fileFolder } from "../../journal/file-disk.ts";
import { storiesOf } from "../../journal/past.ts";
import type { StoryLine } from "../../journal/story.ts";
import { onJournal } from "../journal-folder.ts";
import { runAsked } from "../run-asked.ts";

export const summary = "tell from the journal what happened to a parcel, or on the line";

const usage = `usage: coline journal SITE [--parcel CODE] [--since TIME] [--json]

  SITE           a site's folder, or a folder of segment files (an archive)
  --parcel CODE  only what concerns the parcels with this waybill
  --since TIME   2026-11-24, 2026-11-24T08:00:00+08:00, or an age: 90s, 10m, 8h, 3d
                 (without --parcel: 10m unless told otherwise)
  --json         one JSON object a line: at, seq, run, words and the entry itself

exit code: 0 told, 1 nothing found or not readable, 2 used wrongly
`;

interface Asked {
  site: string;
  parcel: string | null;
  sinceMs: number | null;
  json: boolean;
}

export const run = (args: string[]): Promise<number> =>
  runAsked(args, {
    ...{ name: "journal", usage },
    read: () => read(args, Date.now()),
    run: (asked) => onJournal(asked.site, { missing: 1, run: (folder) => tell(folder, asked) }),
  });

function tell(folder: string, asked: Asked): number {
  let told = 0;
  let unreadable = 0;
  const counted = (): void => {
    unreadable += 1;
  };
  for (const line of storiesOf(fileFolder(folder), { ...asked, unreadable: counted })) {
    told += 1;
    process.stdout.write(asked.json ? `${JSON.stringify(line)}\n` : inWords(line));
  }
  if (unreadable > 0) say(`${unreadable} lines could not be read: coline verify ${folder}`);
  if (told === 0) say(nothingFound(asked));
  return told > 0 && unreadable === 0 ? 0 : 1;
}

function nothingFound(asked: Asked): string {
  const since = asked.sinceMs === null ? "" : ` since ${new Date(asked.sinceMs).toISOString()}`;
  return asked.parcel === null ? `nothing happened${since}` : `no parcel with the code ${asked.parcel}${since}`;
}

const say = (text: string): void => void process.stderr.write(`coline: ${text}\n`);

const TIME_WIDTH = "2026-11-24T08:00:00.000+08:00".length;

/** What follows the first clause stands under it, a line each. */
const inWords = (line: StoryLine): string =>
  `${(line.at ?? "time unknown").padEnd(TIME_WIDTH)}  ${line.words.replaceAll("; ", `\n${" ".repeat(TIME_WIDTH + 4)}`)}\n`;

function read(args: string[], nowMs: number): Asked {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { parcel: text, since: text, json: { type: "boolean", default: false } },
  });
  const [site, ...rest] = positionals;
  const { parcel = null, json } = values;
  if (site === undefined || rest.length > 0) throw new Error("give one SITE");
  if (parcel?.trim() === "") throw new Error("--parcel takes a code");
  const since = values.since ?? (parcel === null ? "10m" : null);
  return { site, parcel, sinceMs: since === null ? null : timeOf(since, nowMs), json };
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @throws Error for what is no time */
function timeOf(text: string, nowMs: number): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return nowMs - Number(count) * (UNIT_MS[unit] ?? Number.NaN);
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) throw new Error(`--since takes a date, a time or an age like 10m, not "${text}"`);
  return atMs;
}
