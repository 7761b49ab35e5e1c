// A serial line that is never silent, and a loop that stands while a reply waits to be read: what is sent all the same.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type LineUnderTest, openLine, TIMEOUT_MS } from "./virtual-line.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Function code of the read that ends a poll of the small plant. */
const READ_REGISTERS = 4;

const armed = async (count = 1): Promise<LineUnderTest> => {
  const opened = openLine(count);
  expect(await opened.armedAfter(1000)).toBeLessThan(1000);
  return opened;
};

describe("a line without its bias resistors, which hears something whenever nobody speaks", () => {
  /** One character a millisecond: less than the silence between two telegrams. */
  const babble = ({ line }: LineUnderTest) => setInterval(() => line.hear(new Uint8Array([0])), 1);

  test("its units are armed and stay armed", async () => {
    const opened = openLine(2);
    const noise = babble(opened);
    expect(await opened.armedAfter(2000)).toBeLessThan(300);
    const before = opened.line.sent.length;
    await opened.run(2000);
    // Two units polled every 8 ms, on exchanges of 2 ms with 2 ms between them.
    expect(opened.line.sent.length - before).toBeGreaterThan(400);
    for (const { plc, heard } of opened.units) {
      expect(heard.isArmed).toBe(true);
      expect(plc.health()).toMatchObject({ reconnects: 0, timeouts: 0 });
    }
    clearInterval(noise);
    await opened.close();
  });

  test("a unit that falls silent then counts as gone, and what is withdrawn is written", async () => {
    const opened = await armed();
    const noise = babble(opened);
    opened.line.deaf.add(1);
    await opened.run(5 * TIMEOUT_MS);
    expect(opened.units[0]?.heard.isConnected).toBe(false);
    opened.line.deaf.clear();
    expect(await opened.armedAfter(20 * TIMEOUT_MS)).toBeLessThan(13 * TIMEOUT_MS);
    clearInterval(noise);
    await opened.close();
  });
});

describe("a loop that stands for longer than a reply is waited for", () => {
  test("a reply that came meanwhile is read before it is called late", async () => {
    const opened = await armed();
    for (let at = 0; at < 20; at += 1) {
      await opened.run(at);
      opened.line.stand(true);
      await opened.run(TIMEOUT_MS + 5);
      opened.line.stand(false);
      await opened.run(20);
      expect(opened.units[0]?.plc.health(), `stood after ${at} ms`).toMatchObject({ timeouts: 0, reconnects: 0 });
      expect(opened.units[0]?.heard.isArmed).toBe(true);
    }
    await opened.close();
  });

  test("the first part of a reply was read, the rest waits: it is whole, not damaged", async () => {
    const opened = await armed();
    const { line } = opened;
    for (let at = 0; at < 10; at += 1) {
      await opened.run(at);
      line.standsWithinNext = true;
      await opened.run(TIMEOUT_MS - 10);
      line.stand(false);
      await opened.run(20);
      expect(opened.units[0]?.plc.health(), `stood after ${at} ms`).toMatchObject({ timeouts: 0, lastError: null });
    }
    await opened.close();
  });

  test("a caller who finds it so is not told within the own turn", async () => {
    const opened = await armed();
    const [{ heard, plc }] = opened.units as [LineUnderTest["units"][0]];
    const polls = opened.line.sent.filter(({ code }) => code === READ_REGISTERS).length;
    while (opened.line.sent.filter(({ code }) => code === READ_REGISTERS).length === polls) await opened.run(1);
    opened.line.stand(true);
    await opened.run(10);
    const told = heard.belts.length;
    opened.line.skip(TIMEOUT_MS);
    plc.tested("plain");
    expect(heard.belts.length, "within the turn").toBe(told);
    await opened.run(0);
    expect(heard.belts.length).toBe(told + 1);
    expect(plc.health()).toMatchObject({ timeouts: 0 });
    opened.line.stand(false);
    await opened.close();
  });
});
