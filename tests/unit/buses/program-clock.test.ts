// The count of a device's cycles, read with every poll: what it proves of the time between two polls, and what it does not.
import { describe, expect, test } from "vitest";
import { ProgramClock } from "../../../drivers/buses/program-clock.ts";

const MS = 1e6;

/** A device of so many cycles a ms, polled every 5 ms; returns what the clock said to each poll. */
class Polled {
  readonly clock: ProgramClock;
  cyclesPerMs: number;
  nowMs = 1000;
  cycles: number;
  said: number[] = [];

  constructor(o: { cyclesPerMs?: number; cycles?: number; hasCounter?: boolean; pollMs?: number } = {}) {
    this.clock = new ProgramClock({ hasCounter: o.hasCounter ?? true, pollNs: (o.pollMs ?? 5) * MS });
    this.cyclesPerMs = o.cyclesPerMs ?? 1;
    this.cycles = o.cycles ?? 0;
  }

  /** Runs, polled or not, and counting or not. */
  for(ms: number, o: { polled?: boolean; counting?: boolean } = {}): this {
    for (let step = 0; step < ms; step += 5) {
      this.nowMs += 5;
      if (o.counting !== false) this.cycles += 5 * this.cyclesPerMs;
      if (o.polled !== false) this.poll();
    }
    return this;
  }

  /** From now on it counts so much faster, or slower. */
  at(factor: number): this {
    this.cyclesPerMs *= factor;
    return this;
  }

  poll(replyMs = 1): this {
    const sentNs = this.nowMs * MS;
    this.said.push(this.clock.read(Math.floor(this.cycles) & 0xffff, { sentNs, repliedNs: sentNs + replyMs * MS }));
    return this;
  }

  get heardMs(): number[] {
    return this.said.filter((ns) => ns > 0).map((ns) => Math.round(ns / MS));
  }
}

describe.each([1, 0.25])("a device of %d cycles a ms", (cyclesPerMs) => {
  const running = () => new Polled({ cyclesPerMs }).for(1000);

  test("that runs is never said to have stood, over its counter's turn too", () => {
    expect(new Polled({ cyclesPerMs, cycles: 65_000 }).for(5000).heardMs).toEqual([]);
  });

  test("out of reach while it ran has stood for nothing", () => {
    expect(running().for(2000, { polled: false }).poll().heardMs).toEqual([]);
  });

  test.each([60, 200, 2000])("out of reach while it stood for %i ms: so long, give or take its cycles", (ms) => {
    const { heardMs } = running().for(ms, { polled: false, counting: false }).poll();
    expect(heardMs).toHaveLength(1);
    expect(Math.abs((heardMs[0] ?? 0) - ms)).toBeLessThan(15);
  });

  test("within reach while it stands: that is said before it goes on", () => {
    const { heardMs } = running().for(100, { counting: false });
    expect(heardMs.length).toBeGreaterThan(1);
    expect(heardMs.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(60);
  });

  test("that begins anew has proved nothing", () => {
    const line = running().for(1000, { polled: false });
    line.cycles = 3;
    expect(line.poll().heardMs[0]).toBeGreaterThan(990);
  });

  test("out of reach for so long that its counter may have turned around has proved nothing", () => {
    const ms = Math.ceil(40_000 / cyclesPerMs);
    expect(running().for(ms, { polled: false }).poll().heardMs[0]).toBeGreaterThan(ms - 10);
  });

  test.each([0.5, 0.7, 0.85, 1.2, 1.43, 3])("whose cycles are %d times as many from now on has not stood", (factor) => {
    const line = running().at(factor).for(3000);
    expect(line.heardMs).toEqual([]);
    expect(line.for(1000, { polled: false }).poll().heardMs).toEqual([]);
    const [heardMs = 0] = line.for(200, { polled: false, counting: false }).poll().heardMs;
    expect(Math.abs(heardMs - 200)).toBeLessThan(15);
  });

  test("whose cycles were more while nobody polled has proved nothing, once", () => {
    expect(running().at(1.5).for(500, { polled: false }).for(3000).heardMs).toHaveLength(1);
  });

  test("whose replies are slow has run all the same", () => {
    const line = running();
    for (let poll = 0; poll < 20; poll += 1) line.for(60, { polled: false }).poll(40);
    expect(line.heardMs).toEqual([]);
  });
});

test("a silence before anybody knows how fast it counts proves nothing", () => {
  const line = new Polled().for(50).for(500, { polled: false }).poll();
  expect(line.heardMs[0]).toBeGreaterThan(490);
});

test("without a counter of its own a short pause is none, and a long one proves nothing", () => {
  const line = new Polled({ hasCounter: false }).for(500).for(30, { polled: false }).poll();
  expect(line.heardMs).toEqual([]);
  expect(line.for(300, { polled: false }).poll().heardMs[0]).toBeGreaterThanOrEqual(300);
});

test("without a counter of its own a device that is polled seldom has to miss two polls before anything is in doubt", () => {
  const line = new Polled({ hasCounter: false, pollMs: 60 });
  for (let poll = 0; poll < 20; poll += 1) line.for(60, { polled: false }).poll();
  expect(line.for(115, { polled: false }).poll().heardMs).toEqual([]);
  expect(line.for(130, { polled: false }).poll().heardMs).toHaveLength(1);
});
