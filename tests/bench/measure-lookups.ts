// One process of the look-up bench: opens the store, looks waybills up at random, and prints what it measured as JSON.
import { readFileSync } from "node:fs";
import { createHistogram } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { systemClock } from "../../src/releases/clock.ts";
import { openReleaseReader } from "../../src/releases/reader.ts";
import { builtCompany, builtWaybill } from "./build-releases.ts";

export interface Measured {
  looks: number;
  /** From before the file is opened to its first answer. */
  openNs: number;
  p50Ns: number;
  p99Ns: number;
  p999Ns: number;
  maxNs: number;
  /** Read from the device for this process, the mapped file's pages included; 0 when all of it was cached. */
  readFromDiskBytes: number;
  /** Resident memory that is no file's: heap, stacks, buffers. */
  ownMemoryBytes: number;
}

/** So many look-ups a turn of the event loop: a telegram needs a few, and lmdb sets a timer for each. */
const looksPerTurn = 8;

if (process.argv[1]?.endsWith("measure-lookups.ts")) await main();

async function main(): Promise<void> {
  const [, , file = "", ...numbers] = process.argv;
  const [records = 0, looks = 0, warmUp = 0] = numbers.map(Number);
  const readBefore = readFromDiskBytes();
  const openedAt = process.hrtime.bigint();
  const reader = openReleaseReader(file, systemClock());
  const first = reader.look(builtCompany, builtWaybill(0));
  const openNs = Number(process.hrtime.bigint() - openedAt);
  if (first.result !== "record") throw new Error(`the first look-up is ${first.result}: ${first.detail}`);

  const histogram = createHistogram();
  const random = randomIndices(records);
  // One in ten is a waybill that the store does not have.
  for (let i = -warmUp; i < looks; i++) {
    const index = random();
    const isKnown = i % 10 !== 0;
    const waybill = isKnown ? builtWaybill(index) : `X${builtWaybill(index)}`;
    const startedAt = process.hrtime.bigint();
    const { result } = reader.look(builtCompany, waybill);
    const tookNs = process.hrtime.bigint() - startedAt;
    if (result !== (isKnown ? "record" : "miss")) throw new Error(`${waybill} is ${result}`);
    if (i >= 0) histogram.record(tookNs);
    if (i % looksPerTurn === 0) await nextTurn();
  }
  const measured: Measured = {
    looks,
    openNs,
    p50Ns: histogram.percentile(50),
    p99Ns: histogram.percentile(99),
    p999Ns: histogram.percentile(99.9),
    maxNs: histogram.max,
    readFromDiskBytes: readFromDiskBytes() - readBefore,
    ownMemoryBytes: ownMemoryBytes(),
  };
  process.stdout.write(JSON.stringify(measured));
  await reader.close();
}

/** xorshift32 with a fixed seed: every run looks the same waybills up. */
function randomIndices(below: number): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function readFromDiskBytes(): number {
  return field("/proc/self/io", "read_bytes");
}

function ownMemoryBytes(): number {
  return field("/proc/self/status", "RssAnon") * 1024;
}

function field(file: string, name: string): number {
  const line = readFileSync(file, "utf8").match(new RegExp(`^${name}:\\s*(\\d+)`, "m"));
  if (line === null) throw new Error(`${file} has no ${name}`);
  return Number(line[1]);
}
