// `coline verify SITE`: decides whether a journal is as it was written, and names the first entry that is not.
import { parseArgs } from "node:util";
import { fileFolder } from "../../journal/file-disk.ts";
import { type Verdict, verifyJournal } from "../../journal/verify.ts";
import { onJournal } from "../journal-folder.ts";
import { runAsked } from "../run-asked.ts";

export const summary = "check a journal's chain: what was changed, removed or inserted";

const usage = `usage: coline verify SITE [--head SEQ:HASH] [--json]

  SITE             a site's folder, or a folder of segment files (an archive; compressed ones too)
  --head SEQ:HASH  a head that was sent off the machine: the chain must contain it.
                   Without one, a tail that was cut off cannot be noticed.
  --json           one JSON document instead of text

exit code: 0 intact, 1 damaged, 2 used wrongly
`;

interface Asked {
  site: string;
  head: { seq: number; hash: string } | null;
  json: boolean;
}

export const run = (args: string[]): Promise<number> =>
  runAsked(args, {
    ...{ name: "verify", usage, read },
    run: (asked) => onJournal(asked.site, { missing: 2, run: (folder) => verified(folder, asked) }),
  });

function verified(folder: string, asked: Asked): number {
  const verdict = verifyJournal(fileFolder(folder), asked.head);
  process.stdout.write(asked.json ? `${JSON.stringify(verdict, null, 2)}\n` : inWords(verdict, asked.head !== null));
  return verdict.isIntact ? 0 : 1;
}

function inWords(v: Verdict, hadHead: boolean): string {
  const { damage } = v;
  const checked = [
    `checked  ${v.lines} lines in ${v.segments} ${v.segments === 1 ? "segment" : "segments"}`,
    `head     ${v.head.seq}:${v.head.hash}`,
  ];
  if (damage !== null) {
    const place = damage.line === 0 ? damage.file : `${damage.file} line ${damage.line}`;
    const [upTo, head] = checked;
    return `DAMAGED: ${damage.kind}: ${place}, seq ${damage.seq}: ${damage.what}\n${upTo}, intact up to there\n${head}\n`;
  }
  const notes = [
    v.firstSegment > 1 ? `It begins at segment ${v.firstSegment}: older ones were archived, or removed.` : "",
    ...v.cuts.map((cut) => `Segment ${cut.segment}: a crash tore the line after seq ${cut.afterSeq}; a start cut it.`),
    v.tornBytes > 0 ? `${v.tornBytes} bytes of an incomplete line at the end: being written, or torn by a crash.` : "",
    hadHead ? "It contains the head that was given." : "Without --head, a tail that was cut off cannot be noticed.",
  ];
  return ["intact", ...checked, ...notes.filter((note) => note !== "").map((note) => `note     ${note}`)]
    .join("\n")
    .concat("\n");
}

function read(args: string[]): Asked {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { head: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const [site, ...rest] = positionals;
  if (site === undefined || rest.length > 0) throw new Error("give one SITE");
  return { site, head: values.head === undefined ? null : headOf(values.head), json: values.json };
}

function headOf(text: string): Asked["head"] {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new Error(`--head takes a number, ":" and 64 hexadecimal digits, not "${text}"`);
  return { seq: Number(seq), hash };
}
