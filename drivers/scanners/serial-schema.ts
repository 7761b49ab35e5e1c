// What a site says of a scanner on a serial port of this machine (RS-232, RS-422 or USB-CDC).
import { z } from "zod";
import { scannerKeys, scannerProblems, scannerSettings, withProfile } from "./schema.ts";

const driver = z.literal("serial").describe("A scanner that sends text frames over a serial port.");
const path = z
  .string()
  .min(1)
  .max(255)
  .describe("Path of the port; one under /dev/serial/by-id stays the same when the plug is pulled and put back.");

const { id, ...keys } = scannerKeys;

export const serialScannerSchema = z
  .strictObject({ id, driver, path, ...keys })
  .transform(withProfile)
  .pipe(
    z.strictObject({ ...scannerSettings, driver, path }).superRefine((scanner, context) => {
      for (const { path, message } of scannerProblems(scanner)) context.addIssue({ code: "custom", path, message });
    }),
  );

export type SerialScannerConfig = z.output<typeof serialScannerSchema>;
