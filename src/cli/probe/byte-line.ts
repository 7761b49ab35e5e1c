// Bytes as people read them: in hex, and as text with the names of control characters.

const NAMES = [
  ...["NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI"],
  ...["DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US"],
];

/** `02 41 03   <STX>A<ETX>`. */
export function byteLine(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `${hex}   ${[...bytes].map(shown).join("")}`;
}

function shown(byte: number): string {
  if (byte < 0x20) return `<${NAMES[byte]}>`;
  return byte < 0x7f ? String.fromCharCode(byte) : `<${byte.toString(16)}>`;
}
