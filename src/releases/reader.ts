// The controller's view of the release cache: synchronous look-ups that see what was committed a moment before.
import { statSync } from "node:fs";
import type { Look, ReleasePort } from "../line/release.ts";
import { readCarriedMark } from "./carry.ts";
import type { ReleaseClock } from "./clock.ts";
import { recordAt, standingHolds } from "./judge.ts";
import {
  companyPattern,
  markKeys,
  openTablesToRead,
  readDeclarations,
  readHolds,
  readLedger,
  readMark,
  type Tables,
  waybillKey,
  waybillPattern,
} from "./tables.ts";

export interface ReleaseReader extends ReleasePort {
  close(): Promise<void>;
}

/** How often a look also asks whether the file appeared, or can be read by now. */
const recheckNs = 1_000_000_000;

/**
 * Opens the cache that the gateway writes. Never throws for the file's sake: while it is missing or damaged every look
 * is an "error" with its reason, and one look a second tries again. A process that also writes the store opens it for
 * writing first: lmdb shares one handle a process, and the first decides.
 */
export function openReleaseReader(file: string, clock: ReleaseClock): ReleaseReader {
  let tables: Tables | null = null;
  let inode: number | null = null;
  let whyNot = "";
  let checkedNs = Number.NEGATIVE_INFINITY;
  let closed = false;

  const inodeNow = (): number | null => statSync(file, { throwIfNoEntry: false })?.ino ?? null;

  /**
   * A rebuilt store is a new file under the old name; the map of the old one would show its last state for ever, without
   * the holds that have come since. Asked before each look, about 2 µs; a file that cannot be read is tried now and then.
   */
  function recheck(nowNs: number): void {
    const isDue = nowNs - checkedNs >= recheckNs;
    if (tables === null && !isDue) return;
    const seen = inodeNow();
    if (tables !== null && seen === inode) return;
    checkedNs = nowNs;
    void tables?.root.close();
    tables = null;
    try {
      tables = openTablesToRead(file);
      inode = seen;
    } catch (error) {
      whyNot = messageOf(error);
    }
  }

  function look(company: string, waybill: string): Look {
    try {
      if (closed) throw new Error("the release cache is closed");
      const nowNs = clock.monotonicNs();
      recheck(nowNs);
      if (tables === null) throw new Error(whyNot);
      return lookIn(tables, { company, waybill, clock, nowNs });
    } catch (error) {
      return { ...noAnswer(company, waybill), result: "error", detail: messageOf(error) };
    }
  }

  look("", "");
  return {
    look,
    async close() {
      closed = true;
      const open = tables;
      tables = null;
      await open?.root.close();
    },
  };
}

function lookIn(tables: Tables, o: { company: string; waybill: string; clock: ReleaseClock; nowNs: number }): Look {
  const { company, waybill } = o;
  // A read transaction lives until the event turn ends; without this the look would see the state of its first read.
  tables.root.resetReadTxn();
  const carried = readCarriedMark(tables);
  const common = {
    ...noAnswer(company, waybill),
    feedAgeNs: feedAgeNs(tables, o),
    carriedJournal: carried?.journalId ?? null,
    carriedEntry: carried?.upToEntry ?? 0,
  };
  if (!companyPattern.test(company) || !waybillPattern.test(waybill)) return common;
  const key = waybillKey(company, waybill);
  const holds = readHolds(tables, key);
  if (holds.value === "saturated") throw new Error(`${key} has more holds than are counted`);
  const declarations = readDeclarations(tables, key);
  if (declarations.value === "saturated") throw new Error(`${key} has more declarations than are counted`);
  if (declarations.value.length === 0) return { ...common, holds: standingHolds(holds.value) };
  const ledger = readLedger(tables, key);
  if (holds.version !== declarations.holdsVersion || ledger.version !== declarations.ledgerVersion) {
    throw new Error(`holds or spent pieces of ${key} were lost: rebuild the store`);
  }
  const record = recordAt({
    company,
    waybill,
    declarations: declarations.value,
    ledger: ledger.value,
    version: Math.max(declarations.version, holds.version, ledger.version),
    nowMs: o.clock.wallMs(),
  });
  return { ...common, result: record === null ? "miss" : "record", record, holds: standingHolds(holds.value) };
}

/**
 * Null: no heartbeat on this boot, or one from the future, which no clock of this boot can have given. A machine that was
 * suspended, or a virtual one that was paused, has missed what customs said meanwhile: its monotonic clock stood, and the
 * wall time tells. One that was set ahead costs a heartbeat.
 */
function feedAgeNs(tables: Tables, o: { clock: ReleaseClock; nowNs: number }): number | null {
  const mark = readMark(tables, markKeys.heartbeat);
  const [seconds, rest, wallMs] = mark?.numbers ?? [];
  if (seconds === undefined || rest === undefined || mark?.texts[0] !== o.clock.bootId) return null;
  const age = o.nowNs - (seconds * 1_000_000_000 + rest);
  const byWallNs = wallMs === undefined ? 0 : Math.round((o.clock.wallMs() - wallMs) * 1e6);
  return age < 0 ? null : Math.max(age, byWallNs);
}

const noAnswer = (company: string, waybill: string): Look => ({
  company,
  waybill,
  result: "miss",
  record: null,
  holds: [],
  feedAgeNs: null,
  carriedJournal: null,
  carriedEntry: 0,
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
