// `npm run bench:lookup`: how long a look-up takes among ten million records, warm and cold, and what it costs to hold.
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openTablesToRead } from "../../src/releases/tables.ts";
import { buildReleases } from "./build-releases.ts";
import type { Measured } from "./measure-lookups.ts";

const usage = `usage: npm run bench:lookup [-- options]
  --records N    records in the store (10000000)
  --looks N      warm look-ups to measure (1000000)
  --folder DIR   build the store there, or reuse the one that is there (default: a temporary folder)
  --keep         leave a store that was built (one that was reused always stays)
  --json         print figures as JSON`;

const { values } = parseArgs({
  options: {
    records: { type: "string", default: "10000000" },
    looks: { type: "string", default: "1000000" },
    folder: { type: "string" },
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const records = wholeNumber("records", values.records);
const looks = wholeNumber("looks", values.looks);
const isRealTime = spawnSync("chrt", ["-f", "10", "true"]).status === 0;
const say = (text: string): void => void process.stderr.write(text);

const folder = values.folder ?? mkdtempSync(join(tmpdir(), "coline-lookup-"));
mkdirSync(folder, { recursive: true });
const file = join(folder, "releases.mdb");
const isReused = existsSync(file);
try {
  const buildMs = isReused ? null : await build();
  if (isReused) await requireSize();
  const dropped = dropPageCache();
  const cold = measure({ looks: 2_000, warmUp: 0 });
  for await (const _chunk of createReadStream(file)); // brings all of it into the page cache
  const warm = measure({ looks, warmUp: Math.min(looks, 1_000_000) });
  report({ buildMs, dropped, cold, warm });
} finally {
  if (!isReused && !values.keep) {
    for (const path of [file, `${file}-lock`]) rmSync(path, { force: true });
    if (values.folder === undefined) rmSync(folder, { recursive: true });
  }
}

async function build(): Promise<number> {
  const startedMs = performance.now();
  const onProgress = (done: number): void => {
    if (done % 1_000_000 === 0 || done === records) say(`\rbuilding ${file}: ${done} of ${records} records`);
  };
  await buildReleases({ file, records, nowMs: Date.now(), onProgress });
  say("\n");
  return performance.now() - startedMs;
}

async function requireSize(): Promise<void> {
  const tables = openTablesToRead(file);
  const { entryCount } = tables.declarations.getStats() as { entryCount: number };
  await tables.root.close();
  if (entryCount === records) return;
  throw new Error(`${file} holds ${entryCount} records, not ${records}: name another folder, or delete it`);
}

/** Asks the kernel to forget the file's pages; whether it did shows in what the cold run then read from the disk. */
function dropPageCache(): boolean {
  const asked = spawnSync("dd", [`of=${file}`, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "if=/dev/null"]);
  return asked.status === 0;
}

/** In a process of its own, which maps the file anew and has built nothing; in the controller's class where allowed. */
function measure(o: { looks: number; warmUp: number }): Measured {
  const script = fileURLToPath(new URL("measure-lookups.ts", import.meta.url));
  const args = [script, file, String(records), String(o.looks), String(o.warmUp)];
  const [command, ...before] = isRealTime ? ["chrt", "-f", "10", process.execPath] : [process.execPath];
  const ran = spawnSync(command ?? "", [...before, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (ran.status !== 0) throw new Error(`the measurement ended with ${ran.signal ?? ran.status}`);
  return JSON.parse(ran.stdout) as Measured;
}

function report(o: { buildMs: number | null; dropped: boolean; cold: Measured; warm: Measured }): void {
  const { buildMs, dropped, cold, warm } = o;
  const fileBytes = statSync(file).blocks * 512;
  const wasCold = dropped && cold.readFromDiskBytes > 0;
  if (values.json) {
    console.log(JSON.stringify({ records, fileBytes, buildMs, isRealTime, warm, cold: wasCold ? cold : null }));
    return;
  }
  const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MiB`;
  const us = (ns: number): string => (ns / 1000).toFixed(1).padStart(9);
  const row = (name: string, m: Measured): string =>
    `${name.padEnd(6)}${us(m.p50Ns)}${us(m.p99Ns)}${us(m.p999Ns)}${us(m.maxNs)}   ${m.looks} look-ups`;
  const built = buildMs === null ? "reused" : `built in ${(buildMs / 1000).toFixed(0)} s`;
  console.log(`${records} records, ${mib(fileBytes)} on the disk, ${built}`);
  console.log(
    `measured ${isRealTime ? "with" : "without"} real-time priority, load average ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log("µs          p50      p99    p99.9      max");
  console.log(row("warm", warm));
  if (wasCold) console.log(`${row("cold", cold)}, ${mib(cold.readFromDiskBytes)} read from the disk`);
  else console.log("cold   not measured: the system did not let go of the cached file");
  console.log(
    `open to first answer: warm ${(warm.openNs / 1e6).toFixed(1)} ms, cold ${(cold.openNs / 1e6).toFixed(1)} ms`,
  );
  console.log(`memory of the reading process without the mapped file: ${mib(warm.ownMemoryBytes)}`);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1 && value <= 100_000_000) return value;
  say(`--${name} must be a whole number from 1 to 100000000\n${usage}\n`);
  process.exit(2);
}
