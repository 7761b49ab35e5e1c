// What a transaction will write, worked out from what is stored now and before anything is written.
import { type AdmissionRefusal, refusal } from "./admission.ts";
import { encodeDeclarations, encodeHolds, encodeLedger, encodeMark } from "./encoding.ts";
import type { ReleaseEvent } from "./event.ts";
import { type Ledger, spend } from "./ledger.ts";
import { markKeys, readDeclarations, readHolds, readLedger, readMark, type Tables, waybillKey } from "./tables.ts";
import { DamagedValue } from "./value-bytes.ts";
import { applyDeclaration, applyHold, type Declarations, type HoldMarks } from "./waybill.ts";

/** One write; `value` null removes the key. */
export interface Put {
  table: Exclude<keyof Tables, "root">;
  key: string;
  value: Buffer | null;
}

export interface Plan<T> {
  puts: readonly Put[];
  result: T;
}

/** When, on the monotonic clock of which boot, the feed gave its last sign of life. */
export interface Heartbeat {
  bootId: string;
  monotonicNs: number;
}

export type EventResult =
  | { result: "applied" | "unchanged" }
  | { result: "refused"; code: AdmissionRefusal["code"] | "RELEASE_VALUE_DAMAGED"; message: string };

export interface Applied {
  applied: number;
  unchanged: number;
  refused: number;
  /** One for each event, in order. */
  results: readonly EventResult[];
  /** Each waybill that changed, once: what the controller is told to look at again. */
  changed: readonly { company: string; waybill: string }[];
}

export interface Carry {
  /** The last line entry, and the last journal sequence, whose spending is in `deltas` or was carried before. */
  upToEntry: number;
  upToSeq: number;
  /** By `releaseKey`: pieces spent (+) and given back (-) since the carry before. */
  deltas: Readonly<Record<string, number>>;
  /** The gateway's own place in the journal, kept for it as it is: at most 10 texts of at most 255 ASCII characters. */
  cursor: readonly string[];
}

export type Carried = Omit<Carry, "deltas">;

export function planEvents(
  tables: Tables,
  events: readonly ReleaseEvent[],
  o: { version: number; nowMs: number },
): Plan<Applied> {
  const declarations = new Map<string, Declarations>();
  const holds = new Map<string, HoldMarks>();
  const changed = new Map<string, { company: string; waybill: string }>();

  /** True when the event says something new. */
  function apply(event: ReleaseEvent, key: string): boolean {
    if (event.kind === "release") {
      const known = declarations.get(key) ?? readDeclarations(tables, key).value;
      const next = applyDeclaration(known, event);
      if (next !== known) declarations.set(key, next);
      return next !== known;
    }
    const known = holds.get(key) ?? readHolds(tables, key).value;
    const next = applyHold(known, event);
    if (next !== known) holds.set(key, next);
    return next !== known;
  }

  function settle(event: ReleaseEvent): EventResult {
    const refused = refusal(event, o.nowMs);
    if (refused !== null) return { result: "refused", ...refused };
    const key = waybillKey(event.company, event.waybill);
    try {
      if (!apply(event, key)) return { result: "unchanged" };
    } catch (error) {
      if (!(error instanceof DamagedValue)) throw error;
      // The look-up of this waybill is an error until the store is rebuilt; the others must not wait for that.
      const message = `what is stored of ${key} cannot be read (${error.message}): rebuild the store`;
      return { result: "refused", code: "RELEASE_VALUE_DAMAGED", message };
    }
    changed.set(key, { company: event.company, waybill: event.waybill });
    return { result: "applied" };
  }

  const results = events.map(settle);
  const count = (result: EventResult["result"]): number => results.filter((r) => r.result === result).length;
  const { version } = o;
  return {
    puts: [
      ...Array.from(declarations, ([key, value]): Put => {
        return { table: "declarations", key, value: encodeDeclarations(key, { version, value }) };
      }),
      ...Array.from(holds, ([key, value]): Put => {
        return { table: "holds", key, value: encodeHolds(key, { version, value }) };
      }),
    ],
    result: {
      applied: count("applied"),
      unchanged: count("unchanged"),
      refused: count("refused"),
      results,
      changed: [...changed.values()],
    },
  };
}

export function planHeartbeat(heartbeat: Heartbeat): Put {
  // 48 bits of nanoseconds would last three days: seconds and the rest are stored apart.
  const seconds = Math.floor(heartbeat.monotonicNs / 1_000_000_000);
  const numbers = [seconds, heartbeat.monotonicNs - seconds * 1_000_000_000];
  const key = markKeys.heartbeat;
  return { table: "marks", key, value: encodeMark(key, { version: 0, numbers, texts: [heartbeat.bootId] }) };
}

/** @throws TypeError for a key that is no release key, DamagedValue */
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
    const known = ledgers.get(key) ?? readLedger(tables, key).value;
    const spent = spend(known, { validFromMs, validToMs: windowEnd(tables, key, validFromMs), delta });
    ledgers.set(key, spent.ledger);
    if (spent.overdrawn > 0) overdrawn.push(release);
  }
  const numbers = [carry.upToEntry, carry.upToSeq];
  const { carried, cursor } = markKeys;
  return {
    puts: [
      ...Array.from(ledgers, ([key, value]): Put => {
        return { table: "ledger", key, value: encodeLedger(key, { version, value }) };
      }),
      { table: "marks", key: carried, value: encodeMark(carried, { version, numbers, texts: [] }) },
      { table: "marks", key: cursor, value: encodeMark(cursor, { version, numbers: [], texts: [...carry.cursor] }) },
    ],
    result: { carried: true, overdrawn },
  };
}

/** @throws DamagedValue */
export function readCarried(tables: Tables): Carried | null {
  const [upToEntry, upToSeq] = readMark(tables, markKeys.carried)?.numbers ?? [];
  if (upToEntry === undefined || upToSeq === undefined) return null;
  return { upToEntry, upToSeq, cursor: readMark(tables, markKeys.cursor)?.texts ?? [] };
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
  const { value } = readDeclarations(tables, key);
  if (value === "saturated") return null;
  const ends = value.filter((d) => d.validFromMs === validFromMs).map((d) => d.validToMs);
  return ends.length === 0 ? null : Math.max(...ends);
}
