// What a site says of a serial scanner: its port, and how one telegram is told from the next.
import { z } from "zod";

/**
 * Delimiters are text of one byte a character (U+0000..U+00FF), as scanners send them: STX is "\u0002", CR LF "\r\n".
 */
const bytes = (o: { min: number; max: number }) =>
  z
    .string()
    .min(o.min)
    .max(o.max)
    .regex(/^[^\u0100-\uffff]*$/, "only characters U+0000 to U+00FF, each is one byte on the wire");

export const scannerFramingSchema = z
  .strictObject({
    start: bytes({ min: 0, max: 8 })
      .default("\u0002")
      .describe(
        'Bytes that open a frame, usually STX ("\\u0002"); empty: a frame begins after the end of the one before.',
      ),
    end: bytes({ min: 1, max: 8 })
      .default("\u0003")
      .describe(
        'Bytes that close a frame, usually ETX ("\\u0003") or CR LF ("\\r\\n"). The reaction time runs from the last of them.',
      ),
    separator: bytes({ min: 1, max: 10 })
      .nullable()
      .default(";")
      .describe("Stands between two codes of one frame; null: a frame holds one code."),
    noRead: bytes({ min: 1, max: 64 })
      .nullable()
      .default("NOREAD")
      .describe("The whole content of a frame that says nothing was read; null: the scanner then sends nothing."),
    heartbeat: bytes({ min: 1, max: 64 })
      .nullable()
      .default(null)
      .describe("The whole content of the frame that an idle scanner sends at intervals; null: it sends none."),
    maxBytes: z
      .int()
      .min(8)
      .max(4096)
      .default(256)
      .describe("Longest frame in bytes, start and end included; a longer one is discarded whole and counted."),
    interByteTimeoutMs: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe(
        "Longest pause in ms between two bytes of one frame; after it the frame is partial, discarded and counted. " +
          "USB adapters hand over bytes in bursts (FTDI: every 16 ms unless tuned).",
      ),
    aimPrefix: z
      .boolean()
      .default(false)
      .describe('Each code begins with its AIM symbology identifier, such as "]C1" (ISO/IEC 15424); it is split off.'),
  })
  .superRefine((framing, context) => {
    for (const problem of framingProblems(framing)) {
      context.addIssue({ code: "custom", path: [problem.key], message: problem.message });
    }
  });

/** One scanner on a serial port (RS-232, RS-422 or USB-CDC). */
export const serialScannerSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/)
      .describe("Name of the scanner in stations, journal and alarms."),
    driver: z.literal("serial").describe("A scanner that sends text frames over a serial port."),
    path: z
      .string()
      .min(1)
      .max(255)
      .describe("Path of the port; one under /dev/serial/by-id stays the same when the plug is pulled and put back."),
    baud: z.int().min(300).max(4_000_000).default(115_200).describe("Line speed, bits per second."),
    dataBits: z
      .union([z.literal(7), z.literal(8)])
      .default(8)
      .describe("Data bits of a character."),
    parity: z.enum(["none", "even", "odd"]).default("none").describe("Parity bit of a character."),
    stopBits: z
      .union([z.literal(1), z.literal(2)])
      .default(1)
      .describe("Stop bits of a character."),
    silenceMs: z
      .int()
      .min(100)
      .max(3_600_000)
      .default(5000)
      .describe(
        "After this long without a byte, in ms, the scanner is silent: an alarm until the next byte. Longer than the " +
          "heartbeat's interval; without a heartbeat longer than the line's longest idle time.",
      ),
    framing: scannerFramingSchema.prefault({}).describe("How one telegram is told from the next."),
  })
  .superRefine((scanner, context) => {
    const shortestMs = (2 * bitsPerCharacter(scanner) * 1000) / scanner.baud;
    if (scanner.framing.interByteTimeoutMs < shortestMs) {
      context.addIssue({
        code: "custom",
        path: ["framing", "interByteTimeoutMs"],
        message: `two characters at ${scanner.baud} baud take ${shortestMs.toFixed(1)} ms; a longer pause must be allowed`,
      });
    }
  });

export type ScannerFraming = z.output<typeof scannerFramingSchema>;
export type SerialScannerConfig = z.output<typeof serialScannerSchema>;

/** Bits that one character takes on the wire: start bit, data, parity, stop; 10 for 8N1. */
export const bitsPerCharacter = (line: Pick<SerialScannerConfig, "dataBits" | "parity" | "stopBits">): number =>
  1 + line.dataBits + (line.parity === "none" ? 0 : 1) + line.stopBits;

/** Settings each good alone that could never tell frames or codes apart together. */
function framingProblems(framing: {
  start: string;
  end: string;
  separator: string | null;
  noRead: string | null;
  heartbeat: string | null;
  maxBytes: number;
}): { key: string; message: string }[] {
  const problems: { key: string; message: string }[] = [];
  const { start, end, separator, noRead, heartbeat } = framing;
  const contents = { separator, noRead, heartbeat };
  // An empty end is refused by its own rule; it would be "contained" in everything.
  if (end === "") return [];
  if (start !== "" && (start.includes(end) || end.includes(start))) {
    problems.push({ key: "end", message: "start and end must not contain one another: no frame could be closed" });
  }
  for (const [key, text] of Object.entries(contents)) {
    if (text === null) continue;
    if (text.includes(end)) problems.push({ key, message: "must not contain the end of the frame" });
    if (start !== "" && text.includes(start)) problems.push({ key, message: "must not contain the start of a frame" });
  }
  if (noRead !== null && noRead === heartbeat) {
    problems.push({ key: "heartbeat", message: "must differ from noRead: a heartbeat is no parcel, a no-read is one" });
  }
  const longestContent = Math.max(1, noRead?.length ?? 0, heartbeat?.length ?? 0);
  const shortest = start.length + longestContent + end.length;
  if (framing.maxBytes < shortest) {
    problems.push({ key: "maxBytes", message: `at least ${shortest}: start, end and the longest fixed content` });
  }
  return problems;
}
