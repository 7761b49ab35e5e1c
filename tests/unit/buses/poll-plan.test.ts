// The plan of a poll: as few reads as possible, and everything asked for is in one of them.
import fc from "fast-check";
import { expect, test } from "vitest";
import { planBitReads, planExactBitReads, planReads, type Span } from "../../../drivers/buses/poll-plan.ts";

test("watchdog, encoder, inputs and nine gate states that stand close together are one read", () => {
  const status = Array.from({ length: 9 }, (_, gate) => ({ address: 16 + 4 * gate, count: 4 }));
  const spans = [...status, { address: 2, count: 2 }, { address: 4, count: 2 }, { address: 0, count: 1 }];
  expect(planReads(spans, { maxGap: 16, maxCount: 125 })).toEqual([{ address: 0, count: 52 }]);
});

test("what lies further apart than the gap, or would be longer than a reply holds, is another read", () => {
  const far: Span[] = [
    { address: 0, count: 2 },
    { address: 19, count: 1 },
  ];
  expect(planReads(far, { maxGap: 16, maxCount: 125 })).toHaveLength(2);
  const long: Span[] = [
    { address: 0, count: 100 },
    { address: 100, count: 26 },
  ];
  expect(planReads(long, { maxGap: 16, maxCount: 125 })).toHaveLength(2);
});

test("every span lies whole in one read, reads do not overlap, and none is too long", () => {
  const span = fc.record({ address: fc.integer({ min: 0, max: 400 }), count: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(fc.array(span, { maxLength: 40 }), fc.integer({ min: 0, max: 20 }), (spans, maxGap) => {
      const reads = planReads(spans, { maxGap, maxCount: 125 });
      for (const { address, count } of spans)
        expect(
          reads.some((read) => read.address <= address && address + count <= read.address + read.count),
          `${address}+${count}`,
        ).toBe(true);
      for (const read of reads) expect(read.count).toBeLessThanOrEqual(125);
    }),
  );
});

test("bits are read in whole words, or exactly for a device that has no more", () => {
  expect(planBitReads([3, 17, 400])).toEqual([
    { address: 0, count: 32 },
    { address: 400, count: 16 },
  ]);
  expect(planExactBitReads([3, 1, 17])).toEqual([
    { address: 0, count: 4 },
    { address: 16, count: 2 },
  ]);
});
