// How spending moves from the journal into the store: the pieces, and how far the journal was read, in one plan.
import { encodeDeclarations, encodeLedger, encodeMark, type Stored } from "./encoding.ts";
import { type Ledger, spend } from "./ledger.ts";
import { type Plan, type Put, readable } from "./plan.ts";
import { markKeys, readDeclarations, readLedger, readMark, type Tables, waybillKey } from "./tables.ts";

export interface Carry {
  /** The journal that `upToEntry` is numbered in; null: the same as before, its beginning is not in this carry. */
  journalId: string | null;
  /** The last line entry, and the last journal sequence, whose spending is in `deltas` or was carried before. */
  upToEntry: number;
  upToSeq: number;
  /** By `releaseKey`: pieces spent (+) and given back (-) since the carry before. */
  deltas: Readonly<Record<string, number>>;
  /** The gateway's own place in the journal, kept for it as it is: at most 10 texts of at most 255 ASCII characters. */
  cursor: readonly string[];
}

export type Carried = Omit<Carry, "deltas">;

/** @throws TypeError for a key that is no release key; DamagedValue when the cursor cannot be read */
export function planCarry(
  tables: Tables,
  carry: Carry,
  version: number,
): Plan<{ carried: boolean; overdrawn: readonly string[] }> {
  const last = readCarried(tables);
  if (last !== null && carry.upToSeq <= last.upToSeq) return { puts: [], result: { carried: false, overdrawn: [] } };
  const overdrawn: string[] = [];
  const ledgers = new Map<string, Ledger>();
  for (const [release, delta] of Object.entries(carry.deltas)) {
    const { key, validFromMs } = parseReleaseKey(release);
    const known = ledgers.get(key) ?? storedLedger(tables, key)?.value ?? "saturated";
    const spent = spend(known, { validFromMs, validToMs: windowEnd(tables, key, validFromMs), delta });
    ledgers.set(key, spent.ledger);
    if (spent.overdrawn > 0) overdrawn.push(release);
  }
  const numbers = [carry.upToEntry, carry.upToSeq];
  const journalId = carry.journalId ?? last?.journalId ?? null;
  const texts = journalId === null ? [] : [journalId];
  const { carried, cursor } = markKeys;
  return {
    puts: [
      ...[...ledgers].flatMap(([key, ledger]) => putsOf(tables, { key, ledger, version })),
      { table: "marks", key: carried, value: encodeMark(carried, { version, numbers, texts }) },
      { table: "marks", key: cursor, value: encodeMark(cursor, { version, numbers: [], texts: [...carry.cursor] }) },
    ],
    result: { carried: true, overdrawn },
  };
}

/** @throws DamagedValue */
export function readCarried(tables: Tables): Carried | null {
  const mark = readCarriedMark(tables);
  return mark === null ? null : { ...mark, cursor: readMark(tables, markKeys.cursor)?.texts ?? [] };
}

/** What a look-up tells of it, without the gateway's own cursor. @throws DamagedValue */
export function readCarriedMark(tables: Tables): Omit<Carried, "cursor"> | null {
  const mark = readMark(tables, markKeys.carried);
  const [upToEntry, upToSeq] = mark?.numbers ?? [];
  if (upToEntry === undefined || upToSeq === undefined) return null;
  return { journalId: mark?.texts[0] ?? null, upToEntry, upToSeq };
}

/** Null when it cannot be read; it is then written as saturated, all spent, since the journal must be carried on. */
const storedLedger = (tables: Tables, key: string): Stored<Ledger> | null => readable(() => readLedger(tables, key));

/** The declarations name the ledger's version; what did not match before must not match afterwards. */
function putsOf(tables: Tables, o: { key: string; ledger: Ledger; version: number }): Put[] {
  const { key, version } = o;
  const puts: Put[] = [{ table: "ledger", key, value: encodeLedger(key, { version, value: o.ledger }) }];
  const declared = readable(() => readDeclarations(tables, key));
  if (declared === null || declared.version === 0) return puts;
  if (declared.ledgerVersion !== storedLedger(tables, key)?.version) return puts;
  const entry = { ...declared, version, ledgerVersion: version };
  return [...puts, { table: "declarations", key, value: encodeDeclarations(key, entry) }];
}

function parseReleaseKey(release: string): { key: string; validFromMs: number } {
  const [company, waybill, from, ...more] = release.split("/");
  const validFromMs = Number(from);
  if (company && waybill && from && more.length === 0 && Number.isSafeInteger(validFromMs) && validFromMs >= 0) {
    return { key: waybillKey(company, waybill), validFromMs };
  }
  throw new TypeError(`"${release}" is no release key (company/waybill/validFromMs)`);
}

function windowEnd(tables: Tables, key: string, validFromMs: number): number | null {
  const declared = readable(() => readDeclarations(tables, key))?.value;
  if (declared === undefined || declared === "saturated") return null;
  const ends = declared.filter((d) => d.validFromMs === validFromMs).map((d) => d.validToMs);
  return ends.length === 0 ? null : Math.max(...ends);
}
