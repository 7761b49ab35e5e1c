// Builds a release cache of any size from nothing, in key order and without syncing until the end.
import { encodeDeclarations, encodeHolds, encodeLedger } from "../../src/releases/encoding.ts";
import { openReleaseStore } from "../../src/releases/store.ts";
import { keepHeadroom } from "../../src/releases/store-file.ts";
import { openTablesToWrite, waybillKey } from "../../src/releases/tables.ts";

export const builtCompany = "EMS";
/** Every so many waybills one has a hold that was lifted, or a piece of two that has left. */
const holdEvery = 100;
const spentEvery = 10;
const batch = 20_000;
const dayMs = 24 * 3600 * 1000;

/** The waybill of record `index`, 0 to 99,999,999: an S10 number (UPU), in the order of the index. */
export function builtWaybill(index: number): string {
  const serial = String(index).padStart(8, "0");
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(serial[i]), 0);
  const remainder = 11 - (sum % 11);
  const check = remainder === 10 ? 0 : remainder === 11 ? 5 : remainder;
  return `RB${serial}${check}CN`;
}

/**
 * Fills `file`, which must not exist, with `records` released waybills of two pieces, valid from 30 days before `nowMs`
 * to 90 days after it. Ready for `openReleaseReader` when it resolves; the feed has given no heartbeat yet.
 */
export async function buildReleases(o: {
  file: string;
  records: number;
  nowMs: number;
  onProgress?: (done: number) => void;
}): Promise<void> {
  const tables = openTablesToWrite(o.file, { noSync: true });
  const window = { validFromMs: o.nowMs - 30 * dayMs, validToMs: o.nowMs + 90 * dayMs };
  const append = { append: true } as const;
  for (let from = 0; from < o.records; from += batch) {
    await tables.root.batch(() => {
      for (let index = from; index < Math.min(o.records, from + batch); index++) {
        const key = waybillKey(builtCompany, builtWaybill(index));
        const hasHold = index % holdEvery === 0;
        const hasSpent = index % spentEvery === 0;
        put(tables.declarations, key, declaration(key, { index, nowMs: o.nowMs, hasHold, hasSpent, ...window }));
        if (hasHold) put(tables.holds, key, liftedHold(key, o.nowMs));
        if (hasSpent) put(tables.ledger, key, encodeLedger(key, { version: 1, value: [{ ...window, spent: 1 }] }));
      }
    });
    o.onProgress?.(Math.min(o.records, from + batch));
  }
  await tables.root.flushed;
  await tables.root.close();
  keepHeadroom(o.file);
  // The writer proper syncs what was built: a heartbeat of no boot is a commit like any other.
  const clock = { wallMs: () => o.nowMs, monotonicNs: () => 0, bootId: "" };
  const store = openReleaseStore(o.file, clock);
  await store.carry({ journalId: null, upToEntry: 1, upToSeq: 1, deltas: {}, cursor: [] });
  await store.heartbeat({ bootId: "", monotonicNs: 0 });
  await store.close();

  /** In key order pages fill up whole; a batch's own promise tells of a failure. */
  function put(table: typeof tables.holds, key: string, value: Buffer): void {
    void table.put(key, value, append as never);
  }
}

function declaration(
  key: string,
  o: { index: number; nowMs: number; hasHold: boolean; hasSpent: boolean; validFromMs: number; validToMs: number },
): Buffer {
  const stream = o.index % 3 === 0 ? "express" : "cbec";
  return encodeDeclarations(key, {
    version: 1,
    holdsVersion: o.hasHold ? 1 : 0,
    ledgerVersion: o.hasSpent ? 1 : 0,
    value: [
      {
        status: "released",
        stream,
        direction: "import",
        pieces: 2,
        validFromMs: o.validFromMs,
        validToMs: o.validToMs,
        authority: "customs",
        reference: `51012026I${String(o.index).padStart(9, "0")}`,
        eventAtMs: o.nowMs - dayMs,
      },
    ],
  });
}

function liftedHold(key: string, nowMs: number): Buffer {
  const times = { placedAtMs: nowMs - 2 * dayMs, liftedAtMs: nowMs - dayMs };
  const mark = { authority: "customs", kind: "inspection", reference: "H-1", ...times };
  return encodeHolds(key, { version: 1, value: [mark] });
}
