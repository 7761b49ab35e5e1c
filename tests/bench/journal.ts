// Measures how long one entry of 500 bytes takes from append to durable, one at a time: node tests/bench/journal.ts [FOLDER] [COUNT]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHistogram, performance } from "node:perf_hooks";
import { fileDisk } from "../../src/journal/file-disk.ts";
import { readTail } from "../../src/journal/tail.ts";
import { beginRun, type RunningJournal } from "../../src/journal/writer.ts";
import type { LineEntry } from "../../src/line/entry.ts";

const WARM_UP = 200;
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "coline-bench-"));
const count = Number(process.argv[3] ?? 5000);

try {
  await measure();
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(): Promise<void> {
  let reached: () => void = () => {};
  const disk = fileDisk(folder);
  const journal = beginRun({
    limits: { restNs: 0 },
    disk,
    end: readTail(disk).end,
    checkpoint: null,
    codeVersion: "bench",
    bootId: "bench",
    nowNs: () => Math.round(performance.now() * 1e6),
    wallTime: () => new Date().toISOString(),
    events: { durable: () => reached(), storage: (state) => process.stderr.write(`storage: ${state}\n`) },
    fatal: (error) => {
      throw error;
    },
  });
  const appended = createHistogram();
  const durable = createHistogram();
  for (let n = 1; n <= WARM_UP + count; n += 1) {
    const took = await one(journal, n, (callback) => {
      reached = callback;
    });
    if (n <= WARM_UP) continue;
    appended.record(took.appendNs);
    durable.record(took.durableNs);
  }
  await journal.close();
  process.stdout.write(`${count} entries of 500 bytes, one at a time, node ${process.version}, µs\n`);
  for (const [name, histogram] of Object.entries({ "append (on the loop)": appended, "append to durable": durable })) {
    const at = (percentile: number): string => (histogram.percentile(percentile) / 1000).toFixed(1);
    process.stdout.write(`${name}: p50 ${at(50)} p99 ${at(99)} p99.9 ${at(99.9)} max ${at(100)}\n`);
  }
}

/** Settles a turn after the entry is durable, as the next telegram would come. */
function one(
  journal: RunningJournal,
  n: number,
  onDurable: (callback: () => void) => void,
): Promise<{ appendNs: number; durableNs: number }> {
  const entry: LineEntry = { n, atNs: n, kind: "stray", eyeId: "eye1", detail: "x".repeat(322) };
  return new Promise((resolve) => {
    const beganNs = process.hrtime.bigint();
    onDurable(() => {
      const durableNs = Number(process.hrtime.bigint() - beganNs);
      setImmediate(() => resolve({ appendNs, durableNs }));
    });
    journal.append(entry);
    const appendNs = Number(process.hrtime.bigint() - beganNs);
  });
}
