// The faults of a scenario file: what, where, when or how often, and for how long.
import { z } from "zod";
import { inputRange, nameOf, placeMm, seconds } from "./scenario-values.ts";

/** Exactly one of `atS`, `everyS` and `perHour` says when. */
const when = {
  atS: z
    .union([seconds, z.array(seconds).min(1).max(1000)])
    .optional()
    .describe("When it comes, s after the start; a list: several times."),
  everyS: seconds.min(0.1).optional().describe("It comes again and again, so many seconds apart."),
  perHour: z
    .number()
    .min(0.1)
    .max(100_000)
    .optional()
    .describe("It comes at random, so often an hour, at least once in a run."),
  fromS: seconds.optional().describe("No earlier than that; goes with `everyS` and `perHour`. Left out: 4 s."),
  untilS: seconds
    .optional()
    .describe("No later than that; goes with `everyS` and `perHour`. Left out: until the calm."),
};

const lasting = {
  ...when,
  forS: inputRange({ min: 0.001, max: 86_400 }).describe("How long it lasts, s; a list of two: drawn between them."),
};

const device = nameOf("The PLC. Left out: drawn among all.").optional();
const belt = nameOf("The belt. Left out: drawn among all.").optional();
const scanner = nameOf("The scanner. Left out: drawn among all.").optional();
const atMm = placeMm.describe("Place on the belt; a list of two: drawn between them.");

const fault = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, what: string, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind).describe(what), ...shape });

export const faultSchema = z.discriminatedUnion("kind", [
  fault("kill", "The controller's process is killed and started again.", when),
  fault("powerLoss", "The controller's machine loses its power; the disk keeps what was synced.", when),
  fault("stall", "The controller's loop stands still; what devices, disk and customs say meanwhile waits.", lasting),
  fault("freeze", "A PLC stops in mid-air and then carries out what its socket holds.", {
    ...lasting,
    device,
    onCommand: z.boolean().optional().describe("It waits for the next command of a gate, and stops holding it."),
  }),
  fault("halt", "A PLC stops and begins anew; its counters stand meanwhile, and go on where they stood.", {
    ...lasting,
    device,
  }),
  fault("cut", "The cable to a PLC is out.", { ...lasting, device }),
  fault("reboot", "A PLC loses its power: outputs fall, memory and counters begin anew.", { ...lasting, device }),
  fault("slowPlc", "Each request takes longer at a PLC.", {
    ...lasting,
    device,
    extraMs: inputRange({ min: 0.1, max: 10_000 }).describe("How much longer, ms."),
  }),
  fault("muteTracker", "A PLC that tracks judges telegrams and shows no verdict.", { ...lasting, device }),
  fault("deafTracker", "A PLC that tracks looks at no telegram.", { ...lasting, device }),
  fault("forgetfulTracker", "The program of a PLC that tracks starts anew, and knows no parcel.", { ...when, device }),
  fault("slowDisk", "A sync of the disk takes so long.", {
    ...lasting,
    syncMs: inputRange({ min: 0.1, max: 60_000 }).describe("Time of one sync, ms."),
  }),
  fault("fullDisk", "Nothing more can be written.", lasting),
  fault("silentFeed", "Nothing comes from customs, no heartbeat either.", lasting),
  fault("lostHints", "The line is not told what changes; only a look-up shows it.", lasting),
  fault("gatewayDies", "The gateway ends when it has taken the next hold, and before the line is told of it.", lasting),
  fault("releaseStorm", "Customs says again what it has said of the last 400 parcels.", {
    ...lasting,
    perS: inputRange({ min: 1, max: 20_000 }).describe("Statements a second."),
  }),
  fault("jam", "Parcels stick at a place and pile up behind it.", { ...lasting, belt, atMm }),
  fault(
    "stuckGate",
    "A gate, when it is out the next time, sticks there. What the belt's coast brings to it is taken along.",
    {
      ...lasting,
      gate: nameOf("The gate. Left out: drawn among all.").optional(),
    },
  ),
  fault("encoderSlip", "The encoder's wheel slips.", {
    ...lasting,
    belt,
    mmPerM: inputRange({ min: -1000, max: 1000 }).describe("What it counts too much per metre, or too little, mm."),
  }),
  fault("encoderJump", "The encoder's counter jumps.", {
    ...when,
    belt,
    byMm: inputRange({ min: -1_000_000, max: 1_000_000 }).describe("By so much travel that never was, mm."),
  }),
  fault("deadScanner", "A scanner sends nothing at all.", { ...lasting, scanner }),
  fault("weakScanner", "A scanner fails on a share of the parcels.", {
    ...lasting,
    scanner,
    noReadShare: inputRange({ min: 0, max: 1 }).describe("The share, 0 to 1."),
  }),
  fault("slowScanner", "What a scanner sends waits on the way, and is handed over together with what came meanwhile.", {
    ...lasting,
    scanner,
    extraMs: inputRange({ min: 1, max: 10_000 }).describe("The longest that it waits, ms."),
  }),
  fault("noRead", "The next parcel is not read.", { ...when, scanner }),
  fault("secondCode", "The scanner finds a second waybill on the next parcel.", { ...when, scanner }),
  fault("lateTelegram", "The next telegram of a scanner comes later, held back on the way.", {
    ...when,
    scanner,
    byMs: inputRange({ min: 1, max: 10_000 }).describe("How much later, ms."),
  }),
  fault("takeOff", "A hand takes the next parcel off that comes by.", { ...when, belt, atMm }),
  fault("addByHand", "A hand puts a parcel of which nobody knows onto the belt.", { ...when, belt, atMm }),
  fault("holdRiding", "Customs holds the next released parcel that comes by.", { ...when, belt, atMm }),
  fault("copyLabel", "The next parcel bears the label of one that was released.", {
    ...when,
    belt,
    behind: inputRange({ min: 0, max: 200 })
      .optional()
      .describe("Of the released parcel that came so many before the last one. Left out: the last one."),
  }),
  fault("stuckTogether", "The next parcel comes right behind the one before it.", {
    ...when,
    belt,
    gapMm: inputRange({ min: 0, max: 1000 }).describe("The gap between the two, mm."),
    readAsOne: z
      .boolean()
      .optional()
      .describe("Scanners get one trigger for the two, and send the codes of both in one telegram."),
  }),
]);

export type ScenarioFault = z.output<typeof faultSchema>;
