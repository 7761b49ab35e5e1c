// How a device's map is shown: what can be read, what stands there, and what has changed since the last look.
import type { Table, TableMap } from "../../drivers/buses/map-probe.ts";

const isBits = (table: Table): boolean => table === "coils" || table === "discreteInputs";

const hex = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;

export function mapReport(found: ReadonlyMap<Table, TableMap>): string {
  const lines = [...found].flatMap(([table, map]) => {
    if (map.kind === "refused") return [`${table}: ${map.why}`, ""];
    if (map.stretches.length === 0) return [`${table}: nothing can be read`, ""];
    const ranges = map.stretches.map(({ address, values }) => `${address}..${address + values.length - 1}`);
    const shown = map.stretches.flatMap(({ address, values }) =>
      values.flatMap((value, index) => (value === 0 ? [] : [`  ${valueText(table, address + index, value)}`])),
    );
    return [`${table}: ${ranges.join(", ")} can be read${shown.length === 0 ? ", all of it 0" : ""}`, ...shown, ""];
  });
  return `${lines.join("\n")}`;
}

const valueText = (table: Table, address: number, value: number): string =>
  isBits(table) ? `${String(address).padStart(5)}  on` : `${String(address).padStart(5)}  ${hex(value)}  ${value}`;

/** One line for each address that reads differently; empty: none does. */
export function changesOf(before: ReadonlyMap<Table, TableMap>, now: ReadonlyMap<Table, TableMap>, at: Date): string {
  const lines: string[] = [];
  for (const [table, map] of now) {
    const old = valuesOf(before.get(table));
    for (const [address, value] of valuesOf(map)) {
      const was = old.get(address);
      if (was === value) continue;
      const text = (of: number | undefined): string =>
        of === undefined ? "not there" : isBits(table) ? (of === 1 ? "on" : "off") : `${hex(of)} ${of}`;
      lines.push(`${at.toISOString()}  ${table} ${address}: ${text(was)} -> ${text(value)}\n`);
    }
  }
  return lines.join("");
}

function valuesOf(map: TableMap | undefined): Map<number, number> {
  const values = new Map<number, number>();
  if (map?.kind !== "map") return values;
  for (const stretch of map.stretches)
    for (const [index, value] of stretch.values.entries()) values.set(stretch.address + index, value);
  return values;
}
