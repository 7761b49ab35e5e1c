// Units of a serial line whose arming is disturbed, at each of its telegrams or at random: how soon they are armed again.
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openLine, TIMEOUT_MS, TROUBLES, type Trouble, VirtualLine } from "./virtual-line.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A line that nothing disturbs: some ten exchanges of 4 ms for each unit, and polls every 8 ms. */
const undisturbedMs = (units: number): number => 60 * units;
/** A unit that has missed the first question of a connection rests for so many timeouts before the next. */
const REST_MS = 11 * TIMEOUT_MS;
/** Beside units that answer, those that do not are tried so seldom, all together. */
const SELDOM_MS = 101 * TIMEOUT_MS;
/** A port that cannot be opened is tried every 2 s at least. */
const RETRY_MS = 2000;

/** The telegram of this number meets the trouble; how long it took until all were armed, and how many telegrams. */
async function armedDespite(
  count: number,
  nth: number,
  trouble: Trouble | null,
): Promise<{ ms: number; sent: number }> {
  const line = new VirtualLine(count);
  line.trouble = (at) => (at === nth ? trouble : null);
  const opened = openLine(count, { line });
  const ms = await opened.armedAfter(5000);
  const sent = line.sent.length;
  await opened.close();
  return { ms, sent };
}

const isLong = process.env["COLINE_LONG"] !== undefined;

describe.each([1, 2])("%i units, one telegram of whose arming goes wrong", (count) => {
  test.each(TROUBLES)(
    "%s: whichever it was, all are armed after the rest that a silent unit takes",
    async (trouble) => {
      const { ms, sent } = await armedDespite(count, -1, null);
      expect(ms).toBeLessThanOrEqual(undisturbedMs(count));
      const step = isLong ? 1 : count;
      for (let nth = 0; nth < sent; nth += nth < count ? 1 : step) {
        const disturbed = await armedDespite(count, nth, trouble);
        expect(disturbed.ms, `telegram ${nth} of ${sent}`).toBeLessThanOrEqual(undisturbedMs(count) + REST_MS);
        // Only the first telegram of a connection says so much about a unit.
        const isFirst = nth < count;
        if (!isFirst)
          expect(disturbed.ms, `telegram ${nth}`).toBeLessThanOrEqual(3 * undisturbedMs(count) + TIMEOUT_MS);
      }
    },
  );
});

test("a unit that answers too late for a minute is tried all the while, and armed soon after its replies are in time", async () => {
  const line = new VirtualLine(1);
  line.delayMs = TIMEOUT_MS;
  const opened = openLine(1, { line });
  await opened.run(60_000);
  const { reconnects, lastError, strayBytes } = opened.units[0]?.plc.health() ?? {};
  expect(lastError).toBe("no reply to the read-back either: the connection was reset");
  expect(reconnects).toBeGreaterThan(60_000 / REST_MS - 5);
  expect(strayBytes, "each reply came, and too late").toBeGreaterThan(5 * (reconnects ?? 0));
  line.delayMs = 0;
  expect(await opened.armedAfter(5000)).toBeLessThanOrEqual(REST_MS + undisturbedMs(1));
  await opened.close();
});

/** A stretch of time and what troubles the line in it, beside the telegrams that go wrong. */
interface Stretch {
  kind: "unplugged" | "slow" | "deaf" | "noise" | "stands" | "nothing else";
  forMs: number;
  unit: number;
  delayMs: number;
}

const stretches: fc.Arbitrary<Stretch[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Stretch["kind"]>("unplugged", "slow", "deaf", "noise", "stands", "nothing else"),
    forMs: fc.integer({ min: 1, max: 2000 }),
    unit: fc.integer({ min: 1, max: 3 }),
    delayMs: fc.integer({ min: 1, max: 300 }),
  }),
  { maxLength: 4 },
);

const RUNS = isLong ? 1000 : 25;

test("whatever has gone wrong, all are armed soon after the last of it", { timeout: 600_000 }, async () => {
  const wrong = fc.array(fc.constantFrom(null, null, null, ...TROUBLES), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), stretches, wrong, async (count, bad, wrongs) => {
      const line = new VirtualLine(count);
      line.trouble = (nth) => wrongs[nth % wrongs.length] ?? null;
      const opened = openLine(count, { line });
      for (const stretch of bad) await troubled(line, stretch, opened.run);
      line.trouble = () => null;
      const others = count - 1;
      const boundMs = RETRY_MS + REST_MS + others * SELDOM_MS + undisturbedMs(count) + TIMEOUT_MS;
      expect(await opened.armedAfter(boundMs + 1)).toBeLessThanOrEqual(boundMs);
      await opened.close();
    }),
    { numRuns: RUNS },
  );
});

async function troubled(line: VirtualLine, stretch: Stretch, run: (ms: number) => Promise<void>): Promise<void> {
  const { kind, forMs, unit } = stretch;
  const noise = kind === "noise" ? setInterval(() => line.hear(new Uint8Array([unit, 3])), 1) : undefined;
  if (kind === "unplugged") {
    line.isPlugged = false;
    line.lose();
  }
  if (kind === "slow") line.delayMs = stretch.delayMs;
  if (kind === "deaf") line.deaf.add(unit);
  if (kind === "stands") line.stand(true);
  await run(forMs);
  clearInterval(noise);
  line.isPlugged = true;
  line.delayMs = 0;
  line.deaf.clear();
  line.stand(false);
}
