// The virtual clock: whatever is asked for, in whatever order, comes in the order of its time, and within an instant as asked.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Due, virtualClock } from "../../../simulators/virtual/clock.ts";

interface Asked {
  atNs: number;
  isLast: boolean;
  isTakenBack: boolean;
  /** Asked for while it runs, by the first that comes. */
  isLate: boolean;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  atNs: fc.integer({ min: 0, max: 20 }),
  isLast: fc.boolean(),
  isTakenBack: fc.boolean(),
  isLate: fc.boolean(),
});

test("actions come by time, those of an instant in the order in which they were asked for, the last ones last", () => {
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 40 }), (all) => {
      const clock = virtualClock();
      const came: { atNs: number; name: number }[] = [];
      const ask = (one: Asked, name: number): void => {
        const action = (): void => void came.push({ atNs: clock.nowNs(), name });
        const due: Due = one.isLast ? clock.lastAt(one.atNs, action) : clock.at(one.atNs, action);
        if (one.isTakenBack) clock.takeBack(due);
      };
      clock.at(0, () => all.forEach((one, name) => void (one.isLate && ask(one, name))));
      all.forEach((one, name) => void (one.isLate || ask(one, name)));
      clock.runTo(30);
      const order = (name: number): number => (all[name]?.isLate === true ? all.length : 0) + name;
      const wanted = all
        .map(({ atNs, isLast, isTakenBack }, name) => ({ atNs, isLast, isTakenBack, name }))
        .filter(({ isTakenBack }) => !isTakenBack)
        .sort((a, b) => a.atNs - b.atNs || Number(a.isLast) - Number(b.isLast) || order(a.name) - order(b.name));
      expect(came).toEqual(wanted.map(({ atNs, name }) => ({ atNs, name })));
      expect(clock.nowNs()).toBe(30);
    }),
  );
});
