// What OPC UA in the controller costs its Modbus path: the same belts on Modbus TCP, alone and beside belts behind OPC UA, in turn.
import type { CaseFigures } from "./figures.ts";
import { GC_WATCH, type GcFigures, gcFigures } from "./gc-pauses.ts";
import type { ShiftRecord } from "./messages.ts";
import type { Devices } from "./processes.ts";
import { type Case, type CasePlace, figuresOfCase, type Measured, parcelsOf, runCase } from "./run-case.ts";

/** A site's route names twelve chutes at most. */
export const MODBUS_BELTS = 10;
export const OPCUA_BELTS = 2;
const MODBUS_PER_S = 80;
const OPCUA_PER_S = 6;

export interface BesideFigures extends CaseFigures {
  gc: GcFigures;
}

/** With or without the belts behind OPC UA: a site, and its gateway while it runs. */
export interface BesideSite {
  name: "alone" | "beside-opcua";
  site: string;
  logFile: string;
  /** Starts its gateway; customs' feed lives until `stop`. */
  start(): Promise<{ url: string; stop(): Promise<void> }>;
}

export interface BesideOptions {
  devices: Devices;
  opcua: Devices;
  alone: BesideSite;
  beside: BesideSite;
  /** Each is measured so often, in turn, so that what the machine does meanwhile meets both. */
  rounds: number;
  /** Of each column, over all rounds. */
  parcels: { idle: number; saturated: number };
  /** Left out: saturated is not measured. */
  canSaturate: boolean;
  firstParcel: number;
  folder: string;
  nodeFlags: readonly string[];
  /** After each part, for a person who waits. */
  onPart(text: string): void;
}

/** Columns in order: alone idle, beside idle, alone saturated, beside saturated. */
export async function measureBeside(o: BesideOptions): Promise<{ figures: BesideFigures; record: ShiftRecord }[]> {
  const columns = new Map<string, { each: Case; parts: Measured[] }>();
  let { firstParcel } = o;
  for (const isSaturated of o.canSaturate ? [false, true] : [false]) {
    const parcels = Math.ceil((isSaturated ? o.parcels.saturated : o.parcels.idle) / o.rounds);
    for (let round = 0; round < o.rounds; round += 1) {
      for (const variant of [o.alone, o.beside]) {
        const name = `${variant.name}-${isSaturated ? "saturated" : "idle"}`;
        const each: Case = { name, bus: "tcp", ratePerS: MODBUS_PER_S, isSaturated, isRealTime: true };
        const gateway = await variant.start();
        const gcFile = `${o.folder}/gc-${name}-${round}.json`;
        const place: CasePlace = {
          devices: o.devices,
          ...(variant.name === "alone" ? {} : { beside: { devices: o.opcua, ratePerS: OPCUA_PER_S } }),
          ...{ site: variant.site, url: gateway.url, folder: o.folder, logFile: variant.logFile, gcFile },
          nodeFlags: [...o.nodeFlags, GC_WATCH],
        };
        const measured = await runCase(each, place, { parcels, firstParcel, withStages: false });
        await gateway.stop();
        firstParcel += parcelsOf(parcels, { ratePerS: OPCUA_PER_S, ofRatePerS: MODBUS_PER_S });
        const column = columns.get(name) ?? { each, parts: [] };
        columns.set(name, column);
        column.parts.push(measured);
        o.onPart(`${name}, ${round + 1} of ${o.rounds}`);
      }
    }
  }
  return [...columns.values()].map(({ each, parts }) => {
    const joined = joinedParts(parts);
    const gc = gcFigures({ pauses: joined.pauses, spans: parts.map(({ span }) => span) });
    return { figures: { ...figuresOfCase(each, joined), gc }, record: joined.record };
  });
}

/** One measurement made of several; memory and load are those of the last. */
function joinedParts(parts: readonly Measured[]): Measured {
  const last = parts.at(-1);
  if (last === undefined) throw new Error("nothing was measured");
  const records = parts.map(({ record }) => record);
  const sum = (of: (record: ShiftRecord) => number): number => records.reduce((total, record) => total + of(record), 0);
  const worst = records.reduce((a, b) => (b.ownStall.ms > a.ownStall.ms ? b : a));
  return {
    ...last,
    record: {
      parcels: records.flatMap(({ parcels }) => parcels),
      bare: records.flatMap(({ bare }) => bare),
      refused: sum(({ refused }) => refused),
      unasked: sum(({ unasked }) => unasked),
      missed: sum(({ missed }) => missed),
      trips: sum(({ trips }) => trips),
      ownStall: worst.ownStall,
      serverStall: null,
    },
    disk: parts.flatMap(({ disk }) => disk),
    pauses: parts.flatMap(({ pauses }) => pauses),
  };
}
