// Keeps the journal's closed segments in the background: compresses, archives and in the end deletes them, one at a time.
import { stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../../process/log.ts";
import type { SegmentDeed } from "../metrics/registry.ts";
import { pause } from "../pause.ts";
import { archiveSegment, isArchived } from "./archive.ts";
import { compressSegment } from "./compress.ts";
import { judgeAge } from "./expiry.ts";
import { asKeepingFailed, type KeepingCode } from "./keeping-failed.ts";
import { type KeptSegment, keptSegments, packedName } from "./kept-segments.ts";
import { syncFolder } from "./safe-copy.ts";
import { cursorStands, newestMs, type Readers, settledBelow } from "./settled.ts";

export interface KeeperOptions {
  journalFolder: string;
  /** null: there is no archive. */
  archiveFolder: string | null;
  retainDays: number;
  /** Below so much free space nothing is copied. */
  freeFloorBytes: number;
  readers(): Readers;
  /** Ages are judged by this time, ms since 1970; null: nothing is deleted now. */
  nowMs(): number | null;
  log: Pick<Log, "info" | "error">;
  done(what: SegmentDeed): void;
  failed(code: KeepingCode): void;
}

export interface Keeper {
  /** Looks once, and does at most one segment of each kind of work. @returns whether there may be more to do at once */
  look(signal?: AbortSignal): Promise<boolean>;
}

type Work = (o: { segments: readonly KeptSegment[]; signal: AbortSignal | undefined }) => Promise<boolean>;

/** Never throws: a failure is said once, counted at each try, and holds up no other kind of work. */
export function keeper(o: KeeperOptions): Keeper {
  const folder = o.journalFolder;
  const troubles = new Map<KeepingCode, string>();
  /** Segments whose archived copy was found or made since the start; never more than the folder has. */
  let archived = new Set<number>();

  async function attempt(code: KeepingCode, work: () => Promise<boolean>, signal?: AbortSignal): Promise<boolean> {
    try {
      const hasDone = await work();
      troubles.delete(code);
      return hasDone;
    } catch (error) {
      if (signal?.aborted) return false;
      const { message } = error as Error;
      o.failed(code);
      if (troubles.get(code) !== message) o.log.error({ code, error: message }, "a segment of the journal is not kept");
      troubles.set(code, message);
      return false;
    }
  }

  /** Asked for only where there is something to do: it reads files. */
  async function settled(segments: readonly KeptSegment[]): Promise<number> {
    const readers = o.readers();
    const below = await settledBelow(folder, segments, readers);
    if (below <= (segments[0]?.number ?? 0) || readers.carried === null) return 0;
    return (await cursorStands(folder, readers.carried)) ? below : 0;
  }

  const remove: Work = async ({ segments, signal }) => {
    const [oldest, next] = segments;
    const nowMs = o.nowMs();
    if (oldest === undefined || next === undefined || oldest.isPlain || nowMs === null) return false;
    const { number } = oldest;
    try {
      const path = join(folder, packedName(number));
      const newest = await newestMs(folder, segments, { at: 0, changedMs: (await stat(path)).mtimeMs });
      const { retainDays, archiveFolder } = o;
      const verdict = judgeAge({ newestMs: newest, nowMs, retainDays, hasArchive: archiveFolder !== null });
      if (verdict === "keep" || number >= (await settled(segments))) return false;
      if (next.number !== number + 1)
        throw new Error(`the segment after it is missing: the next one is ${next.number}`);
      if (archiveFolder !== null && !(await isArchived({ folder, archiveFolder, number, signal }))) {
        throw new Error(`it is due, and the copy in ${archiveFolder} is missing or differs`);
      }
      await unlink(path);
      await syncFolder(folder);
    } catch (error) {
      throw asKeepingFailed("JOURNAL_RETENTION_FAILED", number, error);
    }
    o.log.info({ segment: number }, "a segment of the journal has reached its age and is deleted");
    o.done("deleted");
    return true;
  };

  const compress: Work = async ({ segments, signal }) => {
    const plain = segments.slice(0, -1).find(({ isPlain }) => isPlain);
    if (plain === undefined || plain.number >= (await settled(segments))) return false;
    const { number } = plain;
    try {
      const sizes = await compressSegment({ folder, number, freeFloorBytes: o.freeFloorBytes, signal });
      o.log.info({ segment: number, ...sizes }, "a closed segment of the journal is compressed");
    } catch (error) {
      throw asKeepingFailed("JOURNAL_COMPRESS_FAILED", number, error);
    }
    o.done("compressed");
    return true;
  };

  const archive: Work = async ({ segments, signal }) => {
    const { archiveFolder } = o;
    if (archiveFolder === null) return false;
    archived = new Set(segments.map(({ number }) => number).filter((number) => archived.has(number)));
    for (const { number } of segments.filter(({ isPlain }) => !isPlain)) {
      if (archived.has(number)) continue;
      try {
        const isNew = await archiveSegment({ folder, archiveFolder, number, freeFloorBytes: o.freeFloorBytes, signal });
        archived.add(number);
        if (!isNew) continue;
      } catch (error) {
        throw asKeepingFailed("JOURNAL_ARCHIVE_FAILED", number, error);
      }
      o.log.info({ segment: number, archiveFolder }, "a segment of the journal is archived");
      o.done("archived");
      return true;
    }
    return false;
  };

  async function removeParts(parts: readonly string[]): Promise<void> {
    for (const name of parts) await unlink(join(folder, name));
  }

  return {
    async look(signal) {
      const works: [KeepingCode, Work][] = [
        ["JOURNAL_RETENTION_FAILED", remove],
        ["JOURNAL_COMPRESS_FAILED", compress],
        ["JOURNAL_ARCHIVE_FAILED", archive],
      ];
      let hasDone = false;
      for (const [code, work] of works) {
        if (signal?.aborted) return false;
        const did = await attempt(
          code,
          async () => {
            const { segments, parts } = await keptSegments(folder);
            await removeParts(parts);
            return work({ segments, signal });
          },
          signal,
        );
        hasDone ||= did;
      }
      return hasDone;
    },
  };
}

const LOOK_EVERY_MS = 60_000;
/** Between two segments: catching up must not keep disk and processor to itself. */
const BREATH_MS = 1000;

/** Looks on until it is closed; what is under way then ends early and is done again at the next start. */
export function keepOn(keep: Keeper): { close(): Promise<void> } {
  const ending = new AbortController();
  const ended = (async () => {
    while (!ending.signal.aborted) {
      const hasMore = await keep.look(ending.signal);
      await pause(hasMore ? BREATH_MS : LOOK_EVERY_MS, ending.signal);
    }
  })();
  return {
    close() {
      ending.abort();
      return ended;
    },
  };
}
