// Compresses a closed segment: the plain file goes last, when its compressed copy is on the disk and known to be good.
import { createHash } from "node:crypto";
import { stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { segmentName } from "../../journal/segment.ts";
import { storedBytes } from "../../journal/segment-stream.ts";
import { KeepingFailed } from "./keeping-failed.ts";
import { packedName } from "./kept-segments.ts";
import { type AtStep, requireRoom, safeCopy, syncFolder } from "./safe-copy.ts";

export interface KeepOptions {
  folder: string;
  number: number;
  freeFloorBytes: number;
  signal?: AbortSignal | undefined;
  at?: AtStep;
}

/** Both files may be there after a crash: it is then done again from the plain one. Memory: a few chunks. */
export async function compressSegment(o: KeepOptions): Promise<{ bytes: number; packedBytes: number }> {
  const plain = join(o.folder, segmentName(o.number));
  const target = join(o.folder, packedName(o.number));
  const at = o.at ?? (() => {});
  const { size: bytes } = await stat(plain);
  await requireRoom(o.folder, bytes, o.freeFloorBytes);
  const hash = createHash("sha256");
  let read = 0;
  async function* hashed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      read += chunk.length;
      yield chunk;
    }
  }
  const differs = (what: string): Error => new KeepingFailed("JOURNAL_COMPRESS_FAILED", `segment ${o.number}: ${what}`);
  await safeCopy({
    write: (into) => pipeline(storedBytes(plain), hashed, createGzip(), into, { signal: o.signal }),
    target,
    timesOf: plain,
    sha256: () => hash.digest("hex"),
    differs,
    at,
    signal: o.signal,
  });
  // Closed is closed: a file that grew meanwhile is none that may go.
  if ((await stat(plain)).size !== read) throw differs("the plain file grew while it was compressed");
  await unlink(plain);
  at("plainRemoved");
  await syncFolder(o.folder);
  return { bytes, packedBytes: (await stat(target)).size };
}
