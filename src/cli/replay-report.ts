// Says in plain words what a replay found, and what another chute map would have changed.
import { reasonText } from "../faults/table.ts";
import { storyWords } from "../journal/story-words.ts";
import type { Refusal } from "../line/entry.ts";
import type { Difference } from "../replay/difference.ts";
import type { Replayed } from "../replay/replay.ts";
import type { DifferentParcel, Sent, WhatIf } from "../replay/what-if.ts";
import { textTable } from "./text-table.ts";

export function replayReport(r: Replayed): string {
  const { difference, checkpoints } = r;
  const verdict =
    difference !== null
      ? `DIFFERENT: run ${difference.run}, ${difference.file} seq ${difference.seq}`
      : r.entries === 0
        ? "NOTHING COMPARED"
        : "identical";
  const lines = [
    verdict,
    `compared ${many(r.entries, "entry", "entries")}, ${many(r.decisions, "decision")} among them`,
    `played   ${many(r.runs, "run")}, ${many(r.inputs, "input")}, ${many(r.looks, "look-up")}`,
    ...(difference === null ? [] : differenceLines(difference)),
    ...notes(r).map((note) => `note     ${note}`),
  ];
  if (checkpoints.first !== null) {
    const { different, compared } = checkpoints;
    lines.push(
      `note     ${different} of ${many(compared, "checkpoint")} would be written otherwise today, the first at ${checkpoints.first}:`,
      "         the state has another form than then, or is another; no entry shows it",
    );
  } else if (checkpoints.compared > 0) lines.push(`state    ${many(checkpoints.compared, "checkpoint")} the same`);
  return `${lines.join("\n")}\n`;
}

function notes(r: Replayed): string[] {
  return [
    ...[...new Set(r.passedOver.map(({ why }) => why))].map((reason) => {
      const runs = r.passedOver.filter(({ why }) => why === reason).map(({ run }) => run);
      return `run ${runs.join(", ")} was passed over: ${reason}.`;
    }),
    ...(r.cut > 0 ? [`${many(r.cut, "entry", "entries")} at the end of a run are not there: cut by a crash.`] : []),
    ...(r.difference !== null ? ["What comes after the difference was not compared: it would follow from it."] : []),
  ];
}

function differenceLines({ what, path, journal, core, input }: Difference): string[] {
  return [
    `what     ${what}${path === "" ? "" : `, first at ${path}`}`,
    `journal  ${journal === null ? "(nothing)" : storyWords(journal)}`,
    ...(journal === null ? [] : [`         ${JSON.stringify(journal)}`]),
    `core     ${core === null ? "(nothing)" : storyWords(core)}`,
    ...(core === null ? [] : [`         ${JSON.stringify(core)}`]),
    `input    ${input === null ? "(none yet)" : shortened(JSON.stringify({ atNs: input.atNs, ...input.input }))}`,
  ];
}

/** A run's input holds the whole layout. */
const shortened = (text: string): string => (text.length <= 2000 ? text : `${text.slice(0, 2000)}…`);

const SHOWN = 20;

export function whatIfReport(w: WhatIf): string {
  const rows = [...w.chutes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, c]) => [
      id,
      String(c.before),
      String(c.after),
      signed(c.after - c.before),
      String(c.overflow),
      String(c.ended),
    ]);
  const columns = [
    { title: "chute" },
    ...["sent before", "sent after", "change", "found it full", "ended there"].map((title) => ({
      title,
      align: "right" as const,
    })),
  ];
  return `${[
    "",
    `Of ${many(w.parcels, "parcel")} on which something was decided, ${w.different.length} would have been sent elsewhere.`,
    "",
    ...textTable(columns, rows),
    ...(w.different.length === 0 ? [] : ["", ...w.different.slice(0, SHOWN).flatMap(parcelLines)]),
    ...(w.different.length > SHOWN ? [`… and ${w.different.length - SHOWN} more (--json names all)`] : []),
    "",
    ...honestWords(w),
  ].join("\n")}\n`;
}

const parcelLines = ({ run, itemId, waybill, disposition, before, after, ended }: DifferentParcel): string[] => [
  `run ${run} item ${itemId} ${waybill ?? "(no code)"}, ${disposition}: ${before.chuteId} → ${after.chuteId}`,
  `  before: ${sentWords(before)}; it ended ${ended === null ? "after the journal" : `in ${ended.chuteId ?? "no known place"} (${ended.end})`}`,
  `  after:  ${sentWords(after)}`,
];

const sentWords = ({ ruleId, refusals }: Sent): string =>
  `${ruleId === null ? "no rule" : `rule ${ruleId}`}${refusals.map(refusalWords).join("")}`;

const refusalWords = ({ chuteId, code }: Refusal): string => `, not ${chuteId}: ${reasonText(code)}`;

function honestWords(w: WhatIf): string[] {
  const lines = [
    "What this cannot know:",
    "- a parcel that is sent elsewhere is taken to arrive there; jams, missed gates and slides are not foreseen;",
    "- gates, gaps and belts are as they were: a gate that the new map uses more, or at other moments, delays nobody here;",
    "- customs' word is what was recorded for each parcel; pieces that the new map spends or saves change no other parcel;",
    "- a parcel is asked again when the journal holds a decision on it, not when only the new map would decide anew;",
    "- locks, switches and full-sensors are as they were; counted chutes fill as the new map fills them.",
  ];
  if (w.unknownFullness.length > 0)
    lines.push(`- nobody read whether these were full, they count as not full: ${w.unknownFullness.join(", ")};`);
  if (w.otherPlants.length > 0)
    lines.push(
      `- left out: run ${w.otherPlants.join(", ")}, which ran on another plant (belts, eyes, gates) than this site's.`,
    );
  if (w.unasked > 0)
    lines.push(`- ${many(w.unasked, "decision")} left out: the parcel was gone in the turn of its decision.`);
  return lines;
}

export const whatIfJson = (w: WhatIf): unknown => ({ ...w, chutes: Object.fromEntries(w.chutes) });

const many = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
const signed = (value: number): string => (value > 0 ? `+${value}` : String(value));
