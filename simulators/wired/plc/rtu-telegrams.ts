// Telegrams of Modbus RTU as a device sees them: where a request ends, whether it is whole, and a reply with its check sum.

/** Bytes of the first whole request; 0: there is none yet. Only what clients send that poll and write. */
export function requestLength(bytes: ArrayLike<number>): number {
  const code = bytes[1] ?? 0;
  const length = code === 15 || code === 16 ? 9 + (bytes[6] ?? 255) : 8;
  return bytes.length >= length ? length : 0;
}

export const isIntact = (frame: Buffer): boolean =>
  frame.length >= 4 && checkSum(frame.subarray(0, -2)) === frame.readUInt16LE(frame.length - 2);

export function withSum(bytes: Buffer): Buffer {
  const sum = checkSum(bytes);
  return Buffer.concat([bytes, Buffer.from([sum & 0xff, sum >> 8])]);
}

/** Bit by bit, as the serial line specification writes it down. */
function checkSum(bytes: Uint8Array): number {
  let sum = 0xffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1) === 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  }
  return sum;
}
