// Plans the fewest reads that bring all inputs of a device, and no read longer than Modbus allows.
import { reportRegisters, TRACKER_STATUS_REGISTERS } from "../gates/destination.ts";
import { pointsOf } from "../gates/drive-points.ts";
import { type InputArea, placeOf } from "../inputs/input-area.ts";
import { latchRegisters } from "../inputs/latch.ts";
import type { PlcWiring, Span } from "../inputs/wiring.ts";

export interface PollRead {
  kind: "readCoils" | "readInputs" | "readHolding" | "readRegisters";
  span: Span;
  /** False: outputs only, which are read back now and then. */
  isEveryPoll: boolean;
  /** It brings discrete inputs. */
  hasInputs: boolean;
  /** It brings belt counts. */
  hasCounts: boolean;
}

/** Modbus application protocol V1.1b3, 6.3 and 6.4: 125 registers in one read. */
export const MAX_REGISTERS = 125;
/** 6.1 and 6.2: 2000 coils or discrete inputs in one read; a multiple of 16 that many replies still fit. */
export const MAX_BITS = 2000;
/** Bits that nobody asked for may lie between, up to this many: 16 bytes. */
const BITS_ACROSS = 128;

/** One thing that has to be read, in one piece. */
interface Need extends Span {
  isEveryPoll: boolean;
  hasInputs: boolean;
  hasCounts: boolean;
}

type Kind = PollRead["kind"];

export interface PollPlanDevice {
  areas: readonly InputArea[];
  /** Register of the watchdog's count or state, if it has one. */
  watched: readonly { from: "inputRegisters" | "holdingRegisters"; span: Span }[];
  /** Registers that nobody asked for may lie between, up to this many, for the sake of one request. */
  readAcross: number;
}

/** Outputs first, then inputs, then registers, the counts last: counts are not older than the inputs judged by them. */
export function planPoll(device: PollPlanDevice, wiring: PlcWiring): PollRead[] {
  const needs = needsOf(device, wiring);
  const registers = { across: device.readAcross, most: MAX_REGISTERS };
  const reads = [
    ...readsOf("readCoils", needs.readCoils, { across: BITS_ACROSS, most: MAX_BITS }),
    ...readsOf("readInputs", needs.readInputs, { across: BITS_ACROSS, most: MAX_BITS }),
    ...readsOf("readHolding", needs.readHolding, registers),
    ...readsOf("readRegisters", needs.readRegisters, registers),
  ];
  return [...reads.filter((read) => !read.hasCounts), ...reads.filter((read) => read.hasCounts)];
}

/**
 * Two reads in place of one that the device refused, because an address between two used ones is not there: cut at the
 * widest gap. null: it has no gap, everything in it is used.
 */
export function splitRead(read: PollRead, device: PollPlanDevice, wiring: PlcWiring): PollRead[] | null {
  const { address, count } = read.span;
  const inside = needsOf(device, wiring)
    [read.kind].filter((need) => need.address >= address && need.address + need.count <= address + count)
    .sort((a, b) => a.address - b.address);
  let widest = 0;
  let cutAt = -1;
  let end = inside[0]?.address ?? 0;
  for (const [index, need] of inside.entries()) {
    if (need.address - end > widest) {
      widest = need.address - end;
      cutAt = index;
    }
    end = Math.max(end, need.address + need.count);
  }
  const isLoose = address < (inside[0]?.address ?? address) || end < address + count;
  if (cutAt < 0) return isLoose ? [joined(read.kind, inside)] : null;
  return [joined(read.kind, inside.slice(0, cutAt)), joined(read.kind, inside.slice(cutAt))];
}

/** Merges spans that overlap or lie at most `maxGap` apart. Taking as much as fits from the left makes the fewest. */
export function planReads(spans: readonly Span[], o: { maxGap: number; maxCount: number }): Span[] {
  return groups(
    spans.map((span) => ({ ...span, isEveryPoll: true, hasInputs: false, hasCounts: false })),
    { across: o.maxGap, most: o.maxCount },
  ).map((group) => joined("readRegisters", group).span);
}

function readsOf(kind: Kind, needs: readonly Need[], o: { across: number; most: number }): PollRead[] {
  const isBits = kind === "readCoils" || kind === "readInputs";
  return groups(needs, o).map((group) => {
    const read = joined(kind, group);
    return isBits ? { ...read, span: wholeWords(read.span) } : read;
  });
}

/** Whole words of 16, as far as the addresses go; a device that lacks them is read exactly. */
function wholeWords({ address, count }: Span): Span {
  const from = address & ~15;
  const until = Math.min(0x10000, (address + count + 15) & ~15);
  return until - from > MAX_BITS ? { address, count } : { address: from, count: until - from };
}

function groups(needs: readonly Need[], o: { across: number; most: number }): Need[][] {
  const sorted = [...needs].sort((a, b) => a.address - b.address);
  const found: Need[][] = [];
  let end = 0;
  for (const need of sorted) {
    const last = found.at(-1);
    const first = last?.[0];
    const newEnd = Math.max(end, need.address + need.count);
    if (
      last !== undefined &&
      first !== undefined &&
      need.address - end <= o.across &&
      newEnd - first.address <= o.most
    ) {
      last.push(need);
      end = newEnd;
    } else {
      found.push([need]);
      end = need.address + need.count;
    }
  }
  return found;
}

function joined(kind: Kind, needs: readonly Need[]): PollRead {
  const address = Math.min(...needs.map((need) => need.address));
  const end = Math.max(...needs.map((need) => need.address + need.count));
  return {
    kind,
    span: { address, count: end - address },
    isEveryPoll: needs.some((need) => need.isEveryPoll),
    hasInputs: needs.some((need) => need.hasInputs),
    hasCounts: needs.some((need) => need.hasCounts),
  };
}

const TABLES = { inputRegisters: "readRegisters", holdingRegisters: "readHolding" } as const;
const AREA_TABLES = { ...TABLES, discreteInputs: "readInputs", coils: "readCoils" } as const;

function needsOf(device: PollPlanDevice, wiring: PlcWiring): Record<Kind, Need[]> {
  const needs: Record<Kind, Need[]> = { readCoils: [], readInputs: [], readHolding: [], readRegisters: [] };
  const add = (kind: Kind, span: Span, is: { output?: true; inputs?: true; counts?: true } = {}): void => {
    needs[kind].push({
      ...span,
      isEveryPoll: is.output !== true,
      hasInputs: is.inputs === true,
      hasCounts: is.counts === true,
    });
  };
  const points = wiring.gates.map(({ drive }) => pointsOf(drive));
  for (const input of inputsOf(
    wiring,
    points.flatMap((each) => each.inputs),
  )) {
    const place = placeOf(device.areas, input);
    if (place !== null) add(AREA_TABLES[place.from], { address: place.address, count: 1 }, { inputs: true });
  }
  for (const { register, bits, from } of wiring.encoders)
    add(TABLES[from ?? "inputRegisters"], { address: register, count: bits / 16 }, { counts: true });
  for (const { encoderId, latch } of wiring.eyes) {
    if (latch === undefined) continue;
    const { bits } = wiring.encoders.find(({ id }) => id === encoderId) ?? { bits: 32 as const };
    add(TABLES[latch.from], { address: latch.register, count: latchRegisters(latch, { bits }) });
  }
  for (const { from, span } of [...device.watched, ...points.flatMap((each) => each.registers)])
    add(TABLES[from], span);
  if (wiring.tracker !== undefined) {
    const { status, reports, slots } = wiring.tracker;
    add("readRegisters", { address: status, count: TRACKER_STATUS_REGISTERS });
    add("readRegisters", { address: reports, count: reportRegisters(slots) });
  }
  for (const coil of points.flatMap((each) => each.coils))
    add("readCoils", { address: coil, count: 1 }, { output: true });
  for (const span of points.flatMap((each) => each.outputRegisters)) add("readHolding", span, { output: true });
  for (const permit of wiring.linePermits) {
    if ("coil" in permit) add("readCoils", { address: permit.coil, count: 1 }, { output: true });
    else add("readHolding", { address: permit.register, count: 1 }, { output: true });
  }
  return needs;
}

const inputsOf = (wiring: PlcWiring, ofGates: readonly number[]): number[] => [
  ...(wiring.validInput === undefined ? [] : [wiring.validInput]),
  ...wiring.eyes.map(({ input }) => input),
  ...wiring.signals.map(({ input }) => input),
  ...wiring.drives.map(({ input }) => input),
  ...ofGates,
];
