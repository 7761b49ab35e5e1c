// Inputs as the journal holds them: whatever the core was given comes back as it was, and belt samples cost a few bytes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inputDecoder, type RecordedInput } from "../../../src/journal/inputs/decoder.ts";
import { LetterReader, LetterWriter } from "../../../src/journal/inputs/digits.ts";
import { exactJson, fromExact } from "../../../src/journal/inputs/exact-json.ts";
import { inputRecorder } from "../../../src/journal/inputs/recorder.ts";
import type { InputsLine } from "../../../src/journal/line.ts";
import type { Look } from "../../../src/line/release.ts";
import type { LineInput } from "../../../src/line/step.ts";

type Members = Pick<InputsLine, "count" | "text" | "names" | "data">;

/** Several lines of one segment, each read on its own, with what was pointed back to. */
function throughTheJournal(lines: readonly (readonly RecordedInput[])[]): RecordedInput[][] {
  const recorder = inputRecorder();
  const decoder = inputDecoder();
  return lines.map((inputs) => {
    for (const { input, atNs, looks } of inputs) {
      recorder.input(input, atNs);
      for (const look of looks) recorder.look(look);
    }
    return decoder.line(JSON.parse(`{${recorder.take()}}`) as Members);
  });
}

const number = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 10_000_000_000 }) },
  { weight: 2, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, 0.5, 2 ** 60, Number.MIN_SAFE_INTEGER) },
);
const maybe = fc.option(number, { nil: null });
const name = fc.oneof(fc.constantFrom("main", "eye-1", "7", "__proto__"), fc.string({ unit: "grapheme" }));
const stamp = fc.record({ atNs: number, count: maybe });
const input: fc.Arbitrary<LineInput> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("belt" as const), beltId: name, stamp, errorNs: number }) },
  fc.record({ kind: fc.constant("wake" as const) }),
  fc.record({ kind: fc.constant("durable" as const), upToEntry: number }),
  fc.record({ kind: fc.constant("lastLook" as const), id: number }),
  fc.record({
    ...{ kind: fc.constant("eye" as const), eyeId: name, edge: fc.constantFrom("dark" as const, "light" as const) },
    ...{ after: stamp, upTo: stamp },
  }),
  fc.record({ kind: fc.constant("signal" as const), inputId: name, value: fc.boolean() }),
  fc.record({
    ...{ kind: fc.constant("gate" as const), gateId: name },
    position: fc.constantFrom("home" as const, "out" as const, "between" as const, "unknown" as const),
  }),
  fc.record({
    ...{ kind: fc.constant("command" as const), id: number },
    outcome: fc.constantFrom("notSent" as const, "done" as const, "refused" as const, "inDoubt" as const),
  }),
  fc.record({
    ...{ kind: fc.constant("withdrawal" as const), id: number },
    outcome: fc.constantFrom("done" as const, "inDoubt" as const),
  }),
  fc.record({ kind: fc.constant("drive" as const), beltId: name, running: fc.boolean(), atNs: number }),
  fc.record({ kind: fc.constant("storage" as const), state: fc.constantFrom("ok" as const, "slow" as const) }),
  fc.record({
    kind: fc.constant("telegram" as const),
    scannerId: name,
    telegram: fc.record({
      kind: fc.constant("codes" as const),
      codes: fc.array(fc.record({ text: name, symbology: fc.option(name, { nil: null }) }), { maxLength: 3 }),
      ...{ rawHex: fc.string(), firstByteNs: number, lastByteNs: number, arrivedAfterNs: number },
    }),
  }),
  fc.record({
    kind: fc.constant("releaseHint" as const),
    waybills: fc.array(fc.record({ company: name, waybill: name }), { maxLength: 2 }),
  }),
);
const look = fc.record({
  company: fc.constantFrom("SF", "EMS"),
  waybill: fc.constantFrom("A1", "A2", "7"),
  result: fc.constantFrom("miss" as const, "error" as const),
  record: fc.option(fc.record({ pieces: fc.constantFrom(1, 2), spent: number }), { nil: null }),
  holds: fc.array(fc.record({ authority: name, placedAtMs: number }), { maxLength: 2 }),
  feedAgeNs: maybe,
  carriedJournal: fc.option(name, { nil: null }),
  carriedEntry: number,
}) as unknown as fc.Arbitrary<Look>;
const recorded = fc.record({ input, atNs: number, looks: fc.array(look, { maxLength: 3 }) });

describe("a law of the recording", () => {
  test("whatever was given comes back as it was, in the order and with the answers that it had", () => {
    fc.assert(
      fc.property(fc.array(fc.array(recorded, { minLength: 1, maxLength: 8 }), { maxLength: 6 }), (lines) => {
        const back = throughTheJournal(lines);
        expect(back).toEqual(lines);
        expect(exactJson(back)).toBe(exactJson(lines));
      }),
      { numRuns: 400 },
    );
  });

  test("a number takes the fewer letters the smaller it is, and every safe integer comes back", () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (numbers) => {
        const writer = new LetterWriter();
        for (const each of numbers) writer.number(each);
        const text = writer.take();
        expect(text).toMatch(/^[A-Za-z0-9+/]*$/);
        const reader = new LetterReader(text);
        for (const each of numbers) expect(reader.number()).toBe(each);
        expect(reader.isAtEnd).toBe(true);
      }),
    );
    const writer = new LetterWriter();
    writer.number(15);
    expect(writer.take()).toHaveLength(1);
  });

  test("JSON keeps -0, NaN and the infinities", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.constantFrom(-0, Number.NaN, Infinity))), (numbers) => {
        expect(fromExact(JSON.parse(exactJson({ numbers })))).toEqual({ numbers });
      }),
    );
  });
});

test("belt samples every 5 ms, with the jitter of a real bus: at most 14 letters each", () => {
  const recorder = inputRecorder();
  let seed = 1;
  const jitter = (max: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % max;
  };
  recorder.input(
    { kind: "belt", beltId: "main", stamp: { atNs: 1e9, count: 70_000 }, errorNs: 300_000 },
    1e9 + 310_000,
  );
  const before = recorder.size();
  for (let sample = 1; sample <= 200; sample += 1) {
    const repliedNs = 1e9 + sample * 5e6 + jitter(400_000);
    const errorNs = 250_000 + jitter(150_000);
    const stamp = { atNs: repliedNs - errorNs, count: 70_000 + sample * 20 + jitter(3) };
    recorder.input({ kind: "belt", beltId: "main", stamp, errorNs }, repliedNs + 2000 + jitter(20_000));
  }
  expect((recorder.size() - before) / 200).toBeLessThan(14);
});

test("an answer that was given before is pointed back to, and a new segment points back to nothing", () => {
  const answer = {
    ...{ company: "SF", waybill: "A1", result: "miss", record: null, holds: [] },
    ...{ feedAgeNs: 5, carriedJournal: null, carriedEntry: 3 },
  } as const satisfies Look;
  const recorder = inputRecorder();
  const said = (age: number): string => {
    recorder.input({ kind: "wake" }, 1);
    recorder.look({ ...answer, feedAgeNs: age });
    return recorder.take();
  };
  expect(said(5)).toContain("A1");
  expect(said(6)).not.toContain("A1");
  recorder.beginSegment();
  expect(said(7)).toContain("A1");
});

test("letters that no recorder writes are said, not guessed", () => {
  const decoder = inputDecoder();
  expect(() => decoder.line({ count: 1, text: "!A" })).toThrow('no input begins with "!"');
  expect(() => decoder.line({ count: 2, text: "wA" })).toThrow("it holds 1 inputs and says 2");
  expect(() => decoder.line({ count: 1, text: "wAlA" })).toThrow("points back to look-up 0");
  expect(() => decoder.line({ count: 1, text: "sAA" })).toThrow("list of names");
});
