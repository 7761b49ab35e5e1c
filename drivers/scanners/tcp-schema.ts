// What a site says of a scanner behind a terminal server, whose raw TCP port hands on what the serial line says.
import { z } from "zod";
import { scannerKeys, scannerProblems, scannerSettings, withProfile } from "./schema.ts";

const driver = z
  .literal("serial-tcp")
  .describe(
    "A scanner behind a terminal server, or with a TCP port of its own: a raw connection, without telnet or RFC 2217.",
  );
const host = z
  .string()
  .min(1)
  .max(255)
  .describe("Address of the terminal server; a name is looked up on a thread that the journal needs too.");
const port = z.int().min(1).max(65_535).describe("Its raw TCP port for this scanner.");

const timing = {
  connectTimeoutMs: z
    .int()
    .min(100)
    .max(30_000)
    .describe("After this long without an answer, in ms, an attempt to connect is given up and tried anew."),
  transitMs: z
    .int()
    .min(0)
    .max(200)
    .describe(
      "The longest that a telegram is on its way from the scanner's last byte to this machine, in ms: the terminal " +
        "server's packing time and the network's. The parcel can have moved on by as much, so that it widens the " +
        "station's window.",
    ),
  settleMs: z
    .int()
    .min(0)
    .max(10_000)
    .describe(
      "For so long after a connection was made, in ms, bytes may be older than it: the terminal server kept them. They " +
        "then count as come at any time since the connection before last spoke.",
    ),
};

const { id, ...keys } = scannerKeys;
const usualTiming = {
  connectTimeoutMs: timing.connectTimeoutMs.default(2000),
  transitMs: timing.transitMs.default(20),
  settleMs: timing.settleMs.default(500),
};

export const tcpScannerSchema = z
  .strictObject({ id, driver, host, port, ...usualTiming, ...keys })
  .transform(withProfile)
  .pipe(
    z.strictObject({ ...scannerSettings, driver, host, port, ...timing }).superRefine((scanner, context) => {
      for (const { path, message } of scannerProblems(scanner)) context.addIssue({ code: "custom", path, message });
      if (scanner.framing.noRead === null) {
        const message =
          "a text: over TCP a telegram may come late, and only where each reading has one is it not taken for the next parcel's";
        context.addIssue({ code: "custom", path: ["framing", "noRead"], message });
      }
    }),
  );

export type TcpScannerConfig = z.output<typeof tcpScannerSchema>;
