// What a loss of power leaves of a journal: what was synced, and any part of what was written after that.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { Random } from "../../world/random.ts";
import type { SyncedFile } from "./orders.ts";

/**
 * The processes that write the file must be gone.
 * @param synced the newest file and how much of it is on the disk for certain; null: nothing was synced yet
 * @returns bytes that are lost
 */
export function losePower(synced: SyncedFile | null, random: Random): number {
  if (synced === null) return 0;
  const fd = openSync(synced.path, "r+");
  try {
    const { size } = fstatSync(fd);
    if (size <= synced.bytes) return 0;
    const kept = random.integer(synced.bytes, size);
    ftruncateSync(fd, kept);
    // The file had grown, its new blocks were not written yet.
    if (random.chance(0.5)) writeSync(fd, Buffer.alloc(size - kept), 0, size - kept, kept);
    fsyncSync(fd);
    return size - kept;
  } finally {
    closeSync(fd);
  }
}
