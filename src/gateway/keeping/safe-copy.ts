// Puts a copy of a segment beside others so that a name never stands for less than the whole: part, sync, check, rename.
import { createHash } from "node:crypto";
import { type FileHandle, open, rename, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { segmentStream } from "../../journal/segment-stream.ts";

/** What was done so far; told so that a test can end there, as a crash would. */
export type Step = "written" | "checked" | "renamed" | "folderSynced" | "plainRemoved";
export type AtStep = (step: Step) => void;

/** Written between two syncs: one large sync would hold up the controller's own on the same disk. */
const SYNC_EVERY_BYTES = 1024 * 1024;
/** As the controller's own: owner writes, group reads. */
const FILE_MODE = 0o640;

/**
 * Writes `chunks` under `target` once they are known to unpack to `sha256`. Nothing is taken away on a failure: what is
 * left is `target.part`, which no reader knows and the next look of the keeper removes.
 */
export async function safeCopy(o: {
  write: (into: (chunks: AsyncIterable<Buffer>) => Promise<void>) => Promise<void>;
  target: string;
  /** The file whose time of change the copy keeps: its age counts from there. */
  timesOf: string;
  /** Asked after `write`. */
  sha256: () => string | Promise<string>;
  differs: (what: string) => Error;
  at: AtStep;
  signal?: AbortSignal | undefined;
}): Promise<void> {
  const part = partOf(o.target);
  const { atime, mtime } = await stat(o.timesOf);
  await o.write(async (chunks) => {
    const handle = await open(part, "w", FILE_MODE);
    try {
      await writeAll(handle, chunks);
      await handle.utimes(atime, mtime);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
  o.at("written");
  const [wanted, found] = [await o.sha256(), await unpackedDigest(part, o.signal)];
  if (wanted !== found) throw o.differs(`what was read back is ${found.slice(0, 12)}…, not ${wanted.slice(0, 12)}…`);
  o.at("checked");
  await rename(part, o.target);
  o.at("renamed");
  await syncFolder(dirname(o.target));
  o.at("folderSynced");
}

export const partOf = (target: string): string => `${target}.part`;

async function writeAll(handle: FileHandle, chunks: AsyncIterable<Buffer>): Promise<void> {
  let unsynced = 0;
  for await (const chunk of chunks) {
    await handle.appendFile(chunk);
    unsynced += chunk.length;
    if (unsynced < SYNC_EVERY_BYTES) continue;
    await handle.datasync();
    unsynced = 0;
  }
}

/** SHA-256, in hex, of the lines as they were written, whatever form the file has. @throws when it cannot be unpacked */
export async function unpackedDigest(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const isPacked = path.endsWith(".gz") || path.endsWith(".gz.part");
  for await (const chunk of segmentStream(path, { isPacked, signal })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Puts the folder's names on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The floor below which the line stops is not for copies. @throws for what would reach below it */
export async function requireRoom(folder: string, bytes: number, floorBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free - bytes >= floorBytes) return;
  const mib = (count: number): number => Math.ceil(count / 1_048_576);
  throw new Error(`${folder} has ${mib(free)} MiB free; ${mib(bytes)} more may be needed above ${mib(floorBytes)}`);
}
