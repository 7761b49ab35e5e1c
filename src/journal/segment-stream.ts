// Reads the lines of a segment file as a stream, plain or compressed, so that a large one fills no memory and blocks nobody.
import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

const CHUNKS = { highWaterMark: 256 * 1024 };

/** The bytes of the file as they lie on the disk. */
export const storedBytes = (path: string, signal?: AbortSignal): Readable =>
  createReadStream(path, signal === undefined ? CHUNKS : { ...CHUNKS, signal });

/** The bytes of the segment as they were written; errors (ENOENT, not to be unpacked) come while it is read. */
export function segmentStream(
  path: string,
  o: { isPacked?: boolean; signal?: AbortSignal | undefined } = {},
): Readable {
  const stored = storedBytes(path, o.signal);
  // A file that cannot be read ends the reading of what is unpacked by its error.
  return (o.isPacked ?? path.endsWith(".gz")) ? pipeline(stored, createGunzip(CHUNKS_OUT), () => {}) : stored;
}

const CHUNKS_OUT = { chunkSize: 256 * 1024 };

/** Complete lines without their LF; what follows the last LF is left out. */
export async function* streamedLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, from)) {
      yield bytes.subarray(from, at);
      from = at + 1;
    }
    rest = bytes.subarray(from);
  }
}
