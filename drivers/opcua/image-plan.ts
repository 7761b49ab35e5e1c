// Lays the nodes of a device out as the registers that its machine polls, and gives its wiring the places in them. Pure.
import type { WatchdogConfig } from "../buses/watchdogs/schema.ts";
import type { GateDrive, OutputDrive } from "../gates/schema.ts";
import type { InputArea } from "../inputs/input-area.ts";
import type { EdgeLatch, PlcWiring } from "../inputs/wiring.ts";
import { type BitRef, type ListRef, type NodeRef, NodeTable, type NumberRef } from "./node-table.ts";
import type { OpcUaDevice } from "./schema.ts";

/** An input of the image: what the machine of the device takes for a discrete input. */
export type ImageInput =
  | { kind: "plain"; bit: BitRef; whenUnknown: boolean }
  /** On while all of these are known. */
  | { kind: "known"; of: readonly NodeRef[] }
  /** On while there is a fault, or while one of these is not known. */
  | { kind: "faulty"; fault: BitRef | null; of: readonly NodeRef[] };

/** Registers of the image and what stands in them. */
export type ImageCell =
  | { kind: "number"; address: number; count: 1 | 2; number: NumberRef }
  /** A gate's state: sequence, verdict and bits, as a mailbox has them. */
  | { kind: "state"; address: number; count: 4; node: NodeRef }
  /** The edges that an eye's device has kept: their number, then counts of `words` registers each. */
  | { kind: "latch"; address: number; count: number; list: ListRef; words: 1 | 2 }
  | { kind: "inputs"; address: number; count: 1; inputs: readonly ImageInput[] };

export interface ImagePlan {
  cells: readonly ImageCell[];
  /** Where the machine finds the inputs. */
  areas: readonly InputArea[];
  /** The device's wiring with the image's numbers in place of the site's. Outputs keep theirs. */
  wiring: PlcWiring;
  watchdog: WatchdogConfig | undefined;
}

export const STATE_WORDS = 4;
const WORD_BITS = 16;

/** @throws RangeError for a number that the device's tables do not have: the configuration's rules exclude it */
export function planImage(device: OpcUaDevice, wiring: PlcWiring, table = new NodeTable(device)): ImagePlan {
  const image = new ImageBuilder(table);
  const gates = wiring.gates.map(({ id, drive }) => ({ id, drive: image.drive(drive) }));
  const eyes = wiring.eyes.map(({ latch, ...eye }) => ({
    ...{ ...eye, input: image.plain(eye.input, false) },
    ...(latch === undefined ? {} : { latch: image.latch(latch, countWords(eye.encoderId, wiring)) }),
  }));
  const signals = wiring.signals.map((signal) => ({
    ...signal,
    input: image.plain(signal.input, signal.whenUnknown ?? false),
  }));
  const drives = wiring.drives.map((drive) => ({ ...drive, input: image.plain(drive.input, false) }));
  const validInput = image.known(seenBy(device, wiring, table));
  const areas = image.placeInputs();
  // Counts come last: what is judged by them is not younger than they are.
  const encoders = wiring.encoders.map(({ from: _, ...encoder }) => ({
    ...encoder,
    register: image.number(encoder.register, encoder.bits === 32 ? 2 : 1),
  }));
  const watchdog =
    device.watchdog === undefined
      ? undefined
      : { ...device.watchdog, counterRegister: image.number(device.watchdog.counterRegister, 1) };
  const placed = { ...wiring, gates, eyes, signals, drives, encoders, validInput };
  return { cells: image.cells, areas, wiring: placed, watchdog };
}

/** What must be known for a poll to be a sample at all: eyes, counts, contacts of drives, the watchdog's count. */
function seenBy({ watchdog }: OpcUaDevice, wiring: PlcWiring, table: NodeTable): NodeRef[] {
  return [
    ...wiring.eyes.map(({ input }) => table.bit(input)),
    ...wiring.eyes.flatMap(({ latch }) => (latch === undefined ? [] : [table.latch(latch.register, 1 + latch.depth)])),
    ...wiring.drives.map(({ input }) => table.bit(input)),
    ...wiring.encoders.map(({ register }) => table.number(register)),
    ...(watchdog === undefined ? [] : [table.number(watchdog.counterRegister)]),
  ];
}

const countWords = (encoderId: string | null, { encoders }: PlcWiring): 1 | 2 =>
  encoders.find(({ id }) => id === encoderId)?.bits === 16 ? 1 : 2;

class ImageBuilder {
  readonly cells: ImageCell[] = [];
  readonly #table: NodeTable;
  readonly #inputs: ImageInput[] = [];
  #next = 0;

  constructor(table: NodeTable) {
    this.#table = table;
  }

  plain(input: number, whenUnknown: boolean): number {
    return this.#input({ kind: "plain", bit: this.#table.bit(input), whenUnknown });
  }

  known(of: readonly NodeRef[]): number {
    return this.#input({ kind: "known", of });
  }

  number(register: number, count: 1 | 2): number {
    const address = this.#take(count);
    this.cells.push({ kind: "number", address, count, number: this.#table.number(register) });
    return address;
  }

  latch({ register, depth }: EdgeLatch, words: 1 | 2): EdgeLatch {
    const count = 1 + depth * words;
    const address = this.#take(count);
    this.cells.push({ kind: "latch", address, count, list: this.#table.latch(register, 1 + depth), words });
    return { register: address, from: "inputRegisters", depth };
  }

  drive(drive: GateDrive): GateDrive {
    // Refused by the configuration's rules: no device tracks over OPC UA.
    if (drive.kind === "destination") return drive;
    if (drive.kind !== "mailbox") return this.#outputDrive(drive);
    const address = this.#take(STATE_WORDS);
    this.cells.push({ kind: "state", address, count: STATE_WORDS, node: this.#table.state(drive.status) });
    return { ...drive, status: address, statusFrom: "inputRegisters" };
  }

  placeInputs(): readonly InputArea[] {
    const words = Math.ceil(this.#inputs.length / WORD_BITS);
    const address = this.#take(words);
    for (let word = 0; word < words; word += 1) {
      const inputs = this.#inputs.slice(word * WORD_BITS, (word + 1) * WORD_BITS);
      this.cells.push({ kind: "inputs", address: address + word, count: 1, inputs });
    }
    const count = Math.max(1, words * WORD_BITS);
    return [{ first: 0, count, from: "inputRegisters", address, inverted: false, bytesSwapped: false }];
  }

  /** Whatever says where the gate is has to be known, or the gate counts as faulty: its place is unknown then. */
  #outputDrive(drive: OutputDrive): OutputDrive {
    const { homeInput, outInput, faultInput, feedback } = drive;
    const switches = [homeInput, outInput].filter((input) => input !== undefined);
    const of: NodeRef[] = switches.map((input) => this.#table.bit(input));
    if (feedback !== undefined) of.push(this.#table.number(feedback.register));
    const fault = faultInput === undefined ? null : this.#table.bit(faultInput);
    const placed = {
      ...drive,
      ...(homeInput === undefined ? {} : { homeInput: this.plain(homeInput, false) }),
      ...(outInput === undefined ? {} : { outInput: this.plain(outInput, false) }),
      ...(of.length === 0 && fault === null ? {} : { faultInput: this.#input({ kind: "faulty", fault, of }) }),
      ...(feedback === undefined ? {} : { feedback: this.#feedback(feedback) }),
    };
    if (placed.kind !== "command" || placed.taken === undefined) return placed;
    const register = this.number(placed.taken.register, placed.bits === 32 ? 2 : 1);
    return { ...placed, taken: { register, from: "inputRegisters" } };
  }

  #feedback(feedback: NonNullable<OutputDrive["feedback"]>): NonNullable<OutputDrive["feedback"]> {
    const count = feedback.kind === "counter" && feedback.bits === 32 ? 2 : 1;
    return { ...feedback, register: this.number(feedback.register, count), from: "inputRegisters" };
  }

  #input(input: ImageInput): number {
    return this.#inputs.push(input) - 1;
  }

  #take(count: number): number {
    this.#next += count;
    return this.#next - count;
  }
}
