// Draws the live state of a site as one terminal screen: belts with their parcels, chutes, alarms, latency.
import { reasonText } from "../faults/table.ts";
import type { BeltLayout, LineLayout } from "../line/layout.ts";
import type { LineSnapshot } from "../line/step.ts";
import type { LiveState } from "../process/live-message.ts";
import { beltPicture, gateLabels, legendParts } from "./belt-picture.ts";
import { clip, type Paint, type Palette, palette } from "./paint.ts";

export interface ScreenOptions {
  /** Columns of the terminal, 60 or more. */
  columns: number;
  /** Rows of the terminal; alarms give way first. */
  rows: number;
  colour: boolean;
  /** Said in the first line, such as the rate. */
  title: string;
  /** Said in the last line. */
  footer: string;
}

interface Canvas {
  state: LiveState;
  layout: LineLayout;
  /** By gate id: the one character that names it in the picture, and its parcels. */
  labels: ReadonlyMap<string, string>;
  paint: Palette;
  columns: number;
}

const MOST_ALARMS = 5;
const FEWEST_ALARMS = 2;

/** Lines without their ends; none is wider than `columns`. Grey is normal, colour is for what needs a look (ISA-101). */
export function lineScreen(state: LiveState, layout: LineLayout, o: ScreenOptions): string[] {
  const canvas: Canvas = {
    state,
    layout,
    labels: gateLabels(layout),
    paint: palette(o.colour),
    columns: o.columns,
  };
  const above = [
    canvas.paint.bold(clip(o.title, o.columns)),
    ...state.line.belts.flatMap((belt) => beltLines(belt, canvas)),
    ...legendLines(canvas),
    "",
    ...chuteLines(canvas),
    "",
    ...latencyLines(canvas),
  ];
  const below = canvas.paint.dim(clip(o.footer, o.columns));
  const room = o.rows - above.length - 3;
  const alarms = alarmLines(canvas, Math.max(FEWEST_ALARMS, Math.min(MOST_ALARMS, room)));
  return [...above, "", ...alarms, below];
}

function beltLines(belt: LineSnapshot["belts"][number], canvas: Canvas): string[] {
  const layout = canvas.layout.belts.find((candidate) => candidate.id === belt.id);
  if (layout === undefined) return [];
  return ["", headOf(belt, canvas), ...modeLine(belt, canvas), ...picture(belt, layout, canvas)];
}

/** Only what is not the ordinary day takes a line. */
const modeLine = ({ mode, modeWhy }: LineSnapshot["belts"][number], { paint, columns }: Canvas): string[] =>
  mode === "running" ? [] : [paint.warn(clip(`${mode}: ${reasonText(modeWhy)}`, columns))];

function headOf(belt: LineSnapshot["belts"][number], { paint, columns }: Canvas): string {
  const lamp = (on: boolean, name: string) => (on ? paint.good(`● ${name}`) : paint.bad(`○ no ${name}`));
  const speed = `${(belt.speedUmPerS / 1e6).toFixed(2)} m/s`;
  // Id, speed and the lamps take at most 50 columns beside the id.
  const id = clip(belt.id, columns - 50);
  return `${id}  ${speed}  ${lamp(belt.runPermit, "run permit")}  ${lamp(belt.infeedPermit, "infeed")}  ${belt.items.length} riding`;
}

const picture = (belt: LineSnapshot["belts"][number], layout: BeltLayout, canvas: Canvas): string[] =>
  beltPicture({
    items: belt.items,
    gates: canvas.state.line.gates,
    belt: layout,
    site: canvas.layout,
    labels: canvas.labels,
    paint: canvas.paint,
    columns: canvas.columns,
  });

/** As many parts a line as fit. */
function legendLines({ paint, columns }: Canvas): string[] {
  const lines: string[] = [];
  for (const part of legendParts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + part.length <= columns) lines[lines.length - 1] = `${last}  ${part}`;
    else lines.push(clip(part, columns));
  }
  return lines.map((line) => paint.dim(line));
}

/** Newspaper columns: gate, arrow where a parcel leaves supervision, name, count, and what is wrong with the chute. */
function chuteLines(canvas: Canvas): string[] {
  const { layout, labels, state, columns, paint } = canvas;
  const nameWidth = Math.min(columns - 17, Math.max(...layout.chutes.map(({ id }) => id.length), 5));
  const cells = state.line.chutes.map((chute): { text: string; paint: Paint } => {
    const gateId = layout.chutes.find(({ id }) => id === chute.id)?.gateId ?? null;
    const label = gateId === null ? "□" : (labels.get(gateId) ?? "?");
    const isOut = chute.zone === "outbound";
    const isJammed = chute.blocked === true || chute.jammed === true;
    const trouble = chute.locked ? "locked" : !chute.enabled ? "off" : chute.full ? "full" : isJammed ? "jammed" : "";
    const name = clip(chute.id, nameWidth).padEnd(nameWidth);
    return {
      text: `${label} ${isOut ? "→" : " "} ${name} ${String(chute.arrived).padStart(5)} ${trouble.padEnd(6)}`,
      paint: trouble !== "" ? paint.bad : isOut ? (text) => text : paint.dim,
    };
  });
  const perRow = Math.max(1, Math.floor((columns + 1) / (nameWidth + 18)));
  const rows = Math.ceil(cells.length / perRow);
  return Array.from({ length: rows }, (_, row) =>
    cells
      .filter((_, index) => index % rows === row)
      .map(({ text, paint: colour }, place, { length }) => colour(place === length - 1 ? text.trimEnd() : text))
      .join(" "),
  );
}

const stageNames: Readonly<Record<string, string>> = {
  reaction: "telegram to command",
  fireError: "planned to command",
  durable: "entry to disk",
};

function latencyLines({ state, paint, columns }: Canvas): string[] {
  const rows = state.metrics.stages.flatMap(({ stage, sinceReset: f }) => {
    const name = stageNames[stage];
    if (name === undefined || f.count === 0) return [];
    return [clip(`${name.padEnd(22)}${[f.p50Ns, f.p99Ns, f.p999Ns, f.maxNs].map(ms).join("")}`, columns)];
  });
  const { realTime } = state.metrics.scheduling;
  const head = `${"ms".padEnd(22)}     p50     p99   p99.9     max`;
  // Two lines where one would be too wide.
  const between = head.length + 25 <= columns ? "   " : "\n";
  const priority = realTime ? paint.dim("real-time priority") : paint.warn("no real-time priority");
  return [...`${paint.dim(head)}${between}${priority}`.split("\n"), ...rows];
}

const ms = (ns: number): string => (ns / 1e6).toFixed(2).padStart(8);

/** The newest first. */
function alarmLines({ state, paint, columns }: Canvas, most: number): string[] {
  const alarms = state.line.alarms.filter(({ shelved }) => (shelved ?? null) === null);
  const aside = state.line.alarms.length - alarms.length;
  const asideLine = aside === 0 ? [] : [paint.dim(`${aside} put aside`)];
  if (alarms.length === 0) return aside === 0 ? [paint.dim("no alarms")] : asideLine;
  // An alarm may be older than the run: only the wall clock tells its age.
  const newest = alarms
    .map((alarm) => ({ ...alarm, ageNs: (Date.parse(state.at) - Date.parse(alarm.epochAt)) * 1e6 - alarm.sinceNs }))
    .sort((a, b) => a.ageNs - b.ageNs);
  const room = most - asideLine.length;
  const shown = newest.length > room ? newest.slice(0, room - 1) : newest;
  const more = newest.length - shown.length;
  return [
    ...shown.map(({ text, ageNs, phase, count }) => {
      const times = count > 1 ? ` (${count} times)` : "";
      const marked = { unacknowledged: paint.bad, acknowledged: paint.warn, returned: paint.dim }[phase];
      return marked(clip(`! ${age(ageNs)}  ${text}${times}`, columns));
    }),
    ...(more > 0 ? [paint.bad(`! and ${more} more`)] : []),
    ...asideLine,
  ];
}

function age(ns: number): string {
  const seconds = Math.max(0, Math.floor(ns / 1e9));
  return (seconds < 600 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`).padStart(6);
}
