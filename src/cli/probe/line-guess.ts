// Whether bytes look like text at all: right speed, wrong speed, or seven bits and a parity bit read as eight.

export type LineGuess = "text" | "sevenEven" | "sevenOdd" | "noise";

/** Speeds in the order in which they are tried: what scanners come with, the most usual first. */
export const USUAL_BAUDS: readonly number[] = [115_200, 9600, 57_600, 38_400, 19_200, 4800, 230_400, 2400];

/** So much of a telegram is readable; a stray byte is no reason to change the speed. */
const READABLE_SHARE = 0.9;

/** @param bytes as they were read with eight data bits and no parity */
export function guessLine(bytes: Uint8Array): LineGuess {
  if (share(bytes, isReadable) >= READABLE_SHARE) return "text";
  const low = bytes.map((byte) => byte & 0x7f);
  if (share(low, isReadable) >= READABLE_SHARE) {
    if (share(bytes, (byte) => ones(byte) % 2 === 0) >= READABLE_SHARE) return "sevenEven";
    if (share(bytes, (byte) => ones(byte) % 2 === 1) >= READABLE_SHARE) return "sevenOdd";
  }
  return "noise";
}

/** Printable, or a control character that stands in telegrams: STX, ETX, EOT, ACK, BEL, TAB, LF, CR, NAK, CAN, GS and the like. */
function isReadable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || READABLE_CONTROLS.has(byte);
}

const READABLE_CONTROLS: ReadonlySet<number> = new Set([
  0x02, 0x03, 0x04, 0x06, 0x09, 0x0a, 0x0d, 0x15, 0x18, 0x1c, 0x1d, 0x1e,
]);

function share(bytes: Uint8Array, holds: (byte: number) => boolean): number {
  let count = 0;
  for (const byte of bytes) if (holds(byte)) count += 1;
  return bytes.length === 0 ? 0 : count / bytes.length;
}

function ones(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
