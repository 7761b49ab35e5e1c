// Commands that switch a scanner's reading on and off, and the bytes that they are on the wire.
import { z } from "zod";
import { bytesText, type ScannerFraming } from "./framing.ts";

const triggerShape = {
  on: bytesText({ min: 1, max: 64 }).nullable().describe("Command that lets the scanner read; null: it knows none."),
  off: bytesText({ min: 1, max: 64 }).nullable().describe("Command that ends its reading; null: it knows none."),
  when: z
    .enum(["never", "whileOpen"])
    .describe(
      "never: the scanner's own trigger input rules; whileOpen: it is told to read when the port opens, at each opening, " +
        "and to stop when the controller ends.",
    ),
  framed: z
    .boolean()
    .describe(
      "The command goes between the framing's start and end, and its answer comes so (Keyence mirrors the command's " +
        "frame); false: its bytes alone.",
    ),
};

export const triggerSchema = z.strictObject(triggerShape);
export const triggerOverrides = triggerSchema.partial();

export type ScannerTrigger = z.output<typeof triggerSchema>;

export const NO_TRIGGER: ScannerTrigger = { on: null, off: null, when: "never", framed: true };

/** null: nothing is to be sent. */
export function triggerBytes(
  o: { trigger: ScannerTrigger; framing: Pick<ScannerFraming, "start" | "end"> },
  which: "on" | "off",
): Buffer | null {
  const { trigger, framing } = o;
  const command = trigger[which];
  if (command === null || trigger.when === "never") return null;
  return Buffer.from(trigger.framed ? framing.start + command + framing.end : command, "latin1");
}
