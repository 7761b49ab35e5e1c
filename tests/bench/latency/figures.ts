// From times to figures: percentiles, what came late, and which of it the bare loop bears witness to.
import type { GcPause } from "./gc-pauses.ts";
import type { Reaction, ShiftRecord } from "./messages.ts";
import type { Memory } from "./processes.ts";

export interface CaseFigures {
  case: string;
  /** Parcels a second, all belts together. */
  rate: number;
  /** Reaction, ms: last byte of the telegram to the complete command at the gate's device. */
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
  /** The command on a serial wire, which is not in these times, ms; null: there is none. */
  wireMs: number | null;
  /** Telegrams whose command did not come, or came outside its window: the parcel took the safe way. */
  late: number;
  sent: number;
  /** Of `max` above 50 ms and of `late`: the bare loop stalled as long within 200 ms of them. */
  excusedSlow: number;
  slow: number;
  excusedLate: number;
  /** The slowest first, ten at most: how long the disk and the collector of garbage took, at the longest, in that time, ms. */
  slowest: readonly { ms: number; diskMs: number; pauseMs: number }[];
  /** Others of `late`: the disk took 20 ms or more within 200 ms of them. They count. */
  diskLate: number;
  floorP50: number;
  floorP99: number;
  floorMax: number;
  /** How often the bare loop took longer than 20 ms. */
  floorStalls: number;
  /** One append and fdatasync on the same disk, by the bare loop's process, ms. */
  diskP50: number;
  diskP999: number;
  diskMax: number;
  /** Reaction to the bare loop's, at the median. */
  ratio: number;
  /** The longest that the measuring process itself came late, ms. */
  devicesMax: number;
  /** Devices with processes of their own; null: they have none. */
  servers: ServerFigures | null;
  /** The controller's resident memory at the end of the case. */
  memory: Memory;
  /** Load average over the last minute when the case ended. */
  load: number;
}

/** What a device behind a server took itself, from a command's bytes in its process to its program; in the reaction. */
export interface ServerFigures {
  /** ms. */
  p50: number;
  p999: number;
  max: number;
  /** The longest that such a process came late, ms. */
  stallMax: number;
  /** Of the reactions above 50 ms: those that were not when their bytes came. */
  slowOnlyThere: number;
}

/** Above this a reaction breaks the bound, unless the machine stood still. */
export const BOUND_NS = 50e6;
/** The bare loop's stall must be this near. */
const WITNESS_WITHIN_NS = 200e6;
/** A telegram that is read this late is matched to no parcel any more on these belts, and its command is never sent. */
const STALL_NS = 20e6;

export function figuresOf(o: {
  case: string;
  rate: number;
  wireMs: number | null;
  record: ShiftRecord;
  disk: readonly Reaction[];
  memory: Memory;
  load: number;
  /** Of the controller's collector of garbage, as far as somebody watched it. */
  pauses: readonly GcPause[];
}): CaseFigures {
  const { parcels, bare } = o.record;
  const reactions = arrived(parcels);
  const floor = arrived(bare);
  const disk = arrived(o.disk);
  const slow = parcels.filter(({ ns }) => ns !== null && ns > BOUND_NS);
  const late = parcels.filter(({ ns }) => ns === null);
  const excused = (reaction: Reaction): boolean => sawStall(bare, reaction.atNs, reaction.ns ?? STALL_NS);
  return {
    case: o.case,
    rate: o.rate,
    p50: at(reactions, 0.5),
    p90: at(reactions, 0.9),
    p99: at(reactions, 0.99),
    p999: at(reactions, 0.999),
    max: at(reactions, 1),
    wireMs: o.wireMs === null ? null : round(o.wireMs),
    late: late.length,
    sent: parcels.length,
    slow: slow.length,
    slowest: slowestOf(slow, o),
    excusedSlow: slow.filter(excused).length,
    excusedLate: late.filter(excused).length,
    diskLate: late.filter((each) => !excused(each) && sawStall(o.disk, each.atNs, STALL_NS)).length,
    floorP50: at(floor, 0.5),
    floorP99: at(floor, 0.99),
    floorMax: at(floor, 1),
    floorStalls: floor.filter((ns) => ns > STALL_NS).length,
    diskP50: at(disk, 0.5),
    diskP999: at(disk, 0.999),
    diskMax: at(disk, 1),
    ratio: round(at(reactions, 0.5) / at(floor, 0.5)),
    devicesMax: round(o.record.ownStall.ms),
    servers: serversOf(o.record),
    memory: o.memory,
    load: o.load,
  };
}

function slowestOf(
  slow: readonly Reaction[],
  { disk, pauses }: { disk: readonly Reaction[]; pauses: readonly GcPause[] },
): CaseFigures["slowest"] {
  const longestIn = (spans: readonly { atNs: number; ns: number | null }[], within: Reaction): number =>
    spans.reduce((longest, { atNs, ns }) => {
      const isIn = atNs <= within.atNs + (within.ns ?? 0) && atNs + (ns ?? 0) >= within.atNs;
      return isIn ? Math.max(longest, round((ns ?? 0) / 1e6)) : longest;
    }, 0);
  return slow
    .toSorted((a, b) => (b.ns ?? 0) - (a.ns ?? 0))
    .slice(0, 10)
    .map((each) => ({
      ms: round((each.ns ?? 0) / 1e6),
      diskMs: longestIn(disk, each),
      pauseMs: longestIn(pauses, each),
    }));
}

function serversOf({ parcels, serverStall }: ShiftRecord): ServerFigures | null {
  if (serverStall === null) return null;
  const served = parcels.flatMap(({ servedNs }) => (servedNs === undefined ? [] : [servedNs])).sort((a, b) => a - b);
  const cameInTime = ({ ns, servedNs = 0 }: Reaction): boolean =>
    ns !== null && ns > BOUND_NS && ns - servedNs <= BOUND_NS;
  return {
    ...{ p50: at(served, 0.5), p999: at(served, 0.999), max: at(served, 1) },
    stallMax: round(serverStall.ms),
    slowOnlyThere: parcels.filter(cameInTime).length,
  };
}

/** Did the witness take at least `ns` for something that was under way within 200 ms of this moment? */
function sawStall(witness: readonly Reaction[], atNs: number, ns: number): boolean {
  return witness.some((sample) => {
    const untilNs = sample.atNs + (sample.ns ?? Number.POSITIVE_INFINITY);
    const isNear = sample.atNs <= atNs + WITNESS_WITHIN_NS && untilNs >= atNs - WITNESS_WITHIN_NS;
    return isNear && (sample.ns ?? Number.POSITIVE_INFINITY) >= ns;
  });
}

const arrived = (reactions: readonly Reaction[]): number[] =>
  reactions.flatMap(({ ns }) => (ns === null ? [] : [ns])).sort((a, b) => a - b);

/** Nearest rank, in ms; NaN (null in JSON) when there is nothing. */
function at(sortedNs: readonly number[], share: number): number {
  const rank = Math.min(sortedNs.length, Math.max(1, Math.ceil(share * sortedNs.length)));
  return round((sortedNs[rank - 1] ?? Number.NaN) / 1e6);
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

const COLUMNS: readonly [string, number, (figures: CaseFigures) => string][] = [
  ["case", 22, (f) => f.case],
  ["rate", 6, (f) => `${f.rate}/s`],
  ["p50", 8, (f) => f.p50.toFixed(2)],
  ["p90", 8, (f) => f.p90.toFixed(2)],
  ["p99", 8, (f) => f.p99.toFixed(2)],
  ["p99.9", 8, (f) => f.p999.toFixed(2)],
  ["max", 8, (f) => f.max.toFixed(2)],
  ["wire", 7, (f) => (f.wireMs === null ? "-" : f.wireMs.toFixed(2))],
  ["dropped", 14, (f) => `${f.late} of ${f.sent}`],
  ["bare p50", 10, (f) => f.floorP50.toFixed(2)],
  ["p99", 8, (f) => f.floorP99.toFixed(2)],
  ["max", 8, (f) => f.floorMax.toFixed(2)],
  ["disk p50", 10, (f) => f.diskP50.toFixed(2)],
  ["p99.9", 8, (f) => f.diskP999.toFixed(2)],
  ["ratio", 7, (f) => f.ratio.toFixed(1)],
  ["load", 6, (f) => f.load.toFixed(1)],
];

export const tableHead = (): string => row(COLUMNS.map(([title]) => title));
export const tableRow = (figures: CaseFigures): string => row(COLUMNS.map(([, , text]) => text(figures)));

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => {
      const width = COLUMNS[index]?.[1] ?? 0;
      return index === 0 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join("");

/** What the table alone would hide; nothing when there is nothing to say. */
export function remarks(figures: CaseFigures, record: ShiftRecord): string[] {
  const { slow, excusedSlow, late, excusedLate, diskLate, floorStalls } = figures;
  return [
    ...(slow > 0
      ? [
          `${slow} reactions above 50 ms, ${excusedSlow} of them while the bare loop stalled as long within 200 ms`,
          `the slowest, beside the longest that disk and collector took meanwhile: ${figures.slowest.map(slowText).join("; ")}`,
        ]
      : []),
    ...(late > 0
      ? [
          `of ${late} dropped: ${record.refused} refused by the PLC as outside their window, ${excusedLate} within 200 ms of a bare-loop stall of 20 ms, ${diskLate} others of a disk stall of 20 ms`,
        ]
      : []),
    ...(floorStalls > 0 ? [`the bare loop took longer than 20 ms ${floorStalls} times`] : []),
    ...(figures.devicesMax > 5
      ? [
          `the measuring process itself came up to ${figures.devicesMax.toFixed(1)} ms late; its timestamps are as much in doubt`,
        ]
      : []),
    ...(figures.servers === null ? [] : [serversText(figures.servers)]),
    ...(record.unasked > 0 ? [`${record.unasked} commands without a telegram: the benchmark is wrong`] : []),
    ...(record.trips > 0 ? [`${record.trips} watchdog trips`] : []),
  ];
}

const slowText = ({ ms, diskMs, pauseMs }: CaseFigures["slowest"][number]): string =>
  `${ms.toFixed(1)} ms (${diskMs.toFixed(1)}, ${pauseMs.toFixed(1)})`;

const serversText = ({ p50, p999, max, stallMax, slowOnlyThere }: ServerFigures): string =>
  `of it in the server, from the command's bytes to its program: p50 ${p50.toFixed(2)}, p99.9 ${p999.toFixed(2)}, max ${max.toFixed(2)}; ` +
  `a server came up to ${stallMax.toFixed(1)} ms late; ${slowOnlyThere} reactions were above 50 ms only by that`;
