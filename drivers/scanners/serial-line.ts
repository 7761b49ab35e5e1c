// The serial line of a scanner: its settings, and the time that characters take on it.
import { z } from "zod";

export const serialLineShape = {
  baud: z.int().min(300).max(4_000_000).describe("Line speed, bits per second; left out: the profile's."),
  dataBits: z.union([z.literal(7), z.literal(8)]).describe("Data bits of a character; left out: the profile's."),
  parity: z.enum(["none", "even", "odd"]).describe("Parity bit of a character; left out: the profile's."),
  stopBits: z.union([z.literal(1), z.literal(2)]).describe("Stop bits of a character; left out: the profile's."),
};

export type SerialLine = z.output<z.ZodObject<typeof serialLineShape>>;

/** What a scanner is set to where one is free to choose: a telegram of 40 bytes then takes 3.5 ms. */
export const USUAL_LINE: SerialLine = { baud: 115_200, dataBits: 8, parity: "none", stopBits: 1 };

/** Bits that one character takes on the wire: start bit, data, parity, stop; 10 for 8N1. */
export const bitsPerCharacter = (line: Pick<SerialLine, "dataBits" | "parity" | "stopBits">): number =>
  1 + line.dataBits + (line.parity === "none" ? 0 : 1) + line.stopBits;

/** So many bytes on the wire, ns. */
export const wireNs = (line: SerialLine, byteCount: number): number =>
  Math.round((byteCount * bitsPerCharacter(line) * 1e9) / line.baud);
