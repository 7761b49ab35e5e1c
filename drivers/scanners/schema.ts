// What a site says of a scanner whatever wire it is on: its profile, what differs from it, and what proves that it lives.
import { z } from "zod";
import { type FramingOverrides, framingOverrides, framingSchema, overridden, PLAIN_FRAMING, said } from "./framing.ts";
import { PROFILE_NAMES, type ProfileName, scannerProfiles } from "./profiles/all.ts";
import type { ScannerProfile } from "./profiles/profile.ts";
import { bitsPerCharacter, type SerialLine, serialLineShape, USUAL_LINE } from "./serial-line.ts";
import { NO_TRIGGER, triggerOverrides, triggerSchema } from "./trigger.ts";

const supervision = {
  silenceMs: z
    .int()
    .min(100)
    .max(3_600_000)
    .nullable()
    .describe(
      "After this long without a whole telegram, in ms, the scanner is silent: an alarm until the next one. Longer than " +
        "two of the heartbeat's intervals; without a heartbeat longer than the line's longest idle time. null: never, as " +
        "for a scanner in a person's hand.",
    ),
  aliveBy: z
    .enum(["telegram", "heartbeat"])
    .describe(
      "What ends a silence: any telegram, for a scanner that sends its heartbeat only while it has nothing else to say; " +
        "or the heartbeat alone, for one that sends it always.",
    ),
};

const scannerId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/)
  .describe("Name of the scanner in stations, journal and alarms.");

/** Keys of every scanner, as a site writes them; what is left out is the profile's. */
export const scannerKeys = {
  id: scannerId,
  profile: z
    .enum(PROFILE_NAMES)
    .default("generic")
    .describe("What the scanner sends as it leaves the factory (scanner-profiles.md); every other key overrides it."),
  ...z.strictObject(serialLineShape).partial().shape,
  silenceMs: supervision.silenceMs.default(5000),
  aliveBy: supervision.aliveBy.default("telegram"),
  framing: framingOverrides
    .prefault({})
    .describe("How one telegram is told from the next. Every key that is left out is the profile's."),
  trigger: triggerOverrides
    .prefault({})
    .describe("Commands that switch the reading on and off. Every key that is left out is the profile's."),
};

/** The same with every key filled in. */
export const scannerSettings = {
  id: scannerId,
  profile: z.enum(PROFILE_NAMES),
  ...serialLineShape,
  ...supervision,
  framing: framingSchema,
  trigger: triggerSchema,
};

type Written = Partial<{ [K in keyof SerialLine]: SerialLine[K] | undefined }> & {
  profile: ProfileName;
  framing: FramingOverrides;
  trigger: z.output<typeof triggerOverrides>;
};

/** Fills in what the profile says and the site does not. */
export function withProfile<T extends Written>(written: T) {
  const profile: ScannerProfile = scannerProfiles[written.profile];
  const { baud, dataBits, parity, stopBits } = written;
  return {
    ...written,
    ...USUAL_LINE,
    ...profile.line,
    ...said({ baud, dataBits, parity, stopBits }),
    framing: overridden(overridden(PLAIN_FRAMING, profile.framing), written.framing),
    trigger: { ...NO_TRIGGER, ...profile.trigger, ...said(written.trigger) },
  };
}

export type ScannerSettings = z.output<z.ZodObject<typeof scannerSettings>>;

interface ScannerProblem {
  path: string[];
  message: string;
}

/** What the keys say together and cannot mean. */
export function scannerProblems(scanner: ScannerSettings): ScannerProblem[] {
  const { framing, trigger } = scanner;
  const problems: ScannerProblem[] = [];
  const shortestMs = (2 * bitsPerCharacter(scanner) * 1000) / scanner.baud;
  if (framing.interByteTimeoutMs < shortestMs) {
    problems.push({
      path: ["framing", "interByteTimeoutMs"],
      message: `two characters at ${scanner.baud} baud take ${shortestMs.toFixed(1)} ms; a longer pause must be allowed`,
    });
  }
  if (scanner.aliveBy === "heartbeat" && framing.heartbeat === null)
    problems.push({ path: ["aliveBy"], message: "needs a framing.heartbeat: nothing else would end a silence" });
  if (framing.check.kind === "lrc" && scanner.dataBits === 7)
    problems.push({ path: ["framing", "check", "kind"], message: "a sum needs 8 data bits; xor, or dataBits: 8" });
  if (trigger.when === "whileOpen" && trigger.on === null)
    problems.push({ path: ["trigger", "on"], message: "the command that lets the scanner read" });
  return problems;
}
