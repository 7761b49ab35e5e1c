// The reply on a serial line: found among noise, echo and foreign telegrams, at every split, and never taken for another's.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc16, isIntact } from "../../../../drivers/buses/crc16.ts";
import { type Echo, type Reading, ReplyReader } from "../../../../drivers/buses/rtu/reply-reader.ts";

const telegram = (...bytes: number[]): Uint8Array => {
  const sum = crc16(Uint8Array.from(bytes));
  return Uint8Array.from([...bytes, sum & 0xff, sum >> 8]);
};
const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const readTwo = telegram(7, 4, 0, 10, 0, 2);
const twoWords = telegram(7, 4, 4, 1, 2, 3, 4);
const coilOn = telegram(7, 5, 0, 3, 0xff, 0);
const refusal = telegram(7, 0x84, 2);

/** Pushed whole or in pieces; the last thing that was read. */
function read(request: Uint8Array, echo: Echo, ...chunks: Uint8Array[]): Reading {
  const reader = new ReplyReader({ request, echo });
  let last: Reading = { kind: "more" };
  for (const chunk of chunks) {
    last = reader.push(chunk);
    if (last.kind !== "more") return last;
  }
  return last;
}

test("the check sum of a telegram out of the specification's reach: 01 04 02 FF FF B8 80", () => {
  expect(isIntact(Uint8Array.from([1, 4, 2, 0xff, 0xff, 0xb8, 0x80]))).toBe(true);
  expect(isIntact(Uint8Array.from([1, 4, 2, 0xff, 0xfe, 0xb8, 0x80]))).toBe(false);
});

test("a reply is read whichever way it is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(twoWords.length), { maxLength: 5 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), twoWords.length];
      const chunks = at.slice(1).map((end, index) => twoWords.slice(at[index], end));
      expect(read(readTwo, false, ...chunks)).toEqual({ kind: "reply", frame: twoWords, echo: false, noise: 0 });
    }),
  );
});

test("noise before the reply, and after it, is not part of it", () => {
  const noise = Uint8Array.from([0, 7, 4, 255, 7]);
  expect(read(readTwo, false, joined(noise, twoWords))).toMatchObject({ kind: "reply", frame: twoWords, noise: 5 });
});

test("an exception is a reply", () => {
  expect(read(readTwo, false, refusal)).toMatchObject({ kind: "reply", frame: refusal });
});

test.each<[string, Uint8Array]>([
  ["of another unit", telegram(8, 4, 4, 1, 2, 3, 4)],
  ["of another function code", telegram(7, 3, 4, 1, 2, 3, 4)],
  ["of another length", telegram(7, 4, 2, 1, 2)],
  ["with a damaged check sum", Uint8Array.from([...twoWords.slice(0, -1), 0])],
])("a telegram %s is none, and the true one behind it is found", (_, foreign) => {
  expect(read(readTwo, false, foreign).kind).toBe("more");
  expect(read(readTwo, false, joined(foreign, twoWords))).toMatchObject({ kind: "reply", frame: twoWords });
});

describe("a line that hears itself", () => {
  test("is learned from a read, whose echo cannot be its reply", () => {
    expect(read(readTwo, null, readTwo, twoWords)).toMatchObject({ kind: "reply", frame: twoWords, echo: true });
    expect(read(readTwo, null, twoWords)).toMatchObject({ kind: "reply", echo: false });
  });

  test("a single write's echo alone is no confirmation", () => {
    expect(read(coilOn, true, coilOn).kind).toBe("more");
    expect(read(coilOn, true, coilOn, coilOn)).toMatchObject({ kind: "reply", frame: coilOn });
    expect(read(coilOn, false, coilOn)).toMatchObject({ kind: "reply", frame: coilOn });
  });

  test("and while nobody knows whether it does, only the second of two alike is one", () => {
    expect(read(coilOn, null, coilOn).kind).toBe("more");
    expect(read(coilOn, null, joined(coilOn, coilOn))).toMatchObject({ kind: "reply", echo: true });
  });

  test("something else than what was sent is a collision", () => {
    expect(read(readTwo, true, telegram(7, 4, 0, 10, 0, 3)).kind).toBe("collision");
  });
});

test("whatever comes, nothing is a reply that is not this unit's, this function's, and whole", () => {
  const bytes = fc.uint8Array({ maxLength: 60 });
  const chunk = fc.oneof(bytes, fc.constantFrom(twoWords, refusal, readTwo, coilOn, telegram(8, 4, 2, 0, 0)));
  fc.assert(
    fc.property(
      fc.array(chunk, { maxLength: 8 }),
      fc.constantFrom<Echo>(true, false, null),
      fc.constantFrom(readTwo, coilOn),
      (chunks, echo, request) => {
        const reading = read(request, echo, ...chunks);
        if (reading.kind !== "reply") return;
        expect(isIntact(reading.frame)).toBe(true);
        expect(reading.frame[0]).toBe(7);
        expect((reading.frame[1] as number) & 0x7f).toBe(request[1]);
      },
    ),
  );
});

test("bytes enough for a reply, and none found in them, are damage; fewer may be its beginning", () => {
  const reader = new ReplyReader({ request: readTwo, echo: false });
  reader.push(Uint8Array.from([7, 4]));
  expect(reader.isDamaged).toBe(false);
  reader.push(Uint8Array.from([4, 9, 9]));
  expect(reader.isDamaged).toBe(true);
});
