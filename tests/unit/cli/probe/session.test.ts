// What a probe tries: bytes that are no text mean another speed, seven bits with parity are noticed, some telegrams suffice.
import fc from "fast-check";
import { expect, test } from "vitest";
import { byteLine } from "../../../../src/cli/probe/byte-line.ts";
import { guessLine, USUAL_BAUDS } from "../../../../src/cli/probe/line-guess.ts";
import { ProbeSession } from "../../../../src/cli/probe/session.ts";

const text = Buffer.from("\u0002RB123456785GB\u0003");
const noise = Buffer.from([0x00, 0xf8, 0x80, 0xe6, 0x1f, 0xfe, 0x98]);

/** Seven bits and a parity bit, as a port with eight bits and no parity reads them. */
const withParity = (bytes: Uint8Array, isOdd: boolean): Uint8Array =>
  bytes.map((byte) => {
    const ones = [...byte.toString(2)].filter((bit) => bit === "1").length;
    return ones % 2 === (isOdd ? 1 : 0) ? byte : byte | 0x80;
  });

test("noise: the next usual speed, one after the other, and around again", () => {
  const session = new ProbeSession({ baud: null, scans: 3 });
  const tried = [session.line.baud];
  for (let i = 0; i < USUAL_BAUDS.length; i += 1) {
    const step = session.heard(noise, i);
    if (step.kind === "reopen") tried.push(step.line.baud);
  }
  expect(tried).toEqual([...USUAL_BAUDS, USUAL_BAUDS[0]]);
});

test("noise at a speed that was asked for: it stays, and says so", () => {
  const session = new ProbeSession({ baud: 9600, scans: 3 });
  expect(session.heard(noise, 0)).toEqual({ kind: "listen", heard: "noise" });
  expect(session.line.baud).toBe(9600);
});

test("noise after a good telegram is noise, not another speed", () => {
  const session = new ProbeSession({ baud: null, scans: 3 });
  session.heard(text, 0);
  expect(session.heard(noise, 1)).toEqual({ kind: "listen", heard: "noise" });
});

test("enough after so many telegrams", () => {
  const session = new ProbeSession({ baud: null, scans: 2 });
  expect(session.heard(text, 0)).toEqual({ kind: "listen", heard: "telegram" });
  expect(session.heard(text, 1)).toEqual({ kind: "enough" });
  expect(session.guess()).toMatchObject({ start: "\u0002", end: "\u0003" });
});

test("seven bits with parity, read as eight: opened anew so", () => {
  const session = new ProbeSession({ baud: 9600, scans: 2 });
  expect(session.heard(withParity(text, false), 0)).toEqual({
    kind: "reopen",
    line: { baud: 9600, dataBits: 7, parity: "even", stopBits: 1 },
  });
  expect(session.heard(text, 1)).toEqual({ kind: "listen", heard: "telegram" });
});

test("law: text is text, with parity it is seven bits, whatever is scanned", () => {
  const label = fc.stringMatching(/^[0-9A-Z]{8,30}$/).map((code) => Buffer.from(`\u0002${code}\r\n`));
  fc.assert(
    fc.property(label, (bytes) => {
      expect(guessLine(bytes)).toBe("text");
      // A text in which hardly any character has its parity bit set cannot be told from one without.
      const even = guessLine(withParity(bytes, false));
      const odd = guessLine(withParity(bytes, true));
      expect(["sevenEven", "text"]).toContain(even);
      expect(["sevenOdd", "text"]).toContain(odd);
    }),
  );
});

test("nothing is noise", () => {
  expect(guessLine(Buffer.alloc(0))).toBe("noise");
});

test("bytes are shown in hex and by name", () => {
  expect(byteLine(Buffer.from([2, 0x41, 0x1d, 0xff, 3]))).toBe("02 41 1d ff 03   <STX>A<GS><ff><ETX>");
});
