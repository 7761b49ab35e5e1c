// The plan of a poll: as few reads as possible, and everything asked for is in one of them.
import fc from "fast-check";
import { expect, test } from "vitest";
import { planPoll, planReads, splitRead } from "../../../drivers/buses/poll-plan.ts";
import { gateDriveSchema } from "../../../drivers/gates/schema.ts";
import { inputAreaSchema, OWN_ADDRESSES } from "../../../drivers/inputs/input-area.ts";
import type { PlcWiring, Span } from "../../../drivers/inputs/wiring.ts";

const NOTHING: PlcWiring = { encoders: [], eyes: [], signals: [], drives: [], gates: [], linePermits: [] };
const signalsAt = (...inputs: number[]): PlcWiring => ({
  ...NOTHING,
  signals: inputs.map((input) => ({ id: `s${input}`, input })),
});
const plain = { areas: [OWN_ADDRESSES], watched: [], readAcross: 16 };
const spansOf = (reads: readonly { kind: string; span: Span }[]) =>
  reads.map(({ kind, span }) => `${kind} ${span.address}+${span.count}`);

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

test("no other plan that keeps to the gaps has fewer reads", () => {
  const addresses = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 9 });
  /** Tries every way to cut the sorted addresses into runs. */
  const fewest = (sorted: readonly number[], o: { gap: number; most: number }): number => {
    if (sorted.length === 0) return 0;
    let best = Number.POSITIVE_INFINITY;
    for (let n = 1; n <= sorted.length; n += 1) {
      const run = sorted.slice(0, n);
      const isLoose = run.some((address, i) => i > 0 && address - (run[i - 1] as number) - 1 > o.gap);
      if (isLoose || (run.at(-1) as number) - (run[0] as number) >= o.most) break;
      best = Math.min(best, 1 + fewest(sorted.slice(n), o));
    }
    return best;
  };
  fc.assert(
    fc.property(addresses, fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 20 }), (found, gap, most) => {
      const reads = planReads(
        found.map((address) => ({ address, count: 1 })),
        { maxGap: gap, maxCount: most },
      );
      expect(reads).toHaveLength(
        fewest(
          [...found].sort((a, b) => a - b),
          { gap, most },
        ),
      );
    }),
  );
});

test("bits are read in whole words", () => {
  expect(spansOf(planPoll(plain, signalsAt(3, 17, 400)))).toEqual(["readInputs 0+32", "readInputs 400+16"]);
});

test("inputs are read where their area says, and what shares a table with others in one request", () => {
  const areas = [
    { first: 0, count: 16, from: "coils", address: 32 },
    { first: 16, count: 32, from: "holdingRegisters", address: 100 },
  ].map((area) => inputAreaSchema.parse(area));
  const wiring: PlcWiring = {
    ...signalsAt(2, 40),
    encoders: [{ id: "e", register: 104, bits: 32, from: "holdingRegisters" }],
    linePermits: [
      { id: "run", coil: 40 },
      { id: "infeed", register: 300, on: 1, off: 0 },
    ],
  };
  const reads = planPoll({ ...plain, areas }, wiring);
  expect(spansOf(reads)).toEqual(["readCoils 32+16", "readHolding 300+1", "readHolding 101+5"]);
  expect(reads.map(({ isEveryPoll }) => isEveryPoll)).toEqual([true, false, true]);
  expect(reads.at(-1)).toMatchObject({ hasInputs: true, hasCounts: true });
});

test("a gate's feedback is read with every poll, its outputs now and then", () => {
  const drive = gateDriveSchema.parse({
    kind: "register",
    register: 10,
    positions: { c1: 1 },
    feedback: { kind: "code", register: 20, home: 0 },
  });
  const reads = planPoll(plain, { ...NOTHING, gates: [{ id: "g", drive }] });
  expect(reads.map(({ kind, isEveryPoll }) => [kind, isEveryPoll])).toEqual([
    ["readHolding", false],
    ["readRegisters", true],
  ]);
});

test("a read that the device refuses is cut at its widest gap, and at last to what is used", () => {
  const wiring = signalsAt(3, 9, 30, 33);
  const [read] = planPoll(plain, wiring);
  const halves = read === undefined ? null : splitRead(read, plain, wiring);
  expect(spansOf(halves ?? [])).toEqual(["readInputs 3+7", "readInputs 30+4"]);
  const [first] = halves ?? [];
  const parts = first === undefined ? null : splitRead(first, plain, wiring);
  expect(spansOf(parts ?? [])).toEqual(["readInputs 3+1", "readInputs 9+1"]);
  const [single] = parts ?? [];
  expect(single === undefined ? null : splitRead(single, plain, wiring)).toBeNull();
});

test("a lone input in a whole word is read exactly when the word is refused", () => {
  const wiring = signalsAt(100);
  const [read] = planPoll(plain, wiring);
  expect(spansOf(read === undefined ? [] : (splitRead(read, plain, wiring) ?? []))).toEqual(["readInputs 100+1"]);
});
