// Fields beside the codes: by width or by mark, from the front or from the back, and nothing where one is missing.
import fc from "fast-check";
import { expect, test } from "vitest";
import { takeFromBack, takeFromFront } from "../../../drivers/scanners/telegram-fields.ts";

test("from the front: a width, then a mark", () => {
  const fields = [
    { is: "ignored", chars: 2 },
    { is: "triggerId", mark: ";" },
  ];
  expect(takeFromFront("XX0042;A1;B2", fields)).toEqual({ values: { triggerId: "0042" }, rest: "A1;B2" });
});

test("from the back: the last field first, each behind its mark", () => {
  const fields = [
    { is: "position", mark: "@" },
    { is: "ignored", chars: 1 },
  ];
  expect(takeFromBack("A@1@ 250!", fields)).toEqual({ values: { position: "250" }, rest: "A@1" });
});

test("no fields: the text as it is", () => {
  expect(takeFromFront("A1", [])).toEqual({ values: {}, rest: "A1" });
});

test.each([
  ["a mark that is not there", takeFromFront("A1", [{ is: "triggerId", mark: ";" }])],
  ["a text shorter than the width", takeFromBack("A1", [{ is: "encoder", chars: 3 }])],
  ["an empty field", takeFromFront(";A1", [{ is: "triggerId", mark: ";" }])],
  ["a control character in a field", takeFromFront("4\u00002;A1", [{ is: "triggerId", mark: ";" }])],
  ["a field longer than any number", takeFromFront(`${"9".repeat(33)};A1`, [{ is: "triggerId", mark: ";" }])],
])("%s: null", (_, taken) => {
  expect(taken).toBe(null);
});

test("law: what was put before and behind a text is taken off again, and the text is what it was", () => {
  const value = fc.stringMatching(/^[0-9A-Za-z]{1,8}$/);
  fc.assert(
    fc.property(value, value, fc.string({ maxLength: 20 }), (front, back, text) => {
      const head = [{ is: "triggerId", mark: "::" }];
      const tail = [{ is: "encoder", chars: back.length }];
      const before = takeFromFront(`${front}::${text}${back}`, head);
      const after = takeFromBack(before?.rest ?? "", tail);
      expect(before?.values).toEqual({ triggerId: front });
      expect(after).toEqual({ values: { encoder: back }, rest: text });
    }),
  );
});
