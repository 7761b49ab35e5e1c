// Measures what recording the inputs costs: bytes an hour by kind, and time an input on the loop.
// `npm run bench:inputs -- --parcels 3000 --site common-line`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHistogram } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { chainHash, sealedLine } from "../../src/journal/chain.ts";
import { fileFolder } from "../../src/journal/file-disk.ts";
import { inputDecoder, type RecordedInput } from "../../src/journal/inputs/decoder.ts";
import { inputRecorder } from "../../src/journal/inputs/recorder.ts";
import { isInputs, parseLine } from "../../src/journal/line.ts";
import { segmentBytes, segmentFiles, splitLines } from "../../src/journal/segment.ts";
import { simulatedJournal } from "../simulation/simulated-journal.ts";
import { exampleSite } from "../simulation/virtual-run.ts";

const { values } = parseArgs({
  options: {
    parcels: { type: "string", default: "3000" },
    seed: { type: "string", default: "1" },
    site: { type: "string", default: "common-line" },
  },
});
/** The line that the figures are told for. */
const PARCELS_PER_HOUR = 10_000;
const INPUTS_MAX = 400_000;
let hours = 0;
const folder = mkdtempSync(join(tmpdir(), "coline-bench-"));
try {
  const parcels = Number(values.parcels);
  const run = simulatedJournal({ site: exampleSite(values.site), seed: Number(values.seed), parcels, folder });
  hours = run.simulatedNs / 3600e9;
  const { bytes, inputs, count } = read();
  say(`${values.site}: ${parcels} parcels a belt in ${hours.toFixed(2)} h, ${run.parcelsPerHour} an hour and belt`);
  const entryBytes = bytes.get("entries") ?? 0;
  const inputBytes = bytes.get("inputs") ?? 0;
  say(`inputs ${count}, ${Math.round(count / hours / 3600)} a second`);
  for (const [what, sum] of bytes) say(`${what.padEnd(10)} ${(sum / hours / 1e6).toFixed(1)} MB an hour`);
  say(`compressed: entries ${packed(false)}, with inputs ${packed(true)} MB an hour`);
  say(`inputs are ${((100 * inputBytes) / (entryBytes + inputBytes)).toFixed(0)} % of the two`);
  const own = ownBytes(inputs);
  const toAll = (hours * inputs.length) / count;
  for (const [kind, { sum, times }] of own) {
    const perHour = sum / toAll / 1e6;
    say(
      `  ${kind.padEnd(12)} ${(sum / times).toFixed(1).padStart(7)} bytes each  ${perHour.toFixed(2).padStart(6)} MB an hour`,
    );
  }
  say(
    `(at ${PARCELS_PER_HOUR} parcels an hour times ${(PARCELS_PER_HOUR / run.parcelsPerHour).toFixed(2)} where it hangs on parcels)`,
  );
  cost(inputs);
} finally {
  rmSync(folder, { recursive: true });
}

/** As the gateway compresses closed segments; headers and checkpoints are with the entries. */
function packed(hasInputs: boolean): string {
  const files = fileFolder(folder);
  let sum = 0;
  for (const file of segmentFiles(files)) {
    const lines = splitLines(segmentBytes(files, file)).lines.filter((line) => {
      const parsed = parseLine(line);
      return hasInputs || (parsed !== null && !isInputs(parsed));
    });
    sum += gzipSync(Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]))).length;
  }
  return (sum / hours / 1e6).toFixed(1);
}

function read(): { bytes: Map<string, number>; inputs: RecordedInput[]; count: number } {
  const files = fileFolder(folder);
  const bytes = new Map<string, number>();
  const inputs: RecordedInput[] = [];
  const decoder = inputDecoder();
  let count = 0;
  for (const file of segmentFiles(files)) {
    decoder.beginSegment();
    for (const raw of splitLines(segmentBytes(files, file)).lines) {
      const line = parseLine(raw);
      if (line === null) continue;
      const what = { inputs: "inputs", segment: "headers", checkpoint: "headers" }[line.kind as string] ?? "entries";
      bytes.set(what, (bytes.get(what) ?? 0) + raw.length + 1);
      if (!isInputs(line)) continue;
      count += line.count;
      const decoded = decoder.line(line);
      if (inputs.length < INPUTS_MAX) inputs.push(...decoded);
    }
  }
  return { bytes, inputs, count };
}

/** What each kind adds to its line, its look-ups told apart. */
function ownBytes(inputs: readonly RecordedInput[]): Map<string, { sum: number; times: number }> {
  const recorder = inputRecorder();
  const own = new Map<string, { sum: number; times: number }>();
  let before = 0;
  const add = (kind: string): void => {
    const known = own.get(kind) ?? { sum: 0, times: 0 };
    own.set(kind, { sum: known.sum + recorder.size() - before, times: known.times + 1 });
    before = recorder.size();
  };
  for (const { input, atNs, looks } of inputs) {
    recorder.input(input, atNs);
    add(input.kind);
    for (const look of looks) {
      recorder.look(look);
      add("(look-up)");
    }
    if (recorder.size() < 4096) continue;
    recorder.take();
    before = 0;
  }
  return new Map([...own].sort(([, a], [, b]) => b.sum - a.sum));
}

/** As the writer does it: a line sealed to the one before when an entry comes, here every thirty inputs. */
function cost(inputs: readonly RecordedInput[]): void {
  const single = createHistogram();
  for (let round = 0; round < 3; round += 1) {
    single.reset();
    const recorder = inputRecorder();
    let hash = "0".repeat(64);
    let waiting = 0;
    const beganNs = process.hrtime.bigint();
    for (const { input, atNs, looks } of inputs) {
      recorder.input(input, atNs);
      for (const look of looks) recorder.look(look);
      waiting += 1;
      if (waiting < 30) continue;
      waiting = 0;
      const body = `{"seq":123456789,"run":12,"kind":"inputs","n":1234567,${recorder.take()}`;
      hash = chainHash(hash, body);
      sealedLine(body, hash);
    }
    const meanNs = Number(process.hrtime.bigint() - beganNs) / inputs.length;
    for (const { input, atNs, looks } of inputs.slice(0, 100_000)) {
      const began = process.hrtime.bigint();
      recorder.input(input, atNs);
      for (const look of looks) recorder.look(look);
      single.record(Math.max(1, Number(process.hrtime.bigint() - began)));
      if (recorder.size() > 4096) recorder.take();
    }
    if (round < 2) continue;
    const at = (percentile: number): string => (single.percentile(percentile) / 1000).toFixed(2);
    say(`cost an input, line and hash included: ${(meanNs / 1000).toFixed(2)} µs on average`);
    say(`recording alone, µs (clock included): p50 ${at(50)} p99 ${at(99)} p99.9 ${at(99.9)} max ${at(100)}`);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
