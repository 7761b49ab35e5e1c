// The check sum of Modbus telegrams on a serial line.

/** CRC-16/MODBUS: Modbus over serial line V1.02, 6.2.2 (polynomial 0xA001 reflected, start 0xFFFF). */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** Over `bytes[from]` up to, and without, `bytes[until]`. */
export function crc16(bytes: Uint8Array, from = 0, until = bytes.length): number {
  let crc = 0xffff;
  for (let i = from; i < until; i += 1) crc = (crc >> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number);
  return crc;
}

/** The last two of these bytes are the check sum of the others, low byte first. */
export function isIntact(bytes: Uint8Array, from = 0, until = bytes.length): boolean {
  if (until - from < 4) return false;
  const sum = crc16(bytes, from, until - 2);
  return bytes[until - 2] === (sum & 0xff) && bytes[until - 1] === sum >> 8;
}
