// The journal's writer: numbers, seals and groups what it is given, and says what is durable and how the disk does.
import type { LineEntry } from "../line/entry.ts";
import type { LineCheckpoint } from "../line/step.ts";
import { chainHash, sealedLine } from "./chain.ts";
import { type CheckpointSlices, slicesOf } from "./checkpoint-slices.ts";
import { type Committer, committer } from "./committer.ts";
import type { JournalDisk } from "./disk.ts";
import { JournalFailed } from "./failures.ts";
import { type Group, groupQueue } from "./group.ts";
import type { PendingInputs } from "./inputs/recorder.ts";
import { JOURNAL_LIMITS, type JournalLimits } from "./limits.ts";
import { JOURNAL_FORMAT, type SegmentHeader } from "./line.ts";
import type { JournalEvents, JournalWriter } from "./port.ts";
import { storageWatch } from "./storage-watch.ts";
import type { JournalEnd } from "./tail.ts";

export interface RunOptions {
  disk: JournalDisk;
  /** Where `readTail` found the end. */
  end: JournalEnd;
  /** Taken after the core has restored from the tail; null: there is no state yet (a new journal). */
  checkpoint: LineCheckpoint | null;
  /** What the core was given since the last entry; absent or null: inputs are not recorded. */
  inputs?: PendingInputs | null;
  codeVersion: string;
  bootId: string;
  /** Monotonic ns since the run's epoch. */
  nowNs: () => number;
  /** Wall time now, RFC 3339. */
  wallTime: () => string;
  events: JournalEvents;
  /** Must end the process; called once, nothing is written or said afterwards. */
  fatal: (error: JournalFailed) => void;
  /** Runs the callback when the present turn is over; process.nextTick unless a simulator has turns of its own. */
  endOfTurn?: (callback: () => void) => void;
  limits?: Partial<JournalLimits>;
}

export interface RunningJournal extends JournalWriter {
  /** Number of this start, counted on this journal from 1. */
  readonly run: number;
  /** Tells the writer that time has passed; call it every few milliseconds. It has no timer of its own. */
  tick(): void;
}

/**
 * Begins a run: a new segment with its header and the checkpoint. Returns at once; entries may be appended before the
 * segment is open. `durable` is said again for the entries of earlier runs, as soon as they are known to be on the disk.
 */
export function beginRun(o: RunOptions): RunningJournal {
  const limits = { ...JOURNAL_LIMITS, ...o.limits };
  const endOfTurn = o.endOfTurn ?? process.nextTick;
  const run = o.end.runs + 1;
  const queue = groupQueue(limits.groupBytes);
  const storage = storageWatch((state) => o.events.storage(state));
  let { seq, hash, lastEntry, segment } = o.end;
  let head = { seq, hash };
  let durableEntry = 0;
  let slices: CheckpointSlices | null = null;
  let turnPending = false;
  let isClosed = false;
  let isDead = false;
  let freeAskedNs: number | null = null;
  const inputs = o.inputs ?? null;
  let areInputsMissing = false;
  let begunNs = 0;
  let askingFree = false;
  let retriedNs = 0;
  let rollPending = false;

  const commit: Committer = committer({
    disk: o.disk,
    queue,
    restNs: limits.restNs,
    nowNs: o.nowNs,
    unsynced: o.end.unsynced,
    onDurable,
    onRefused() {
      retriedNs = o.nowNs();
      storage.set({ refused: true, slow: false });
    },
    onFatal: die,
  });

  function push(json: string, line: { entry: number | null; hasRun: boolean; isUrgent: boolean }): void {
    const durable = queue.startsGroup() ? `"durable":${seq},` : "";
    seq += 1;
    const body = `{"seq":${seq},${line.hasRun ? "" : `"run":${run},`}${durable}${json.slice(1, -1)}`;
    hash = chainHash(hash, body);
    const isUrgent = line.isUrgent || limits.restNs === 0;
    queue.push(sealedLine(body, hash), { seq, hash, entry: line.entry, isUrgent, atNs: o.nowNs() });
    if (isUrgent && !turnPending) {
      turnPending = true;
      endOfTurn(commitNow);
    }
  }

  function commitNow(): void {
    turnPending = false;
    if (!isDead) commit.run();
  }

  /** They stand before the entries that came of them, so that a cut tail never holds an entry without its inputs. */
  function pushInputs(): void {
    if (inputs === null || inputs.sinceNs() === null) return;
    const members = inputs.take();
    if (areInputsMissing) return;
    // What is left of the disk is for entries; recording goes on with the next segment, which begins with a checkpoint.
    areInputsMissing = storage.state() === "full";
    const said = areInputsMissing ? MISSING_INPUTS : members;
    push(`{"kind":"inputs","n":${lastEntry},${said}}`, { entry: null, hasRun: false, isUrgent: false });
  }

  function beginSegment(checkpoint: LineCheckpoint | null, cuts: SegmentHeader["cuts"]): void {
    pushInputs();
    inputs?.beginSegment();
    areInputsMissing = false;
    begunNs = o.nowNs();
    segment += 1;
    queue.beginSegment(segment);
    rollPending = true;
    const header: SegmentHeader = {
      kind: "segment",
      format: JOURNAL_FORMAT,
      segment,
      prev: hash,
      codeVersion: o.codeVersion,
      bootId: o.bootId,
      atNs: o.nowNs(),
      wallTime: o.wallTime(),
      cuts,
    };
    push(JSON.stringify(header), OF_THE_SEGMENT);
    slices = checkpoint === null ? null : slicesOf(checkpoint, limits.sliceChars);
    pushSlice();
  }

  /** The disk has room again, and inputs are missing in this segment. */
  function recordsAnew(): boolean {
    return areInputsMissing && storage.state() !== "full" && o.nowNs() - begunNs >= limits.recordAnewNs;
  }

  /** One slice a group: an entry never waits for more of a checkpoint than that. */
  function pushSlice(): void {
    const slice = slices?.next() ?? null;
    if (slice !== null) push(JSON.stringify(slice), OF_THE_SEGMENT);
  }

  function onDurable(group: Group): void {
    head = { seq: group.lastSeq, hash: group.lastHash };
    if (group.begins === segment) rollPending = false;
    const entry = Math.max(group.lastEntry ?? 0, durableEntry === 0 ? o.end.lastEntry : 0);
    if (entry > durableEntry) {
      durableEntry = entry;
      o.events.durable(entry);
    }
    if (isDead) return;
    storage.set({ slow: false, refused: false });
    if (queue.heldBytes() <= limits.heldFullBytes / 2) storage.set({ overheld: false });
    pushSlice();
  }

  function die(error: JournalFailed): void {
    if (isDead) return;
    isDead = true;
    o.fatal(error);
  }

  function pushRestedInputs(nowNs: number): void {
    const sinceNs = inputs?.sinceNs() ?? null;
    if (inputs === null || sinceNs === null || isClosed) return;
    if (nowNs - sinceNs < limits.inputsRestNs && inputs.size() < limits.inputsChars) return;
    pushInputs();
    checkHeld();
  }

  function checkHeld(): void {
    const held = queue.heldBytes();
    if (held > limits.heldFullBytes) storage.set({ overheld: true });
    if (held <= limits.heldMaxBytes) return;
    const what = `${held} bytes wait for the disk (allowed: ${limits.heldMaxBytes}); entries after ${durableEntry} are lost`;
    die(new JournalFailed("JOURNAL_BUFFER_FULL", what));
  }

  function askFree(nowNs: number): void {
    if (askingFree || (freeAskedNs !== null && nowNs - freeAskedNs < limits.freeEveryNs)) return;
    freeAskedNs = nowNs;
    askingFree = true;
    o.disk.freeBytes((error, bytes) => {
      askingFree = false;
      // Free space that cannot be asked for is no free space.
      if (!isDead) storage.set({ belowFloor: error !== null || bytes < limits.freeFloorBytes });
    });
  }

  if (o.checkpoint !== null && o.checkpoint.nextEntry !== lastEntry + 1) {
    throw new Error(`the checkpoint goes on at entry ${o.checkpoint.nextEntry}, the journal at ${lastEntry + 1}`);
  }
  beginSegment(o.checkpoint, o.end.cuts);
  askFree(o.nowNs());

  return {
    run,
    append(entry: LineEntry) {
      if (isDead) return;
      if (isClosed) throw new Error("the journal is closed");
      if (entry.n !== lastEntry + 1) throw new Error(`entry ${entry.n} follows entry ${lastEntry}`);
      if (entry.kind === "run" && entry.run !== run) throw new Error(`run ${entry.run} says its entry, ${run} it is`);
      pushInputs();
      lastEntry = entry.n;
      const isRun = entry.kind === "run";
      // A run begins with all that it has found on the disk; a permit is handed over when its entry is.
      push(JSON.stringify(entry), { entry: entry.n, hasRun: isRun, isUrgent: isRun || entry.kind === "permit" });
      checkHeld();
    },
    rollIfFull(checkpoint) {
      if (isDead || isClosed || rollPending || slices?.isDone() === false) return;
      const isFull = commit.segmentBytes() + queue.heldBytes() >= limits.segmentBytes;
      if (!isFull && !recordsAnew()) return;
      beginSegment(checkpoint(), []);
    },
    tick() {
      if (isDead) return;
      const nowNs = o.nowNs();
      const sinceNs = commit.inFlightSinceNs();
      if (sinceNs !== null && nowNs - sinceNs > limits.slowAfterNs) storage.set({ slow: true });
      askFree(nowNs);
      pushRestedInputs(nowNs);
      commit.run();
      if (nowNs - retriedNs < limits.retryEveryNs) return;
      retriedNs = nowNs;
      commit.retry();
    },
    head: () => head,
    close() {
      if (!isDead && !isClosed) pushInputs();
      isClosed = true;
      return new Promise((resolve) => commit.finish(resolve));
    },
  };
}

const MISSING_INPUTS = '"count":0,"text":"","isMissing":true';

/** Header and checkpoint: a segment is of use to a restart only when all of them are there. */
const OF_THE_SEGMENT = { entry: null, hasRun: false, isUrgent: true } as const;
