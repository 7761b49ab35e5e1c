// One belt in four rows of characters: labels of the gates, the gates, the parcels with where they go, eyes and scanners.
import type { BeltLayout, LineLayout } from "../line/layout.ts";
import type { ItemView, LineSnapshot } from "../line/step.ts";
import type { Palette } from "./paint.ts";

/** What the characters say; they say it without colour too. */
export const legendParts: readonly string[] = [
  "▪ unread",
  "3 to gate 3",
  "□ to safe end",
  "▽ gate",
  "▼ out",
  "✕ disarmed",
  "║ scanner",
  "╵ eye",
  "→ leaves supervision",
];

interface Picture {
  items: readonly ItemView[];
  gates: LineSnapshot["gates"];
  belt: BeltLayout;
  site: LineLayout;
  labels: ReadonlyMap<string, string>;
  paint: Palette;
  columns: number;
}

const LABELS = "123456789abcdefghijklmnopqrstuvwxyz";

/** One character for each gate of the site, in the order of travel; more gates than characters share the last. */
export function gateLabels(site: LineLayout): Map<string, string> {
  const ids = site.belts.flatMap(({ gates }) => gates.map(({ id }) => id));
  return new Map(ids.map((id, index) => [id, LABELS[Math.min(index, LABELS.length - 1)] ?? "?"]));
}

/** Four rows, each `columns` wide or shorter. */
export const beltPicture = (o: Picture): string[] => [labelRow(o), gateRow(o), itemRow(o), sensorRow(o)];

function labelRow(o: Picture): string {
  const cells = blank(o.columns);
  for (const gate of o.belt.gates) cells[columnOf(gate.atUm, o)] = o.labels.get(gate.id) ?? "?";
  return o.paint.dim(cells.join("").trimEnd());
}

function gateRow(o: Picture): string {
  const cells = blank(o.columns);
  for (const { id, atUm } of o.belt.gates) {
    const now = o.gates.find((gate) => gate.id === id);
    const sign = now?.position === "out" ? o.paint.good("▼") : now?.armed === true ? "▽" : o.paint.bad("✕");
    cells[columnOf(atUm, o)] = sign;
  }
  return cells.join("").trimEnd();
}

function itemRow(o: Picture): string {
  const cells = blank(o.columns, o.paint.dim("─"));
  for (const item of o.items) {
    const front = columnOf(item.frontUm, o);
    const { sign, body } = signOf(item, o);
    const width = Math.max(1, Math.round(((item.lengthUm ?? o.belt.minItemUm) / o.belt.lengthUm) * o.columns));
    for (let cell = front - 1; cell > front - width && cell >= 0; cell--) cells[cell] = body;
    cells[front] = sign;
  }
  return cells.join("");
}

/** The front says where the parcel goes; what trails behind it is its length. */
function signOf(item: ItemView, { site, labels, paint }: Picture): { sign: string; body: string } {
  if (item.code === null && item.chuteId === null && item.state === "riding") return both(paint.dim("▪"));
  const chute = site.chutes.find(({ id }) => id === item.chuteId);
  const label = chute?.gateId == null ? undefined : labels.get(chute.gateId);
  if (label === undefined) return both("□");
  return chute?.zone.kind === "outbound"
    ? { sign: paint.good(label), body: paint.good("■") }
    : { sign: paint.warn(label), body: paint.warn("■") };
}

const both = (sign: string) => ({ sign, body: sign });

function sensorRow(o: Picture): string {
  const cells = blank(o.columns);
  for (const eye of o.belt.eyes) if (eye.role !== "chute") cells[columnOf(eye.atUm, o)] = "╵";
  for (const station of o.belt.stations) cells[columnOf(station.atUm, o)] = "║";
  return o.paint.dim(cells.join("").trimEnd());
}

const columnOf = (placeUm: number, { belt, columns }: Picture): number =>
  Math.max(0, Math.min(columns - 1, Math.round((placeUm / belt.lengthUm) * (columns - 1))));

const blank = (columns: number, cell = " "): string[] => Array.from({ length: columns }, () => cell);
