// A line whose PLC tracks, on real wires: its controller dies, the PLC freezes, its cable is out; the law holds, and it goes on.
import { expect, test } from "vitest";
import { DISTURBED_TIMEOUT_MS } from "../../how-often.ts";
import { startLine } from "../line-rig.ts";

/** Longer than the PLC's watchdog: it sends everybody to the safe end meanwhile. */
const AWAY_NS = 700e6;

test("destinations to a PLC that tracks, and its reports, over a killed controller, a frozen PLC and a cable that is out", {
  timeout: DISTURBED_TIMEOUT_MS,
  retry: 0,
}, async () => {
  const line = await startLine({ example: "plc-tracked", parcels: null, seed: 12 });
  await line.rig.startTraffic();
  const come = async (parcels: number): Promise<void> => {
    const { fed } = await line.rig.status();
    await line.until("parcels", async () => (await line.rig.status()).fed >= fed + parcels);
  };
  await come(6);
  await line.rig.inject({ kind: "freeze", deviceId: "plc1", forNs: AWAY_NS });
  await come(6);
  await line.rig.inject({ kind: "cut", deviceId: "plc1", forNs: AWAY_NS });
  await come(6);
  await line.kill("controller");
  await line.until("the next controller", () => line.starts("controller") > 1);
  await line.ready();
  await line.sorted(10);
  await line.trafficDone();
  const { evidence, report, verdict, exitCode, lastWords } = await line.finish();

  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ unreleasedOutbound: 0, misdiverted: 0, onBelt: 0 });
  expect(verdict).toMatchObject({ isIntact: true, damage: null });
  expect(exitCode, lastWords).toBe(0);
  const { entries } = evidence;
  expect(entries.some((entry) => entry.kind === "item" && entry.trackingId !== undefined)).toBe(true);
  expect(entries.some((entry) => entry.kind === "breach")).toBe(false);
});
