// The demo of a site with gates behind three buses at once: an OPC UA server, a serial line and Modbus TCP.
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { howOften } from "../how-often.ts";
import { runDemo } from "./run-demo.ts";

/** Runnable processes for each processor; beyond it the kernel's own threads come late to what is on a serial line. */
const BUSY_LOAD = 1;
/** One stall of an OPC UA server or a serial line costs what rides on a belt just then, which is a good part of so few. */
const LEAST_SHARE_WHEN_BUSY = 0.3;
const THREE_BUSES = fileURLToPath(new URL("../../config/sites/three-buses", import.meta.url));
/** On each of two belts. */
const ON_EACH = howOften({ usually: 12, long: 200 });

test("gates behind OPC UA, Modbus RTU and Modbus TCP in one site: each belt's parcels are in their chutes", async () => {
  const { code, result, said } = await runDemo([THREE_BUSES, "--parcels", String(ON_EACH), "--json"]);
  expect(result, said).toMatchObject({ parcels: 2 * ON_EACH, unreleasedOutbound: 0, misdiverted: 0 });
  const { released, perChute, reasons, latencyMs, loadPerCpu, verdict } = result;
  expect(result.findings.filter((finding) => finding.startsWith("law"))).toEqual([]);
  expect(released.due).toBeGreaterThan(ON_EACH);
  const sortedBy = (chutes: readonly string[]): number => chutes.reduce((sum, id) => sum + (perChute[id] ?? 0), 0);
  expect(sortedBy(["out-express-import", "out-express-export"]), "by gates behind OPC UA").toBeGreaterThan(2);
  expect(sortedBy(["out-cbec-import", "out-cbec-import-2"]), "by gates on a serial line").toBeGreaterThan(2);
  expect(latencyMs.max, "a plain coil's command has a latency too").toBeGreaterThan(0);
  // A belt without an encoder goes by the clock, and the kernel's own threads hand on what is on a serial line.
  const ends = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  if (verdict === "heldUp" || loadPerCpu > BUSY_LOAD) {
    process.stderr.write(
      `left out: all of the sorting share, the machine was too busy (load ${loadPerCpu} per processor): ${verdict}\n`,
    );
    // What came while an eye's bus was held up may be a stranger to the line: it has no end of its own, and leaves by no gate.
    expect(ends).toBeLessThanOrEqual(2 * ON_EACH);
    expect(released.delivered).toBeGreaterThanOrEqual(released.due * LEAST_SHARE_WHEN_BUSY);
    return;
  }
  expect(ends).toBe(2 * ON_EACH);
  expect(result.findings, said).toEqual([]);
  expect(verdict).toBe("kept");
  expect(code).toBe(0);
}, 150_000);
