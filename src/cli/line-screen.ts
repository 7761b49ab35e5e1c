// Draws the live state of a site as one terminal screen: belts with their parcels, chutes, alarms, latency.
import type { BeltLayout, LineLayout } from "../line/layout.ts";
import type { ItemView, LineSnapshot } from "../line/step.ts";
import type { LiveState } from "../process/live-message.ts";

export interface ScreenOptions {
  /** Columns of the terminal, 60 or more. */
  columns: number;
  colour: boolean;
  /** Said in the first line, such as the rate and the time left. */
  title: string;
  /** Said in the last line. */
  footer: string;
}

type Paint = (text: string) => string;

interface Palette {
  bold: Paint;
  dim: Paint;
  good: Paint;
  warn: Paint;
  bad: Paint;
}

/** Lines without their ends; none is wider than `columns`. Grey is normal, colour is for what needs a look (ISA-101). */
export function lineScreen(state: LiveState, layout: LineLayout, o: ScreenOptions): string[] {
  const paint = palette(o.colour);
  const { line } = state;
  return [
    paint.bold(clip(o.title, o.columns)),
    ...line.belts.flatMap((belt) => {
      const beltLayout = layout.belts.find((candidate) => candidate.id === belt.id);
      return beltLayout === undefined ? [] : beltLines(belt, beltLayout, { line, paint, columns: o.columns });
    }),
    "",
    ...chuteLines(line, o.columns, paint),
    "",
    ...latencyLines(state, paint),
    ...alarmLines(line, o.columns, paint),
    paint.dim(clip(o.footer, o.columns)),
  ];
}

function beltLines(
  belt: LineSnapshot["belts"][number],
  layout: BeltLayout,
  o: { line: LineSnapshot; paint: Palette; columns: number },
): string[] {
  const { paint, columns } = o;
  const lamp = (on: boolean, name: string) => (on ? paint.good(`● ${name}`) : paint.bad(`○ ${name}`));
  const speed = `${(belt.speedUmPerS / 1e6).toFixed(2)} m/s`;
  const head = `${belt.id}  ${speed}  ${lamp(belt.runPermit, "run")}  ${lamp(belt.infeedPermit, "infeed")}  ${belt.items.length} riding`;
  return ["", head, gateRow(layout, o), beltRow(belt.items, layout, o), eyeRow(layout, columns, paint)];
}

const columnOf = (placeUm: number, layout: BeltLayout, columns: number): number =>
  Math.max(0, Math.min(columns - 1, Math.round((placeUm / layout.lengthUm) * (columns - 1))));

function gateRow(layout: BeltLayout, o: { line: LineSnapshot; paint: Palette; columns: number }): string {
  const cells = blank(o.columns);
  for (const gate of layout.gates) {
    const now = o.line.gates.find((candidate) => candidate.id === gate.id);
    const sign = now?.position === "out" ? o.paint.good("▼") : now?.armed === true ? "▽" : o.paint.bad("✕");
    cells[columnOf(gate.atUm, layout, o.columns)] = sign;
  }
  return cells.join("");
}

function beltRow(items: readonly ItemView[], layout: BeltLayout, o: { paint: Palette; columns: number }): string {
  const cells = blank(o.columns, o.paint.dim("─"));
  for (const item of items) {
    const at = columnOf(item.frontUm, layout, o.columns);
    const sign = itemSign(item, o.paint);
    const width = Math.max(1, Math.round(((item.lengthUm ?? layout.minItemUm) / layout.lengthUm) * o.columns));
    for (let cell = at; cell > at - width && cell >= 0; cell--) cells[cell] = sign;
  }
  return cells.join("");
}

function itemSign(item: ItemView, paint: Palette): string {
  if (item.code === null) return paint.dim("▪");
  if (item.disposition === "released") return paint.good("■");
  return item.disposition === "hold" || item.disposition === "inspect" ? paint.warn("■") : "■";
}

function eyeRow(layout: BeltLayout, columns: number, paint: Palette): string {
  const cells = blank(columns);
  for (const eye of layout.eyes) if (eye.role !== "chute") cells[columnOf(eye.atUm, layout, columns)] = "╵";
  for (const station of layout.stations) cells[columnOf(station.atUm, layout, columns)] = "║";
  return paint.dim(cells.join(""));
}

function chuteLines(line: LineSnapshot, columns: number, paint: Palette): string[] {
  const width = Math.max(...line.chutes.map((chute) => chute.id.length), 8);
  const cells = line.chutes.map((chute) => {
    const troubles = [chute.locked && "locked", chute.full && "full", !chute.enabled && "disabled"].filter(Boolean);
    const note = troubles.length === 0 ? "" : ` ${troubles.join(" ")}`;
    const text = `${chute.id.padEnd(width)} ${String(chute.arrived).padStart(6)}${note}`.padEnd(width + 16);
    return troubles.length > 0 ? paint.bad(text) : chute.zone === "outbound" ? text : paint.dim(text);
  });
  const perRow = Math.max(1, Math.floor(columns / (width + 18)));
  const rows: string[] = [];
  for (let at = 0; at < cells.length; at += perRow) rows.push(`  ${cells.slice(at, at + perRow).join("  ")}`);
  return rows;
}

function latencyLines(state: LiveState, paint: Palette): string[] {
  const names: Record<string, string> = {
    reaction: "telegram to command",
    fireError: "planned to command",
    durable: "entry to disk",
    core: "one step of the core",
  };
  const rows = state.metrics.stages.flatMap(({ stage, sinceReset: f }) => {
    const name = names[stage];
    if (name === undefined || f.count === 0) return [];
    return [`  ${name.padEnd(22)}${ms(f.p50Ns)}${ms(f.p99Ns)}${ms(f.p999Ns)}${ms(f.maxNs)}`];
  });
  const real = state.metrics.scheduling.realTime ? "SCHED_FIFO" : paint.warn("no real-time priority");
  return [paint.dim(`  ${"ms".padEnd(22)}     p50     p99   p99.9     max   ${real}`), ...rows];
}

const ms = (ns: number): string => (ns / 1e6).toFixed(2).padStart(8);

function alarmLines(line: LineSnapshot, columns: number, paint: Palette): string[] {
  const shown = line.alarms.slice(0, 5).map((alarm) => paint.bad(clip(`  ! ${alarm.text}`, columns)));
  return shown.length === 0 ? [""] : ["", ...shown];
}

const blank = (columns: number, cell = " "): string[] => Array.from({ length: columns }, () => cell);

const clip = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;

function palette(colour: boolean): Palette {
  const code =
    (sgr: string): Paint =>
    (text) =>
      colour ? `\u001b[${sgr}m${text}\u001b[0m` : text;
  return { bold: code("1"), dim: code("2"), good: code("32"), warn: code("33"), bad: code("31") };
}
