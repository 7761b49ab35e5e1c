// Devices of one serial line that end at the same time: each gate is brought home, whoever still had the line.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type LineUnderTest, openLine, TIMEOUT_MS } from "./virtual-line.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Well below the device's own watchdog, which would bring the gate home too. */
const SOON_MS = 60;
/** One poll of both units and more, so that each has a request under way in some of them. */
const PHASES = Array.from({ length: 24 }, (_, ms) => ms);

/** Unit 1 with its plain gate out, unit 2 with an input to be read. */
async function gateOut(): Promise<LineUnderTest> {
  const opened = openLine(2, { watching: [2] });
  await opened.armedAfter(1000);
  const nowNs = performance.now() * 1e6;
  const permit = { id: 1, gateId: "plain", chuteId: "chute2", window: null, maxOutMs: 60_000 };
  opened.units[0]?.plc.permit({ ...permit, fromNs: nowNs, untilNs: nowNs + 1e9 });
  await opened.run(50);
  expect(opened.line.isOut(1), "out").toBe(true);
  return opened;
}

describe("a device with nothing to bring home ends beside one whose gate is out", () => {
  test.each([
    { order: [0, 1], what: "before it" },
    { order: [1, 0], what: "after it" },
  ])("the gate comes home at once, whatever was on the line ($what)", async ({ order }) => {
    for (const phase of PHASES) {
      const opened = await gateOut();
      await opened.run(phase);
      const closed = order.map((index) => opened.units[index]?.plc.close(1500));
      await opened.run(SOON_MS);
      expect(opened.line.isOut(1), `closed ${phase} ms later`).toBe(false);
      await opened.run(TIMEOUT_MS);
      await Promise.all(closed);
      await opened.close();
    }
  });

  test("also when what was asked of it is not answered any more", async () => {
    for (const phase of PHASES) {
      const opened = await gateOut();
      await opened.run(phase);
      opened.line.deaf.add(2);
      const closed = [1, 0].map((index) => opened.units[index]?.plc.close(1500));
      await opened.run(TIMEOUT_MS + SOON_MS);
      expect(opened.line.isOut(1), `closed ${phase} ms later`).toBe(false);
      await opened.run(TIMEOUT_MS);
      await Promise.all(closed);
      await opened.close();
    }
  });
});

test("a device that is not done in its time leaves the line to the others", async () => {
  const opened = await gateOut();
  opened.line.deaf.add(1);
  const sentTo = (unit: number): number => opened.line.sent.filter((each) => each.unit === unit).length;
  await Promise.all([opened.units[0]?.plc.close(5), opened.run(6)]);
  const before = sentTo(2);
  await opened.run(500);
  expect(sentTo(2)).toBeGreaterThan(before + 20);
  expect(opened.units[1]?.heard.isConnected).toBe(true);
  await opened.close();
});
