// Check characters: what they are taken over, where they stand, and that one wrong bit does not pass.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkCharacter, isCheckRight } from "../../../drivers/scanners/check-character.ts";
import type { FrameCheck } from "../../../drivers/scanners/framing.ts";

const marks = { start: "\u0002", end: "\u0003" };
const bytes = (text: string) => Buffer.from(text, "latin1");

test("xor and the two's complement of the sum, by hand", () => {
  // 0x41 ^ 0x42 ^ 0x43 = 0x40; 0x41 + 0x42 + 0x43 = 0xc6, 0x100 - 0xc6 = 0x3a.
  expect(checkCharacter("xor", bytes("ABC"))).toBe(0x40);
  expect(checkCharacter("lrc", bytes("ABC"))).toBe(0x3a);
  expect(checkCharacter("lrc", bytes(""))).toBe(0);
});

describe("what it is taken over", () => {
  const check = (change: Partial<FrameCheck>): FrameCheck => ({
    ...{ kind: "xor", coversStart: false, coversEnd: false, place: "afterEnd" },
    ...change,
  });
  test.each([
    ["content alone", check({}), "\u0002ABC\u0003\u0040"],
    ["content and end", check({ coversEnd: true }), "\u0002ABC\u0003\u0043"],
    ["start, content and end", check({ coversStart: true, coversEnd: true }), "\u0002ABC\u0003\u0041"],
    ["content alone, before the end", check({ place: "beforeEnd" }), "\u0002ABC\u0040\u0003"],
    ["content and end, before the end", check({ place: "beforeEnd", coversEnd: true }), "\u0002ABC\u0043\u0003"],
    ["a sum", check({ kind: "lrc" }), "\u0002ABC\u0003\u003a"],
  ])("%s", (_, wanted, frame) => {
    expect(isCheckRight(bytes(frame), { ...marks, check: wanted })).toBe(true);
  });

  test("none: everything is right", () => {
    expect(isCheckRight(bytes("\u0002\u0003"), { ...marks, check: check({ kind: "none" }) })).toBe(true);
  });

  test("a frame without room for one is wrong", () => {
    expect(isCheckRight(bytes("\u0002\u0003"), { ...marks, check: check({ place: "beforeEnd" }) })).toBe(false);
  });
});

const checks = fc.record({
  kind: fc.constantFrom("xor" as const, "lrc" as const),
  coversStart: fc.boolean(),
  coversEnd: fc.boolean(),
  place: fc.constantFrom("beforeEnd" as const, "afterEnd" as const),
});
const contents = fc.uint8Array({ maxLength: 40 });

test("law: the right character passes, and no other does", () => {
  fc.assert(
    fc.property(checks, contents, fc.integer({ min: 0, max: 255 }), (check, content, character) => {
      const start = bytes(marks.start);
      const end = bytes(marks.end);
      const covered = [...(check.coversStart ? start : []), ...content, ...(check.coversEnd ? end : [])];
      const right =
        check.kind === "xor" ? covered.reduce((a, b) => a ^ b, 0) : -covered.reduce((a, b) => a + b, 0) & 255;
      const frame =
        check.place === "afterEnd"
          ? [...start, ...content, ...end, character]
          : [...start, ...content, character, ...end];
      expect(isCheckRight(Uint8Array.from(frame), { ...marks, check })).toBe(character === right);
    }),
  );
});

test("law: one wrong bit in what is covered never passes", () => {
  fc.assert(
    fc.property(
      checks,
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      (check, content, at, bit) => {
        const end = bytes(marks.end);
        const whole = (inner: Uint8Array): Uint8Array => {
          const covered = [
            ...(check.coversStart ? bytes(marks.start) : []),
            ...content,
            ...(check.coversEnd ? end : []),
          ];
          const character = checkCharacter(check.kind, covered);
          const behind = check.place === "afterEnd" ? [...end, character] : [character, ...end];
          return Uint8Array.from([...bytes(marks.start), ...inner, ...behind]);
        };
        const damaged = Uint8Array.from(content);
        const place = at % damaged.length;
        damaged[place] = (damaged[place] ?? 0) ^ (1 << bit);
        expect(isCheckRight(whole(content), { ...marks, check })).toBe(true);
        expect(isCheckRight(whole(damaged), { ...marks, check })).toBe(false);
      },
    ),
  );
});
