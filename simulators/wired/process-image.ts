// The process image between the physical world and one simulated PLC: a small file in shared memory.
import { closeSync, existsSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import type { PlcTerminals } from "./terminals.ts";

/** Input and output terminals of one image. */
export const TERMINALS = 256;
/** Hardware counters of one image, unsigned 32 bits each. */
export const COUNTERS = 16;

/** The world's side of an image; the PLC's side is `PlcTerminals`. */
export interface WorldTerminals {
  readonly path: string;
  input(index: number, on: boolean): void;
  counter(index: number, value: number): void;
  /** Makes inputs and counters visible to the PLC, all of one instant. */
  publish(): void;
  /** Reads the PLC's side. `commits` counts its commits: one that stands still is a PLC that stands still. */
  refresh(): { commits: number };
  /** Level of an output terminal as of the last refresh. */
  output(index: number): boolean;
  /** Closes and removes the file. */
  close(): void;
}

/** Where images live: memory where the system has it, so that a refresh each millisecond never meets a disk. */
export const imageFolder = (): string => (existsSync("/dev/shm") ? "/dev/shm" : tmpdir());

/** Creates the file (an old one is replaced) with every level off and every counter 0. */
export function createImage(path: string): WorldTerminals {
  const file = openSync(path, "w+", 0o600);
  const inputs = new Area(file, INPUTS_AT, LEVEL_WORDS + COUNTERS);
  const outputs = new Area(file, OUTPUTS_AT, LEVEL_WORDS);
  inputs.write();
  outputs.write();
  new Area(file, STOPS_AT, 0).write();
  return {
    path,
    input: (index, on) => inputs.setLevel(index, on),
    counter: (index, value) => inputs.setWord(LEVEL_WORDS + checked(index, COUNTERS, "counter"), value),
    publish: () => inputs.write(),
    refresh: () => {
      outputs.read();
      return { commits: outputs.sequence };
    },
    output: (index) => outputs.level(index),
    close: () => {
      closeSync(file);
      unlinkSync(path);
    },
  };
}

/**
 * The PLC's side of an image that `createImage` made.
 * @throws when the file is not there, or is not an image
 */
export function openImage(path: string): PlcTerminals & { stops(): number; close(): void } {
  const file = openSync(path, "r+");
  const inputs = new Area(file, INPUTS_AT, LEVEL_WORDS + COUNTERS);
  const outputs = new Area(file, OUTPUTS_AT, LEVEL_WORDS);
  const stops = new Area(file, STOPS_AT, 0);
  inputs.read();
  outputs.read(); // A restarted PLC goes on counting its commits: the world must not take it for a stopped one.
  return {
    refresh: () => inputs.read(),
    input: (index) => inputs.level(index),
    counter: (index) => inputs.word(LEVEL_WORDS + checked(index, COUNTERS, "counter")),
    output: (index, on) => outputs.setLevel(index, on),
    commit: () => outputs.write(),
    stops: () => {
      stops.read();
      return stops.sequence;
    },
    close: () => closeSync(file),
  };
}

/** Notes in the image that its PLC has been stopped on somebody's order: to be called while it stands, so that it wakes to it. */
export function markStop(path: string): void {
  const file = openSync(path, "r+");
  try {
    const stops = new Area(file, STOPS_AT, 0);
    stops.read();
    stops.write();
  } finally {
    closeSync(file);
  }
}

const LEVEL_WORDS = TERMINALS / 32;
const INPUTS_AT = 0;
/** Cache lines apart from the inputs. */
const OUTPUTS_AT = 512;
const STOPS_AT = 1024;
/** A writer is in the area for well under a microsecond; a file that fails this often is no image. */
const MAX_READS = 1000;

/**
 * One writer, any readers: [sequence][words...][check]. A read and a write of the same bytes may overlap (the kernel
 * promises nothing for a file), and a sequence at both ends would not show a write that overtook the reader in between;
 * so the check covers sequence and words, and a torn read is repeated.
 */
class Area {
  readonly #file: number;
  readonly #atByte: number;
  readonly #cells: Uint32Array;
  readonly #bytes: Uint8Array;
  readonly #incoming: Uint32Array;
  readonly #incomingBytes: Uint8Array;

  constructor(file: number, atByte: number, words: number) {
    this.#file = file;
    this.#atByte = atByte;
    this.#cells = new Uint32Array(words + 2);
    this.#bytes = new Uint8Array(this.#cells.buffer);
    this.#incoming = new Uint32Array(words + 2);
    this.#incomingBytes = new Uint8Array(this.#incoming.buffer);
  }

  /** Counts the writes, 1..2^32-1, then 1 again. */
  get sequence(): number {
    return this.#cells[0] as number;
  }

  level(index: number): boolean {
    checked(index, TERMINALS, "terminal");
    return ((this.word(index >>> 5) >>> (index & 31)) & 1) === 1;
  }

  setLevel(index: number, on: boolean): void {
    checked(index, TERMINALS, "terminal");
    const bit = 1 << (index & 31);
    const word = this.word(index >>> 5);
    this.setWord(index >>> 5, on ? word | bit : word & ~bit);
  }

  word(index: number): number {
    return this.#cells[index + 1] as number;
  }

  setWord(index: number, value: number): void {
    this.#cells[index + 1] = value; // Uint32Array takes it modulo 2^32.
  }

  write(): void {
    // Never 0, which is how an empty file begins.
    this.#cells[0] = (this.sequence % 0xffffffff) + 1;
    this.#cells[this.#cells.length - 1] = checkWord(this.#cells);
    writeSync(this.#file, this.#bytes, 0, this.#bytes.length, this.#atByte);
  }

  read(): void {
    for (let attempt = 0; attempt < MAX_READS; attempt += 1) {
      const length = readSync(this.#file, this.#incomingBytes, 0, this.#incomingBytes.length, this.#atByte);
      const whole = length === this.#incomingBytes.length && this.#incoming[0] !== 0;
      if (whole && checkWord(this.#incoming) === this.#incoming[this.#incoming.length - 1]) {
        this.#cells.set(this.#incoming);
        return;
      }
    }
    throw new Error(`process image: no consistent read in ${MAX_READS} attempts; was the file made by createImage?`);
  }
}

/** FNV-1a over whole words, all but the last. Source of the constants: the FNV authors' 32-bit parameters. */
function checkWord(cells: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < cells.length - 1; i += 1) hash = Math.imul(hash ^ (cells[i] as number), 0x01000193);
  return hash >>> 0;
}

function checked(index: number, end: number, what: string): number {
  if (!Number.isInteger(index) || index < 0 || index >= end)
    throw new RangeError(`process image: ${what} ${index}, allowed are 0..${end - 1}`);
  return index;
}
