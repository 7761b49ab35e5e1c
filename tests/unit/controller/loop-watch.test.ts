// What the loop's timers and a probe say about the time at which the ports' bytes can have come.
import fc from "fast-check";
import { expect, test } from "vitest";
import { loopWatch, NO_PROBE, type Probe } from "../../../src/controller/loop-watch.ts";

test("before the loop has gone round three times, anything since the start of the run is possible", () => {
  const watch = loopWatch(NO_PROBE);
  for (const atNs of [3e6, 6e6]) {
    watch.turned(atNs);
    expect(watch.heardAfterNs()).toBe(0);
  }
  watch.turned(9e6);
  expect(watch.heardAfterNs()).toBe(3e6);
});

test("while a probe is under way, what is handed over may have come since the one before it was sent", () => {
  let isBack = true;
  const sent: number[] = [];
  let nowNs = 0;
  const watch = loopWatch({ send: () => sent.push(nowNs), isBack: () => isBack, renew: () => undefined });
  const turnAt = (atNs: number): void => {
    nowNs = atNs;
    watch.turned(nowNs);
  };
  for (const atNs of [3e6, 6e6, 9e6]) turnAt(atNs);
  isBack = false;
  for (let atNs = 12e6; atNs < 300e6; atNs += 3e6) turnAt(atNs);
  expect(sent).toEqual([3e6, 6e6, 9e6]);
  expect(watch.heardAfterNs()).toBe(6e6);
  isBack = true;
  for (const atNs of [300e6, 303e6]) turnAt(atNs);
  expect(watch.heardAfterNs()).toBe(9e6);
  turnAt(306e6);
  expect(watch.heardAfterNs()).toBe(300e6);
});

test("a probe that never comes back is given up after two seconds, and only the next one proves anything", () => {
  let isBack = true;
  let renewals = 0;
  const watch = loopWatch({
    send: () => undefined,
    isBack: () => isBack,
    renew() {
      renewals += 1;
    },
  });
  for (const atNs of [3e6, 6e6, 9e6]) watch.turned(atNs);
  isBack = false;
  for (let atNs = 12e6; atNs <= 2009e6; atNs += 3e6) watch.turned(atNs);
  expect([renewals, watch.heardAfterNs()]).toEqual([0, 6e6]);
  watch.turned(2012e6);
  watch.turned(2015e6);
  expect([renewals, watch.heardAfterNs()]).toEqual([1, 6e6]);
  isBack = true;
  watch.turned(2018e6);
  watch.turned(2021e6);
  expect(watch.heardAfterNs()).toBe(2012e6);
});

/** A kernel that hands over what has come in, ports and probe alike, whenever its worker gets its turn. */
class Kernel {
  #waiting: { cameNs: number; probe: number | null }[] = [];
  #readable: { cameNs: number }[] = [];
  #probes = 0;
  #isProbeBack = true;

  came(cameNs: number, probe: number | null = null): void {
    this.#waiting.push({ cameNs, probe });
  }

  handOver(): void {
    if (this.#waiting.some(({ probe }) => probe === this.#probes)) this.#isProbeBack = true;
    this.#readable.push(...this.#waiting.filter(({ probe }) => probe === null));
    this.#waiting = [];
  }

  /** What is readable at the asking, and gone with it. */
  asked(): { cameNs: number }[] {
    return this.#readable.splice(0);
  }

  probe(nowNs: () => number): Probe {
    return {
      send: () => {
        this.#probes += 1;
        this.#isProbeBack = false;
        this.came(nowNs(), this.#probes);
      },
      isBack: () => this.#isProbeBack,
      renew: () => undefined,
    };
  }
}

/**
 * A turn of the loop: bytes come, or none; the worker gets its turn, or not; the loop asks for events, is held up in the
 * callbacks before our own port's is called, while bytes come and the worker runs; then the timer is called if it is due.
 */
const turn = fc.record({
  waitNs: fc.nat(6_000_000),
  busyNs: fc.oneof(fc.nat(300_000), fc.nat(300_000_000)),
  comes: fc.boolean(),
  isHandedOver: fc.boolean(),
  comesLater: fc.boolean(),
  isHandedOverLater: fc.boolean(),
});

test("law: bytes came after the instant that it names, whatever holds loop and kernel up", () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      const kernel = new Kernel();
      let nowNs = 0;
      let timerNs = 0;
      const watch = loopWatch(kernel.probe(() => nowNs));
      for (const { waitNs, busyNs, comes, isHandedOver, comesLater, isHandedOverLater } of turns) {
        nowNs += waitNs + 1;
        if (comes) kernel.came(nowNs);
        if (isHandedOver) kernel.handOver();
        const heard = kernel.asked();
        nowNs += busyNs + 1;
        for (const { cameNs } of heard) expect(watch.heardAfterNs()).toBeLessThanOrEqual(cameNs);
        if (comesLater) kernel.came(nowNs);
        if (isHandedOverLater) kernel.handOver();
        if (nowNs - timerNs < 3e6) continue;
        timerNs = nowNs;
        watch.turned(nowNs);
      }
    }),
    { numRuns: 500 },
  );
});
