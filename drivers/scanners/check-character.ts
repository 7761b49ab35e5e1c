// The check character of a frame: what it is taken over, and whether it is right.
import type { FrameCheck, ScannerFraming } from "./framing.ts";

/**
 * xor: all bytes; lrc: the two's complement of their sum, eight bits (ISO 1155).
 * Which bytes count differs within one vendor: Denso's QS20H takes the terminator in, the QK20 does not (their manuals,
 * pp. 33 and 53), so that the range is a setting.
 */
export function checkCharacter(kind: Exclude<FrameCheck["kind"], "none">, bytes: Iterable<number>): number {
  let xor = 0;
  let sum = 0;
  for (const byte of bytes) {
    xor ^= byte;
    sum = (sum + byte) & 0xff;
  }
  return kind === "xor" ? xor : -sum & 0xff;
}

/** Bytes that a check character takes in the frame, and of these those behind its end. */
export const checkBytes = ({ kind }: FrameCheck): 0 | 1 => (kind === "none" ? 0 : 1);
export const trailBytes = (check: FrameCheck): 0 | 1 => (check.place === "afterEnd" ? checkBytes(check) : 0);

/** True where there is none. @param frame with start, end and check character */
export function isCheckRight(frame: Uint8Array, framing: Pick<ScannerFraming, "start" | "end" | "check">): boolean {
  const { start, end, check } = framing;
  if (check.kind === "none") return true;
  const place = check.place === "afterEnd" ? frame.length - 1 : frame.length - end.length - 1;
  if (place < start.length) return false;
  const from = check.coversStart ? 0 : start.length;
  const dataEnd = check.place === "afterEnd" ? place - end.length : place;
  const covered = [...frame.subarray(from, dataEnd), ...(check.coversEnd ? Buffer.from(end, "latin1") : [])];
  return checkCharacter(check.kind, covered) === frame[place];
}
