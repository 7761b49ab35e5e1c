// What the loop's timers say about the time at which its ports' bytes can have come.
import fc from "fast-check";
import { expect, test } from "vitest";
import { loopWatch } from "../../../src/controller/loop-watch.ts";

test("before the loop has gone round twice, anything since the start of the run is possible", () => {
  const watch = loopWatch();
  expect(watch.heardAfterNs()).toBe(0);
  watch.turned(5e6);
  expect(watch.heardAfterNs()).toBe(0);
  watch.turned(10e6);
  expect(watch.heardAfterNs()).toBe(5e6);
});

/**
 * A turn of the loop: it asks for events (which were there since the turn before asked), runs their callbacks, then the
 * timer if that is due. `busyNs` passes in the callbacks before our own port's is called.
 */
const turn = fc.record({ waitNs: fc.nat(6_000_000), busyNs: fc.nat(300_000_000), isHeard: fc.boolean() });

test("law: bytes came after the instant that it names, whatever holds the loop up", () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
      const watch = loopWatch();
      let nowNs = 0;
      let askedNs = 0;
      let timerNs = 0;
      for (const { waitNs, busyNs, isHeard } of turns) {
        // Not sooner than the kernel was asked the last time: else it would have been heard then.
        const earliestNs = askedNs;
        nowNs += waitNs;
        askedNs = nowNs;
        nowNs += busyNs;
        if (isHeard) expect(watch.heardAfterNs()).toBeLessThanOrEqual(earliestNs);
        if (nowNs - timerNs < 5e6) continue;
        timerNs = nowNs;
        watch.turned(nowNs);
      }
    }),
  );
});
