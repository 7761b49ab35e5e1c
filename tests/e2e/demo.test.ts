// The demo as a newcomer runs it, without a terminal: 150 parcels on real ttys and sockets, truth against journal.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { howOften } from "../how-often.ts";

/** A machine that held up the simulated belt itself for longer than this says nothing about the line. */
const HELD_UP_MS = 100;
const BUSY_LOAD = 2;

const coline = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

test("150 parcels at 10,000 an hour: nothing unreleased leaves, and what is released is in its chute", async () => {
  const { code, result, said } = await runDemo(["--parcels", "150", "--json"]);
  expect(result, said).toMatchObject({ parcels: 150, unreleasedOutbound: 0, misdiverted: 0 });
  const { released, simulator, lateDropped, latencyMs, reasons, perChute } = result;
  expect(released.due).toBeGreaterThan(80);
  expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(150);
  expect(Object.values(perChute).reduce((sum, count) => sum + count, 0)).toBe(150);
  expect(latencyMs.max).toBeGreaterThanOrEqual(latencyMs.p50);
  if (simulator.worstStallMs > HELD_UP_MS) {
    process.stderr.write(`left out: sorting share, the machine held up the belt for ${simulator.worstStallMs} ms\n`);
    return;
  }
  expect(result.findings).toEqual([]);
  expect(released.delivered).toBeGreaterThanOrEqual(released.due - lateDropped);
  expect(result.verdict).toBe("kept");
  expect(code).toBe(0);
}, 150_000);

const THREE_BUSES = fileURLToPath(new URL("../../config/sites/three-buses", import.meta.url));
/** On each of two belts. */
const ON_EACH = howOften({ usually: 12, long: 200 });

test("gates behind OPC UA, Modbus RTU and Modbus TCP in one site: each belt's parcels are in their chutes", async () => {
  const { code, result, said } = await runDemo([THREE_BUSES, "--parcels", String(ON_EACH), "--json"]);
  expect(result, said).toMatchObject({ parcels: 2 * ON_EACH, unreleasedOutbound: 0, misdiverted: 0 });
  const { released, perChute, reasons, latencyMs, loadPerCpu, verdict } = result;
  expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(2 * ON_EACH);
  expect(result.findings.filter((finding) => finding.startsWith("law"))).toEqual([]);
  expect(released.due).toBeGreaterThan(ON_EACH);
  const sortedBy = (chutes: readonly string[]): number => chutes.reduce((sum, id) => sum + (perChute[id] ?? 0), 0);
  expect(sortedBy(["out-express-import", "out-express-export"]), "by gates behind OPC UA").toBeGreaterThan(2);
  expect(sortedBy(["out-cbec-import", "out-cbec-import-2"]), "by gates on a serial line").toBeGreaterThan(2);
  expect(latencyMs.max, "a plain coil's command has a latency too").toBeGreaterThan(0);
  // A belt without an encoder goes by the clock, and the kernel's own threads hand on what is on a serial line.
  if (verdict === "heldUp" || loadPerCpu > BUSY_LOAD) {
    process.stderr.write(
      `left out: sorting share, the machine was too busy (load ${loadPerCpu} per processor): ${verdict}\n`,
    );
    return;
  }
  expect(result.findings, said).toEqual([]);
  expect(verdict).toBe("kept");
  expect(code).toBe(0);
}, 150_000);

test("a rate that leaves no room for the gap is refused, with what the belt can take", async () => {
  const { code, said } = await runDemo(["--rate", "20000", "--parcels", "5"]);
  expect(code).toBe(1);
  expect(said).toMatch(/10,?000/);
}, 60_000);

test("a number that is none is refused, with the usage", async () => {
  const { code, said } = await runDemo(["--parcels", "many"]);
  expect(code).toBe(2);
  expect(said).toContain("--parcels takes a whole number");
}, 60_000);

interface Result {
  parcels: number;
  perChute: Record<string, number>;
  reasons: Record<string, number>;
  misdiverted: number;
  unreleasedOutbound: number;
  lateDropped: number;
  released: { due: number; delivered: number };
  latencyMs: { p50: number; max: number };
  simulator: { stalls: number; worstStallMs: number };
  loadPerCpu: number;
  findings: string[];
  verdict: string;
}

function runDemo(args: string[]): Promise<{ code: number | null; result: Result; said: string }> {
  const child = spawn(process.execPath, [coline, "demo", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const last = out.trim().split("\n").at(-1) ?? "";
      resolve({ code, said: said + out, result: last.startsWith("{") ? JSON.parse(last) : {} });
    });
  });
}
