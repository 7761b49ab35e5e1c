// Copies compressed segments to the archive, and says whether the archive's copy of one is whole.
import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { statIfThere } from "../../journal/if-there.ts";
import { storedBytes } from "../../journal/segment-stream.ts";
import type { KeepOptions } from "./compress.ts";
import { KeepingFailed } from "./keeping-failed.ts";
import { packedName } from "./kept-segments.ts";
import { requireRoom, safeCopy, unpackedDigest } from "./safe-copy.ts";

export interface ArchiveOptions extends KeepOptions {
  archiveFolder: string;
}

/**
 * @returns false when the archive had a file of that name and length already; what it holds is read before anything is
 * deleted for it, not before. @throws KeepingFailed when the file there is another one
 */
export async function archiveSegment(o: ArchiveOptions): Promise<boolean> {
  const source = join(o.folder, packedName(o.number));
  const target = join(o.archiveFolder, packedName(o.number));
  if (!(await stat(o.archiveFolder)).isDirectory()) throw failed(o.number, `${o.archiveFolder} is no folder`);
  const there = await statIfThere(target);
  if (there !== null) {
    requireOther({ target, number: o.number }, await stat(source), there);
    if ((await stat(source)).size === there.size) return false;
    throw failed(o.number, `${target} is there and holds something else: another journal's, or a damaged copy`);
  }
  await requireRoom(o.archiveFolder, (await stat(source)).size, o.freeFloorBytes);
  await safeCopy({
    write: (into) => into(storedBytes(source, o.signal)),
    target,
    timesOf: source,
    sha256: () => unpackedDigest(source, o.signal),
    differs: (what) => failed(o.number, what),
    at: o.at ?? (() => {}),
    signal: o.signal,
  });
  return true;
}

/** True when the archive holds a file of its own that unpacks to the same lines. @throws when either cannot be read */
export async function isArchived(o: Omit<ArchiveOptions, "freeFloorBytes" | "at">): Promise<boolean> {
  const source = join(o.folder, packedName(o.number));
  const target = join(o.archiveFolder, packedName(o.number));
  const there = await statIfThere(target);
  if (there === null) return false;
  requireOther({ target, number: o.number }, await stat(source), there);
  return (await unpackedDigest(source, o.signal)) === (await unpackedDigest(target, o.signal));
}

/** An archive that is the journal's own folder, or linked to it, is none. */
function requireOther(o: { target: string; number: number }, here: Stats, there: Stats): void {
  if (here.dev === there.dev && here.ino === there.ino) throw failed(o.number, `${o.target} is the journal's own file`);
}

const failed = (number: number, what: string): KeepingFailed =>
  new KeepingFailed("JOURNAL_ARCHIVE_FAILED", `segment ${number}: ${what}`);
