// From a site's configuration to its physical twin: the world's plan, one plan a PLC, one a scanner.
import type { ChutesConfig } from "../../src/config/chutes-schema.ts";
import type { BeltConfig, LineConfig } from "../../src/config/line-schema.ts";
import type { BeltPlan, ChutePlan, ScannerPlan, WorldPlan } from "../world/plan.ts";
import { createTraffic, ORDINARY_SHIFT, type TrafficPlan } from "../world/traffic.ts";
import { wireDevice } from "./device-wiring.ts";
import type { PlcPlan } from "./terminals.ts";

export interface RigPlan {
  world: WorldPlan;
  traffic: readonly TrafficPlan[];
  plcs: readonly PlcPlan[];
  scanners: readonly ScannerLinkPlan[];
}

export interface ScannerLinkPlan {
  scannerId: string;
  /** Path of the port, or tcp:host:port. */
  linkPath: string;
  baud: number;
  framing: LineConfig["scanners"][number]["framing"];
  /** How often an idle scanner says that it lives; null: it does not. */
  heartbeatMs: number | null;
}

export interface RigPlanOptions {
  seed: number;
  /** "free": each PLC takes any free port; "site": those that the site names. */
  ports: "free" | "site";
  scannerLink: (scanner: { id: string; path: string }) => string;
  /** Per belt; null: as many as fit behind the longest parcel and its gap. */
  perHour: number | null;
  /** Per belt; null: no end. */
  parcels: number | null;
  /** Overrides of the ordinary shift. */
  traffic: Partial<
    Pick<TrafficPlan, "flows" | "fates" | "noReadShare" | "secondCodeShare" | "minGapUm"> &
      Pick<TrafficPlan, "rates" | "untilNs" | "pitchSpread">
  >;
  /** How long after the reading line releases come that come while a parcel rides; left out: before the first gate. */
  releasesAfterMs?: readonly { weight: number; from: number; to: number }[];
  lengthsMm: { min: number; max: number };
  /** The output modules' own watchdog; site: as each device has it there; null: outputs of a frozen PLC stay. */
  ioWatchdogMs: number | "site" | null;
  slipMmPerM: number;
  /** The person at the line presses start this long after it is possible. */
  startAfterMs: number;
  /** Parcels until a chute's full sensor says so, instead of what the site's container takes. */
  containers?: Readonly<Record<string, number>>;
}

export const RIG_DEFAULTS: Omit<RigPlanOptions, "scannerLink"> = {
  seed: 1,
  ports: "free",
  perHour: null,
  parcels: null,
  traffic: {},
  lengthsMm: { min: 150, max: 270 },
  ioWatchdogMs: "site",
  slipMmPerM: 0,
  startAfterMs: 500,
};

/** What of a site is needed; a loaded site has it. */
export interface SiteConfig {
  line: LineConfig;
  chutes: ChutesConfig;
}

/** @throws RangeError when the site asks for what the rig cannot wire, or the rate leaves no room for the gap */
export function planRig(site: SiteConfig, options: RigPlanOptions): RigPlan {
  const wiring = site.line.devices.map((device) => wireDevice(device, site, options));
  const world: WorldPlan = {
    seed: options.seed,
    stepNs: 1_000_000,
    belts: site.line.belts.map((belt) => planBelt(belt, site, options)),
    chutes: site.chutes.chutes.map((chute) => planChute(chute, options)),
    devices: wiring.map(({ device }) => device),
  };
  const traffic = site.line.belts.map((belt, index) => planTraffic(belt, index, site, options));
  for (const plan of traffic) createTraffic(plan); // Refuses an impossible rate here, not in the rig's process.
  return { world, traffic, plcs: wiring.map(({ plc }) => plc), scanners: planScanners(site.line, options) };
}

const um = (mm: number): number => Math.round(mm * 1000);
const ns = (ms: number): number => Math.round(ms * 1_000_000);

function planBelt(belt: BeltConfig, site: SiteConfig, options: RigPlanOptions): BeltPlan {
  return {
    id: belt.id,
    lengthUm: um(belt.lengthMm),
    speedUmPerS: um(belt.speedMmPerS),
    startUpNs: ns(500),
    // The site states the worst case; this belt is a little better.
    coastUm: um(belt.coastMm * 0.9),
    encoder:
      belt.encoder === undefined
        ? null
        : {
            umPerCount: um(belt.encoder.mmPerCount),
            bits: belt.encoder.bits,
            // It wraps within the first parcels: what cannot bear that shows at once.
            startCount: 2 ** belt.encoder.bits - Math.round(5000 / belt.encoder.mmPerCount),
          },
    slipUmPerM: um(options.slipMmPerM),
    eyes: belt.eyes.map(({ id, atMm }) => ({ id, atUm: um(atMm) })),
    scanners: belt.stations.flatMap((station) =>
      station.scanners.map((scannerId) => planReading(belt, station, scannerId, site.line)),
    ),
    gates: belt.gates.map(({ id, atMm, sweptMm, travelMs, chutes }) => ({
      id,
      atUm: um(atMm),
      sweptUm: um(sweptMm),
      travelNs: ns(travelMs),
      chuteIds: chutes,
    })),
    safeEndChuteId: belt.safeEnd.chute,
    startAfterNs: ns(options.startAfterMs),
  };
}

/** A telegram of usual length, frame and AIM prefix included; it makes when a telegram must begin to end in its window. */
const USUAL_TELEGRAM_BYTES = 24;
const BITS_PER_BYTE = 10;

/** The telegram ends when the front is two fifths into the station's window. */
function planReading(
  belt: BeltConfig,
  station: BeltConfig["stations"][number],
  scannerId: string,
  line: LineConfig,
): ScannerPlan {
  const baud = line.scanners.find(({ id }) => id === scannerId)?.baud ?? 115_200;
  const endsMm = station.fromMm + 0.4 * (station.toMm - station.fromMm);
  const wireMs = (USUAL_TELEGRAM_BYTES * BITS_PER_BYTE * 1000) / baud;
  const delayMs = (endsMm / belt.speedMmPerS) * 1000 - wireMs;
  return { id: scannerId, atUm: um(station.atMm), readDelayNs: Math.max(0, ns(delayMs)) };
}

function planChute(chute: ChutesConfig["chutes"][number], { containers = {} }: RigPlanOptions): ChutePlan {
  // Sliding takes about the middle of what the site expects, a tenth more or less.
  const middleMs = chute.slideMs === undefined ? 300 : (chute.slideMs[0] + chute.slideMs[1]) / 2;
  return {
    id: chute.id,
    zone: chute.zone,
    slideMinNs: ns(middleMs * 0.9),
    slideMaxNs: ns(middleMs * 1.1),
    capacityItems: containers[chute.id] ?? chute.capacityItems ?? null,
  };
}

function planTraffic(belt: BeltConfig, index: number, site: SiteConfig, options: RigPlanOptions): TrafficPlan {
  const minLengthUm = um(Math.max(options.lengthsMm.min, belt.items.minLengthMm));
  const maxLengthUm = um(Math.min(options.lengthsMm.max, belt.items.maxLengthMm));
  const speedUmPerS = um(belt.speedMmPerS);
  const minGapUm = options.traffic.minGapUm ?? um(belt.items.gapMm);
  const scannedMm = Math.max(...belt.stations.map(({ atMm, toMm }) => atMm + toMm));
  const firstGateMm = Math.min(...belt.gates.map(({ atMm }) => atMm));
  // Word that comes while a parcel rides comes before the point of no return of the first gate, about 300 ms before it.
  const lastWordMm = Math.max(scannedMm, firstGateMm - 0.3 * belt.speedMmPerS);
  const scannedUm = um(Math.max(...belt.stations.map(({ atMm }) => atMm)));
  const placeUm = (afterMs: number): number => scannedUm + Math.round(afterMs * belt.speedMmPerS);
  return {
    ...ORDINARY_SHIFT,
    ...(options.releasesAfterMs === undefined
      ? {}
      : {
          releasesUm: options.releasesAfterMs.map(({ weight, from, to }) => ({
            weight,
            fromUm: placeUm(from),
            toUm: placeUm(to),
          })),
        }),
    seed: options.seed,
    beltId: belt.id,
    first: index,
    stride: site.line.belts.length,
    parcels: options.parcels,
    perHour: options.perHour ?? Math.floor((speedUmPerS * 3600) / (maxLengthUm + minGapUm)),
    speedUmPerS,
    minLengthUm,
    maxLengthUm,
    minGapUm,
    ridingUm: { fromUm: um(scannedMm), toUm: um(lastWordMm) },
    ...options.traffic,
  };
}

function planScanners(line: LineConfig, options: RigPlanOptions): ScannerLinkPlan[] {
  return line.scanners.map((scanner) => ({
    scannerId: scanner.id,
    linkPath:
      scanner.driver === "serial"
        ? options.scannerLink(scanner)
        : `tcp:${options.ports === "free" ? "127.0.0.1:0" : `${scanner.host}:${scanner.port}`}`,
    baud: scanner.baud,
    framing: scanner.framing,
    heartbeatMs:
      scanner.framing.heartbeat === null || scanner.silenceMs === null ? null : Math.ceil(scanner.silenceMs / 3),
  }));
}
