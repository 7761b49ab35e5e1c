// The gateway's side of the release cache: the one writer, one durable transaction at a time.

import { type Carried, type Carry, planCarry, readCarried } from "./carry.ts";
import type { ReleaseClock } from "./clock.ts";
import { defaultFreeFloorBytes, endProcess, freeDeadReaders, requireFreeSpace } from "./disk-guard.ts";
import { encodeMark } from "./encoding.ts";
import type { ReleaseEvent } from "./event.ts";
import { planLate, readLate } from "./late-marks.ts";
import { type Applied, type Heartbeat, type Plan, type Put, planEvents, planHeartbeat } from "./plan.ts";
import { type Pruned, type PrunePlace, planPrune } from "./prune.ts";
import { keepHeadroom } from "./store-file.ts";
import { markKeys, openTablesToWrite, readMark, type Tables } from "./tables.ts";
import { findByWaybill, viewOf, type WaybillView } from "./view.ts";

export type { Carried, Carry } from "./carry.ts";
export type { Applied, EventResult, Heartbeat } from "./plan.ts";
export type { Pruned, PrunePlace } from "./prune.ts";
export type { WaybillView } from "./view.ts";

/** Events of one `apply`; more is the caller's mistake. Keeps one transaction, and one pause of the loop, short. */
export const maxBatchEvents = 10_000;

export interface ReleaseStore {
  /**
   * Durable when it resolves; all of the events or, on an error, none. The same batch again is all "unchanged".
   * With `heartbeat` the feed counts as alive from the same commit on: never before its events can be seen.
   * @throws RangeError for more than `maxBatchEvents`, NoSpace below the floor of free space
   */
  apply(events: readonly ReleaseEvent[], o?: { heartbeat?: Heartbeat }): Promise<Applied>;
  /** Of several feeds the caller passes the stamp of the most silent one. @throws NoSpace */
  heartbeat(heartbeat: Heartbeat): Promise<void>;
  /**
   * Moves spending from the journal into the store, with the cursor, in one transaction. A carry whose `upToSeq` is not
   * beyond the last one changes nothing. `overdrawn` names releases of which more came back than was ever spent.
   * @throws NoSpace, TypeError for a key that is no release key; DamagedValue
   */
  carry(carry: Carry): Promise<{ carried: boolean; overdrawn: readonly string[] }>;
  /** The newest waybills of which something was taken that keeps a parcel in, the oldest of them first; at most 1000. */
  lateWords(): readonly { company: string; waybill: string }[];
  /** How far the journal is carried; null: not begun. @throws DamagedValue */
  cursor(): Carried | null;
  /** For a journal that begins anew: the cursor goes, what was spent stays. @throws NoSpace */
  restartCursor(): Promise<void>;
  /** All that is stored of one waybill of one company, expired and lifted things too. @throws DamagedValue */
  record(company: string, waybill: string): WaybillView | null;
  /** The same for every company that uses the number. @throws DamagedValue */
  findByWaybill(waybill: string): readonly WaybillView[];
  /**
   * One bounded batch of a sweep that forgets waybills long over, holds apart (see prune.ts); `from` is the `next` of
   * the batch before, null the beginning.
   * @param o.atMs wall time, ms since 1970, by which they must be over. @throws NoSpace
   */
  prune(o: { from: PrunePlace | null; atMs: number }): Promise<Pruned>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

export interface StoreOptions {
  freeFloorBytes?: number;
  /** What to do after a failed commit; ends the process by default. */
  onCommitFailure?: (error: unknown) => void;
}

/** How many commits pass between two searches for readers that were killed. */
const commitsPerReaderCheck = 64;
/** Counts the changes of the whole store, so that a version never returns, whatever is deleted. */
const versionMark = "version";

/** @throws StoreError when the file is damaged or of another format */
export function openReleaseStore(file: string, clock: ReleaseClock, options: StoreOptions = {}): ReleaseStore {
  const tables = openTablesToWrite(file);
  const freeFloorBytes = options.freeFloorBytes ?? defaultFreeFloorBytes;
  const onCommitFailure = options.onCommitFailure ?? endProcess;
  let lastCommit: Promise<unknown> = Promise.resolve();
  let commits = 0;

  /**
   * One after the other: each plan reads what the one before committed. A plan that throws has written nothing.
   * (lmdb's own transaction callbacks would do the same, but were seen never to be called.)
   */
  function commit<T>(plan: (version: number) => Plan<T>): Promise<T> {
    const mine = lastCommit.then(async () => {
      requireFreeSpace(file, freeFloorBytes);
      keepHeadroom(file);
      if (commits++ % commitsPerReaderCheck === 0) freeDeadReaders(tables);
      tables.root.resetReadTxn();
      const version = (readMark(tables, versionMark)?.version ?? 0) + 1;
      const { puts, result } = plan(version);
      if (puts.length === 0) return result;
      const counted: Put = { table: "marks", key: versionMark, value: encodeMark(versionMark, noMark(version)) };
      try {
        await write(tables, [...puts, counted]);
      } catch (error) {
        onCommitFailure(error);
        throw error;
      }
      return result;
    });
    lastCommit = mine.catch(() => {
      // The caller hears of it through `mine`; the next in line only waits for its turn.
    });
    return mine;
  }

  return {
    async apply(events, o = {}) {
      if (events.length > maxBatchEvents) {
        throw new RangeError(`${events.length} events in one batch, at most ${maxBatchEvents} are taken`);
      }
      return commit((version) => {
        const plan = planEvents(tables, events, { version, nowMs: clock.wallMs() });
        const alive = o.heartbeat === undefined ? [] : [planHeartbeat(o.heartbeat)];
        return {
          result: plan.result,
          puts: [...plan.puts, ...planLate(tables, events, plan.result.results), ...alive],
        };
      });
    },
    heartbeat: (heartbeat) => commit(() => ({ puts: [planHeartbeat(heartbeat)], result: undefined })),
    carry: (carry) => commit((version) => planCarry(tables, carry, version)),
    prune: (o) => commit(() => planPrune(tables, o)),
    restartCursor: () =>
      commit(() => ({ puts: [remove(markKeys.carried), remove(markKeys.cursor)], result: undefined })),
    lateWords() {
      tables.root.resetReadTxn();
      return readLate(tables);
    },
    cursor() {
      tables.root.resetReadTxn();
      return readCarried(tables);
    },
    record(company, waybill) {
      tables.root.resetReadTxn();
      return viewOf(tables, company, waybill);
    },
    findByWaybill(waybill) {
      tables.root.resetReadTxn();
      return findByWaybill(tables, waybill);
    },
    async close() {
      await lastCommit;
      await tables.root.close();
    },
  };
}

const noMark = (version: number) => ({ version, numbers: [], texts: [] });
const remove = (key: string): Put => ({ table: "marks", key, value: null });

/** All in one transaction, on the disk when it resolves. */
async function write(tables: Tables, puts: readonly Put[]): Promise<void> {
  const refused: unknown[] = [];
  const note = (error: unknown): void => void refused.push(error);
  const batch = tables.root.batch(() => {
    for (const { table, key, value } of puts) {
      (value === null ? tables[table].remove(key) : tables[table].put(key, value)).catch(note);
    }
  });
  await batch;
  await tables.root.flushed;
  if (refused.length > 0) throw refused[0];
}
