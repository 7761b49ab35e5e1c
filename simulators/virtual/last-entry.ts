// The number of the last line entry in a stretch of a journal's segment, found without reading the rest of it.

const FIELD = Buffer.from('"n":');
const LINE_FEED = 0x0a;
const ZERO = 0x30;

/**
 * Entries carry their number, and recorded inputs that of the entry before them, at the beginning of their line; inside a
 * line's text quotes are escaped, so that the field's name stands nowhere else.
 * @param bytes from the beginning of a line on; an incomplete last one is no line. @returns null: no entry is among them
 */
export function lastEntryIn(bytes: Buffer): number | null {
  for (let end = bytes.lastIndexOf(LINE_FEED); end > 0; ) {
    const before = bytes.lastIndexOf(LINE_FEED, end - 1);
    const line = bytes.subarray(before + 1, end);
    const at = line.indexOf(FIELD);
    if (at !== -1) return numberAt(line, at + FIELD.length);
    end = before;
  }
  return null;
}

/** @returns null: no digit stands there */
function numberAt(line: Buffer, from: number): number | null {
  let number: number | null = null;
  for (let at = from; at < line.length; at += 1) {
    const digit = (line[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    number = (number ?? 0) * 10 + digit;
  }
  return number;
}
