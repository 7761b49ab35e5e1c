// One case of the latency benchmark: a controller is started, parcels come, and what was measured is handed on.
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { type CaseFigures, figuresOf } from "./figures.ts";
import { type GatewayLoad, loadGateway, stages } from "./gateway-load.ts";
import { GC_FILE, type GcPause } from "./gc-pauses.ts";
import type { Reaction, ShiftRecord } from "./messages.ts";
import { type Devices, type Memory, memoryOf, saturateCores, startBareLoop, startController } from "./processes.ts";
import { COMMAND_WIRE_MS } from "./serial-plc.ts";
import type { BenchBus } from "./site.ts";

export interface Case {
  name: string;
  bus: BenchBus;
  ratePerS: number;
  isSaturated: boolean;
  isRealTime: boolean;
}

/** Where it runs. */
export interface CasePlace {
  devices: Devices;
  /** Others of the same site, whose parcels are not measured. */
  beside?: { devices: Devices; ratePerS: number };
  site: string;
  /** The gateway's. */
  url: string;
  /** On the journal's disk. */
  folder: string;
  logFile: string;
  nodeFlags: readonly string[];
  /** Where the controller writes its pauses at its end, when `nodeFlags` make it watch them. */
  gcFile?: string;
}

export interface Measured {
  record: ShiftRecord;
  disk: readonly Reaction[];
  memory: Memory;
  load: number;
  gateway: GatewayLoad["counts"] | null;
  stages: readonly string[];
  /** Of the controller's collector of garbage; empty where nobody watches it. */
  pauses: readonly GcPause[];
  /** From the first measured parcel's telegram to the end, ns of CLOCK_MONOTONIC. */
  span: { fromNs: number; untilNs: number };
}

/** Not measured: code is compiled, pages are read, the unknown stretch of a start rides off the belts. */
export const WARM_UP_PARCELS = 500;
const READY_WITHIN_MS = 60_000;

export async function runCase(
  each: Case,
  place: CasePlace,
  o: { parcels: number; firstParcel: number; withStages: boolean },
): Promise<Measured> {
  const { devices, beside, url, gcFile } = place;
  const controller = startController(place.site, {
    realTime: each.isRealTime,
    nodeFlags: place.nodeFlags,
    logFile: place.logFile,
    env: gcFile === undefined ? {} : { [GC_FILE]: gcFile },
  });
  const bareFile = join(place.folder, "bare");
  const bareLoop = startBareLoop({ ...devices.listening.bare, file: bareFile, realTime: each.isRealTime });
  await devices.ready(READY_WITHIN_MS);
  await beside?.devices.ready(READY_WITHIN_MS);
  const hogs = each.isSaturated ? saturateCores() : [];
  const gateway = each.isSaturated ? loadGateway(url) : null;

  const shift = { parcels: o.parcels, warmUp: WARM_UP_PARCELS, firstParcel: o.firstParcel };
  const others = beside?.devices.shift(shiftBeside(each, beside.ratePerS, shift));
  const record = await devices.shift({ ratePerS: each.ratePerS, ...shift });
  const untilNs = Number(process.hrtime.bigint());
  const [disk, memory, load] = [await bareLoop.disk(), memoryOf(controller), loadavg()[0] ?? 0];
  await others;

  for (const hog of hogs) await hog.stop();
  const stageTexts = o.withStages ? await stages(url) : [];
  await gateway?.stop();
  await controller.stop();
  await bareLoop.stop();
  const pauses = gcFile === undefined ? [] : (JSON.parse(readFileSync(gcFile, "utf8")) as GcPause[]);
  const span = { fromNs: record.parcels[0]?.atNs ?? untilNs, untilNs };
  return { record, disk, memory, load, gateway: gateway?.counts ?? null, stages: stageTexts, pauses, span };
}

/** As long as the measured shift; its waybills come behind those of it. */
function shiftBeside(
  { ratePerS }: Case,
  besidePerS: number,
  of: { parcels: number; warmUp: number; firstParcel: number },
) {
  const seconds = (of.warmUp + of.parcels) / ratePerS;
  const firstParcel = of.firstParcel + of.warmUp + of.parcels;
  return { ratePerS: besidePerS, parcels: Math.max(1, Math.floor(seconds * besidePerS)), warmUp: 0, firstParcel };
}

/** Parcels' numbers that a case uses up. */
export const parcelsOf = (parcels: number, beside?: { ratePerS: number; ofRatePerS: number }): number => {
  const own = parcels + WARM_UP_PARCELS;
  return own + (beside === undefined ? 0 : Math.ceil((own / beside.ofRatePerS) * beside.ratePerS));
};

export const figuresOfCase = (each: Case, { record, disk, memory, load, pauses }: Measured): CaseFigures =>
  figuresOf({
    case: each.name,
    rate: each.ratePerS,
    wireMs: each.bus === "rtu" ? COMMAND_WIRE_MS : null,
    ...{ record, disk, memory, load, pauses },
  });
