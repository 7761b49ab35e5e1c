// Whether the store may be written to now: LMDB on a full disk damages the memory of the process that writes.
import { statfsSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Tables } from "./tables.ts";

/** Below this much free space nothing is written; more than any one batch can need. */
export const defaultFreeFloorBytes = 256 * 1024 * 1024;

export class NoSpace extends Error {
  override name = "NoSpace";
  readonly code = "RELEASE_STORE_NO_SPACE";
}

/** @throws NoSpace */
export function requireFreeSpace(file: string, floorBytes: number): void {
  const { bavail, bsize } = statfsSync(dirname(file));
  const free = bavail * bsize;
  if (free >= floorBytes) return;
  const mib = (bytes: number): number => Math.floor(bytes / 1_048_576);
  throw new NoSpace(`${mib(free)} MiB are free beside ${file}, ${mib(floorBytes)} are the floor: make room`);
}

/** A reader that was killed inside a look keeps old pages alive, and the file would grow until its slot is freed. */
export const freeDeadReaders = (tables: Tables): number => tables.root.readerCheck();

/**
 * After a failed commit the process cannot trust its own memory (LMDB was seen to corrupt the heap on a full disk):
 * it ends at once, with no exit handler in between, and is started again on the last good commit.
 */
export function endProcess(error: unknown): never {
  const detail = error instanceof Error ? error.message : String(error);
  writeSync(2, `RELEASE_COMMIT_FAILED: ${detail}; this process ends, the last commit stands\n`);
  process.kill(process.pid, "SIGKILL");
  throw error;
}
