// Finds out which addresses a device lets itself be read at, and what stands there. Reads only.
import { type BusReply, type BusRequest, ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE } from "./request.ts";

export const TABLES = ["coils", "discreteInputs", "holdingRegisters", "inputRegisters"] as const;
export type Table = (typeof TABLES)[number];

const KINDS = {
  coils: "readCoils",
  discreteInputs: "readInputs",
  holdingRegisters: "readHolding",
  inputRegisters: "readRegisters",
} as const;

/** Registers or bits in one read at first; a refused read is halved. */
const AT_ONCE = { coils: 1000, discreteInputs: 1000, holdingRegisters: 100, inputRegisters: 100 } as const;

/** What was read, in a row; bits are 0 or 1. */
export interface Stretch {
  address: number;
  values: number[];
}

export type TableMap = { kind: "map"; stretches: Stretch[] } | { kind: "refused"; why: string };

type Ask = (request: BusRequest) => Promise<BusReply>;

/**
 * @param o.from first address, 0..65535
 * @param o.count addresses to look at
 * @throws what `ask` throws
 */
export async function probeTable(ask: Ask, table: Table, o: { from: number; count: number }): Promise<TableMap> {
  const stretches: Stretch[] = [];
  const end = Math.min(0x10000, o.from + o.count);
  for (let address = o.from; address < end; ) {
    const count = Math.min(AT_ONCE[table], end - address);
    const refused = await probe({ ask, table, stretches }, { address, count });
    if (refused !== null) return { kind: "refused", why: refused };
    address += count;
  }
  return { kind: "map", stretches };
}

/** null: this span is done; a text: the device does not have the table. */
async function probe(
  o: { ask: Ask; table: Table; stretches: Stretch[] },
  { address, count }: { address: number; count: number },
): Promise<string | null> {
  const reply = await o.ask({ kind: KINDS[o.table], address, count });
  if (reply.kind === "values") {
    append(o.stretches, { address, values: plainValues(o.table, reply.values, count) });
    return null;
  }
  const code = reply.kind === "exception" ? reply.code : 0;
  if (code === ILLEGAL_FUNCTION) return "function not supported";
  if ((code !== ILLEGAL_ADDRESS && code !== ILLEGAL_VALUE) || count === 1) return null;
  const half = Math.floor(count / 2);
  return (
    (await probe(o, { address, count: half })) ?? (await probe(o, { address: address + half, count: count - half }))
  );
}

function append(stretches: Stretch[], next: Stretch): void {
  const last = stretches.at(-1);
  if (last !== undefined && last.address + last.values.length === next.address) last.values.push(...next.values);
  else stretches.push(next);
}

function plainValues(table: Table, values: readonly number[], count: number): number[] {
  if (table === "holdingRegisters" || table === "inputRegisters") return [...values];
  return Array.from({ length: count }, (_, index) => ((values[index >> 4] ?? 0) >> (index & 15)) & 1);
}
