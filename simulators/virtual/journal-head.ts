// The hash that seals the last line of a simulated journal: where it is the same, two runs wrote the same, byte for byte.
import { CHAIN_START, openLine } from "../../src/journal/chain.ts";
import { splitLines } from "../../src/journal/segment.ts";
import type { DiskImage } from "./virtual-disk.ts";

/** Of the newest segment that has a whole line. */
export function journalHead(disk: DiskImage): string {
  for (const name of [...disk.keys()].sort().reverse()) {
    const last = splitLines(disk.get(name)?.bytes ?? Buffer.alloc(0)).lines.at(-1);
    const sealed = last === undefined ? null : openLine(last);
    if (sealed !== null) return sealed.hash;
  }
  return CHAIN_START;
}
