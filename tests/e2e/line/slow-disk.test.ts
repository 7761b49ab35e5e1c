// Every fdatasync takes 200 ms longer: no command leaves before its entry can be on the disk.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type LineRigOptions, startLine } from "../line-rig.ts";
import { SYNC_DELAY_MS } from "./slow-sync.ts";

const DELAY_MS = 200;
/** Commands at gates that are looked at. */
const ENOUGH = 10;

test("fdatasync delayed by 200 ms: no command is at a gate within 200 ms of its permit's entry", {
  timeout: 180_000,
  retry: 0,
}, async () => {
  const line = await startLine({ parcels: null, seed: 41, ...slowSync() });
  await line.rig.startTraffic();
  // However many parcels that takes: a machine that stalls costs a PLC its arming, and what rides then its gate.
  await line.until("commands at gates", async () => (await line.rig.records()).arrivals.length >= ENOUGH);
  await line.trafficDone();
  const { evidence, report, verdict, exitCode, starts, lastWords } = await line.finish();
  expect(starts, lastWords).toEqual({ controller: 1, gateway: 1 });

  // An entry is written after its decision and synced after that: before this instant it is on no disk.
  const notBeforeNs = new Map(
    evidence.entries.flatMap((entry) =>
      entry.kind === "permit" ? [[entry.n, evidence.worldNs(entry) + DELAY_MS * 1e6] as const] : [],
    ),
  );
  const early = evidence.records.arrivals.filter(
    ({ sequence, atNs }) => atNs < (notBeforeNs.get(sequence ?? 0) ?? Number.POSITIVE_INFINITY),
  );
  expect(early).toEqual([]);
  expect(report.findings).toEqual([]);
  expect(verdict.damage).toBeNull();
  expect(exitCode, lastWords).toBe(0);
});

/** In the kernel where strace may trace, else in the process. */
function slowSync(): Pick<LineRigOptions, "under" | "env"> {
  const inject = `inject=fdatasync:delay_enter=${DELAY_MS * 1000}`;
  // -D: the traced program stays this process' child, with its signals and its exit code.
  const strace = [
    "strace",
    "-D",
    "-f",
    "--seccomp-bpf",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    "trace=fdatasync",
    "-e",
    inject,
  ];
  const [program = "", ...args] = strace;
  const { status, error, stderr } = spawnSync(program, [...args, "true"], { encoding: "utf8" });
  if (status === 0) return { under: strace };
  process.stderr.write(
    `left out: fdatasync delayed in the kernel (${error?.message ?? stderr.trim()}): in the process\n`,
  );
  const preload = fileURLToPath(new URL("./slow-sync.ts", import.meta.url));
  return { env: () => ({ [SYNC_DELAY_MS]: String(DELAY_MS), NODE_OPTIONS: `--import=${preload}` }) };
}
