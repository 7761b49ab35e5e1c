// line.yaml: the plant as it stands (devices, belts with their eyes, stations and gates, scanners), in mm and ms.
import { z } from "zod";
import { deviceSchema, driveSchema, scannerSchema } from "../../drivers/registry.ts";
import { eyeSchema } from "./eye-schema.ts";
import { EVIDENCE_DAYS } from "./retention.ts";
import { idOf, inputNumber, LONGEST_BELT_MM, mm, ms, place, referenceTo } from "./values.ts";

const storageSchema = z.strictObject({
  shareMs: ms({ min: 1, max: 45 })
    .default(25)
    .describe(
      "The disk's share of the reaction, in ms: an entry not durable within it sends its parcel the safe path.",
    ),
  minFreeMb: z
    .int()
    .min(64)
    .max(1_000_000)
    .default(512)
    .describe("Free space on the data folder's disk, in MB, below which every parcel takes the safe path."),
  recordInputs: z
    .boolean()
    .default(true)
    .describe(
      "Records what the line core was given and what its look-ups answered, so that `coline replay` can decide each parcel " +
        "again. The journal about doubles by it: some 33 MB more an hour at 10,000 parcels.",
    ),
  archiveFolder: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Folder on another disk or a mount, relative to the site's folder or absolute, to which the gateway copies closed " +
        "segments of the journal; it must be there. Applies at the next start of the gateway. Left out: no archive.",
    ),
  retainDays: z
    .int()
    .min(1)
    .max(36_500)
    .default(EVIDENCE_DAYS)
    .describe(
      "Age in days from which the gateway deletes closed segments of the journal. Below 1096 (three years) only with an " +
        "archiveFolder; with one, only what is in it, and not below 185. Applies at the next start of the gateway.",
    ),
});

const realTimeSchema = z.strictObject({
  wakeLatencyUs: z
    .int()
    .min(0)
    .max(10_000)
    .nullable()
    .default(0)
    .describe(
      "Longest time in µs that the processor may take to wake from idleness while the controller runs. 0: it does not " +
        "sleep at all, for the shortest reaction and the most heat; 10 lets most processors sleep lightly; null: as the " +
        "system has it. Applies at the next start of the controller.",
    ),
});

const encoderSchema = z.strictObject({
  id: idOf("Name of the encoder."),
  device: referenceTo("Device that counts it."),
  register: z.int().min(0).max(65_535).describe("First register of the count."),
  from: z
    .enum(["inputRegisters", "holdingRegisters"])
    .default("inputRegisters")
    .describe("Table in which the count stands."),
  bits: z.union([z.literal(16), z.literal(32)]).describe("Width of the counter in bits; it wraps at 2 to that power."),
  mmPerCount: mm({ min: 0.001, max: 100 }).describe("Belt travel of one count, in mm."),
});

const address = z.int().min(0).max(65_535);

const permitRegisterSchema = z
  .strictObject({
    address: address.describe("Holding register that is written."),
    on: address.default(1).describe("Value that allows."),
    off: address.default(0).describe("Value that does not; what the device falls to by itself must not allow either."),
  })
  .refine(({ on, off }) => on !== off, { path: ["off"], message: "another value than on" })
  .optional()
  .describe("A holding register in place of the coil.");

/** One of the two outputs, and only one. */
const hasOneOutput = ({ coil, register }: { coil?: number | undefined; register?: unknown }): boolean =>
  (coil === undefined) !== (register === undefined);

const oneOutput = { path: ["coil"], message: "a coil, or a register in its place" };

const runPermitObject = z.strictObject({
  device: referenceTo("Device of the relay; best one of its own, that a restart of a gate's device does not touch."),
  coil: address.optional().describe("Coil that lets the belt run while it is on."),
  register: permitRegisterSchema,
  feedback: inputNumber
    .optional()
    .describe(
      "Discrete input of the same device that is on while the drive runs. A belt without encoder needs it: whether it " +
        "moves is known by nothing else.",
    ),
});

const runPermitSchema = runPermitObject.refine(hasOneOutput, oneOutput);

const infeedPermitSchema = z
  .strictObject({
    device: referenceTo("Device of the relay."),
    coil: address.optional().describe("Coil that lets parcels onto the belt while it is on."),
    register: permitRegisterSchema,
  })
  .refine(hasOneOutput, oneOutput);

const stationSchema = z.strictObject({
  id: idOf("Name of the reading station."),
  atMm: place.describe("Place of the reading line from the belt's start, in mm."),
  fromMm: mm({ min: -5000, max: 5000 }).describe(
    "Where a parcel's front is at the earliest when its telegram ends, in mm past the reading line.",
  ),
  toMm: mm({ min: -5000, max: 5000 }).describe(
    "Where a parcel's front is at the latest when its telegram ends, in mm past the reading line.",
  ),
  scanners: z
    .array(referenceTo("A scanner of the station."))
    .min(1)
    .max(16)
    .describe("Scanners whose reads are merged."),
  noReadAlarm: z
    .strictObject({
      percent: z
        .int()
        .min(1)
        .max(100)
        .default(20)
        .describe("Share of parcels without a read, in percent, from which on it is an alarm."),
      of: z.int().min(10).max(10_000).default(100).describe("Parcels in a row over which the share is taken."),
    })
    .prefault({})
    .describe("Alarm SCANNER_NO_READS; percent: 100 is one only while nothing at all is read."),
  handFed: z
    .boolean()
    .default(false)
    .describe(
      "People lay parcels down here and read them with a hand-held scanner, each while it lies in the window. On a belt " +
        "that has other stations too, such a reading counts only while the belt's infeed permit is off.",
    ),
});

const gateSchema = z.strictObject({
  id: idOf("Name of the gate."),
  atMm: place.describe("Upstream edge of the swept zone from the belt's start, in mm: fronts are taken from here on."),
  sweptMm: mm({ min: 1, max: 5000 }).describe("Length of the swept zone along the belt, in mm."),
  travelMs: ms({ min: 1, max: 5000 }).describe(
    "Time from home to out, and back, in ms. The worst case measured on site: data sheets give the typical one.",
  ),
  restMs: ms({ min: 0, max: 5000 })
    .default(0)
    .describe(
      "Time at home before it may go out again, in ms, where the drive asks for it. 0: it may turn round on its way home, " +
        "towards the same chute; for another chute it is home first in any case.",
    ),
  device: referenceTo("Device that drives it."),
  chutes: z.array(referenceTo("A chute of the gate.")).min(1).max(8).describe("Chutes into which the gate diverts."),
  drive: driveSchema.describe("How the device is told to move the gate."),
  busMs: ms({ min: 0.1, max: 1000 })
    .optional()
    .describe(
      "Time from the bus being asked to the command at the device, in ms. " +
        "Left out: one poll, one other gate's command and the gate's own, each with the device's reply time.",
    ),
  maxOutMs: z
    .int()
    .min(10)
    .max(60_000)
    .optional()
    .describe(
      "Longest time out for one parcel, in ms. Left out: twice what the longest item takes past the swept zone at the " +
        "belt's speed, and 150 ms for a gate that moves early.",
    ),
});

const signalOf = (what: string) =>
  z
    .strictObject({
      device: referenceTo("Device that reads it."),
      input: inputNumber.describe("Discrete input of the device, on while all is well."),
    })
    .optional()
    .describe(`${what} On while all is well, so that a broken wire says the contrary. Left out: counts as well.`);

const signalsSchema = z.strictObject({
  automatic: signalOf("The PLC drives by itself; off: manual mode."),
  emergencyStopClear: signalOf("No emergency stop; only read, no safety function."),
  driveOk: signalOf("The belt's drive has no fault."),
  airOk: signalOf("The gates have compressed air."),
  upstreamReady: signalOf("What feeds the belt is ready; only shown."),
  downstreamReady: signalOf("What takes over behind the safe end is ready; off: the infeed is held."),
});

const beltSchema = z.strictObject({
  id: idOf("Name of the belt."),
  lengthMm: mm({ min: 500, max: LONGEST_BELT_MM }).describe("Length from its start to the safe end, in mm."),
  speedMmPerS: z.number().min(50).max(5000).describe("Nominal speed, in mm/s; the proof reckons with it."),
  minSpeedMmPerS: z.number().min(1).max(5000).describe("Measured speed below which no gate is moved, in mm/s."),
  coastMm: mm({ min: 0, max: 50_000 }).describe(
    "How far the belt travels after its run permit fell, worst case, in mm.",
  ),
  driftPercent: z
    .number()
    .min(0)
    .max(20)
    .describe("Position error gained since the last eye, in percent of the travel (slip, encoder wheel)."),
  items: z
    .strictObject({
      minLengthMm: mm({ min: 10, max: 5000 }).describe("Shortest item along the belt, in mm."),
      maxLengthMm: mm({ min: 10, max: 5000 }).describe("Longest item along the belt, in mm."),
      gapMm: mm({ min: 10, max: 50_000 }).describe("Clear gap between two items that the infeed guarantees, in mm."),
    })
    .describe("What the infeed puts on the belt."),
  tracking: z
    .enum(["controller", "plc"])
    .default("controller")
    .describe(
      "Who follows the parcels. controller: Coline reads the eyes and moves the gates. plc: the device of the belt's encoder " +
        "does both, and Coline tells it where each parcel goes (docs/guides/plc-tracked.md); the eyes are the PLC's own then, " +
        "and their places are reckoned with.",
    ),
  encoder: encoderSchema
    .optional()
    .describe(
      "The belt's encoder. Left out: the belt counts as moving at its nominal speed while its drive's contact is on, and each stop and start makes unknown what rides on it.",
    ),
  runPermit: runPermitSchema.describe("The relay that lets the belt run; not a safety function."),
  signals: signalsSchema.prefault({}).describe("What else the PLC says of the belt; decides its mode."),
  infeedPermit: infeedPermitSchema.describe("The relay that lets parcels onto the belt."),
  safeEnd: z
    .strictObject({
      chute: referenceTo("Chute at the belt's end, where a parcel goes that nothing acts on."),
      reserveItems: z
        .int()
        .min(1)
        .max(100_000)
        .describe("Items that it still takes when it says nearly full, or in all where it cannot say."),
    })
    .describe("Where the belt ends: always a supervised place."),
  eyes: z.array(eyeSchema).min(1).max(64).describe("Light barriers on the belt, upstream first."),
  stations: z.array(stationSchema).min(1).max(16).describe("Reading stations, upstream first."),
  gates: z.array(gateSchema).min(1).max(128).describe("Divert gates, upstream first."),
});

const faultInputSchema = z.strictObject({
  id: idOf("Name of the fault: the alarm's source."),
  device: referenceTo("Device that reads it."),
  input: inputNumber.describe("Discrete input of the device, on while the fault stands."),
  text: z.string().min(1).max(120).describe("What the alarm says, such as: pusher 3 not home for too long."),
  severity: z
    .enum(["fault", "warning"])
    .default("fault")
    .describe("fault: alarm PLANT_FAULT; warning: alarm PLANT_WARNING. Neither moves or stops anything by itself."),
});

export const lineSchema = z.strictObject({
  site: idOf("Name of the site; it stands in the journal and in the evidence."),
  dataFolder: z
    .string()
    .min(1)
    .default("data")
    .describe("Folder of journal and release cache, relative to the site's folder or absolute."),
  plant: z
    .enum(["real", "simulated"])
    .default("real")
    .describe(
      "real: no parcel of customs' leaves before a test parcel has come to each chute, for exactly this file and the chutes of " +
        "chutes.yaml (`coline commission`). simulated: parcels leave without; every device is on this machine then.",
    ),
  storage: storageSchema.prefault({}).describe("What is asked of the disk."),
  realTime: realTimeSchema.prefault({}).describe("What is asked of the machine besides."),
  devices: z.array(deviceSchema).min(1).max(32).describe("PLCs and remote I/O."),
  belts: z.array(beltSchema).min(1).max(16).describe("Belts that sort."),
  scanners: z.array(scannerSchema).min(1).max(64).describe("Barcode scanners."),
  faultInputs: z.array(faultInputSchema).max(256).default([]).describe("Fault bits of the plant, each with its alarm."),
});

export type LineConfig = z.output<typeof lineSchema>;
export type BeltConfig = LineConfig["belts"][number];
export type GateConfig = BeltConfig["gates"][number];
export type DeviceConfig = LineConfig["devices"][number];
