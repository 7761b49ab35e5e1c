// The number of the last line entry in a stretch of a journal's segment, found without reading the rest of it.

const FIELD = '"n":';

/**
 * Entries carry their number, and recorded inputs that of the entry before them; inside a line's text quotes are escaped,
 * so that the field's name stands nowhere else.
 * @param bytes from the beginning of a line on; an incomplete last one is no line. @returns null: no entry is among them
 */
export function lastEntryIn(bytes: Buffer): number | null {
  const end = bytes.lastIndexOf("\n");
  const at = end === -1 ? -1 : bytes.lastIndexOf(FIELD, end, "latin1");
  if (at === -1) return null;
  const digits = /^\d+/.exec(bytes.toString("latin1", at + FIELD.length, at + FIELD.length + 16));
  return digits === null ? null : Number(digits[0]);
}
