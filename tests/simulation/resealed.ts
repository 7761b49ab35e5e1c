// A journal with its lines changed and sealed anew, so that the chain says nothing and only a replay can tell.
import { chainHash, sealedLine } from "../../src/journal/chain.ts";
import type { JournalFolder } from "../../src/journal/disk.ts";
import { parseLine } from "../../src/journal/line.ts";
import { segmentBytes, segmentFiles, splitLines } from "../../src/journal/segment.ts";

type Line = Record<string, unknown> & { kind: string };

/** @param edit the lines of all segments, in order, to be kept, changed or left out; headers must stay */
export function resealed(folder: JournalFolder, edit: (lines: Line[]) => Line[]): JournalFolder {
  const files = segmentFiles(folder);
  const lines = files.flatMap((file) =>
    splitLines(segmentBytes(folder, file)).lines.map((bytes): Line => ({ ...parseLine(bytes) }) as unknown as Line),
  );
  const texts: string[] = [];
  let seq = 0;
  let hash = "0".repeat(64);
  for (const { seq: _, hash: __, durable: ___, run, ...rest } of edit(lines)) {
    seq += 1;
    const body = rest.kind === "segment" ? { ...rest, prev: hash, cuts: [] } : rest;
    const text = `{"seq":${seq},"run":${run},${JSON.stringify(body).slice(1, -1)}`;
    hash = chainHash(hash, text);
    if (rest.kind === "segment") texts.push("");
    texts[texts.length - 1] += sealedLine(text, hash);
  }
  const contents = new Map(texts.map((text, index) => [files[index]?.name ?? "", Buffer.from(text)]));
  return { names: () => [...contents.keys()], read: (name) => contents.get(name) ?? Buffer.alloc(0) };
}

export const folderOf = (image: ReadonlyMap<string, { bytes: Buffer }>): JournalFolder => ({
  names: () => [...image.keys()],
  read: (name) => image.get(name)?.bytes ?? Buffer.alloc(0),
});
