// Guessing a scanner's framing from a few telegrams, and the entry that comes of it, which a site accepts and which reads.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { trailBytes } from "../../../../drivers/scanners/check-character.ts";
import { readFrame } from "../../../../drivers/scanners/frame-reading.ts";
import { ScannerFramer } from "../../../../drivers/scanners/framer.ts";
import type { FramingOverrides } from "../../../../drivers/scanners/framing.ts";
import { type SerialScannerConfig, serialScannerSchema } from "../../../../drivers/scanners/serial-schema.ts";
import { readingBytes } from "../../../../simulators/wired/telegram-bytes.ts";
import { type Burst, guessFraming } from "../../../../src/cli/probe/framing-guess.ts";
import { profileYaml } from "../../../../src/cli/probe/profile-yaml.ts";

const line = { baud: 115_200, dataBits: 8, parity: "none", stopBits: 1 } as const;
const path = "/dev/serial/by-id/usb-scanner";

/** One telegram a second and a bit. */
const bursts = (...texts: string[]): Burst[] => texts.map((text, i) => ({ text, atMs: i * 1000 + (i % 3) * 170 }));

const entryOf = (...heard: Burst[]) => profileYaml({ id: "scan1", path, line, guess: guessFraming(heard) });

/** The entry as the site would load it. */
function accepted(yaml: string): SerialScannerConfig {
  const [entry] = parse(`scanners:\n${yaml}`).scanners as unknown[];
  return serialScannerSchema.parse(entry);
}

describe("what is seen", () => {
  test("STX and ETX, two codes with a mark between them, a no-read", () => {
    const guess = guessFraming(
      bursts("\u0002RB123456785GB;3318810025\u0003", "\u00023318810025\u0003", "\u0002NOREAD\u0003"),
    );
    expect(guess).toMatchObject({ start: "\u0002", end: "\u0003", separator: ";", noRead: "NOREAD", check: null });
  });

  test("lines without a start, AIM identifiers", () => {
    const guess = guessFraming(bursts("]C0A1000\r\n", "]C0B2000\r\n"));
    expect(guess).toMatchObject({ start: "", end: "\r\n", separator: null, noRead: null, aimPrefix: true });
  });

  test("several frames without a pause are several", () => {
    expect(guessFraming(bursts("\u0002A1000\u0003\u0002B2000\u0003", "\u0002C3000\u0003")).codes).toEqual([
      "A1000",
      "B2000",
      "C3000",
    ]);
  });

  test("a no-read text that is filled up", () => {
    const guess = guessFraming(bursts("\u0002A1000\u0003", "\u0002NoReadddd\u0003"));
    expect(guess).toMatchObject({ noRead: "NoRead", noReadPadded: true });
  });

  test("a word that comes at a steady pace is a heartbeat, another one a no-read", () => {
    const heard = [0, 500, 1000, 1500].map((atMs) => ({ text: "\u0002ALIVE\u0003", atMs }));
    const guess = guessFraming([
      ...heard,
      { text: "\u0002A1000\u0003", atMs: 1600 },
      { text: "\u0002FAILED\u0003", atMs: 2900 },
    ]);
    expect(guess).toMatchObject({ heartbeat: "ALIVE", noRead: "FAILED", codes: ["A1000"] });
  });

  test("telegrams without an end in common: nothing is guessed, and it says so", () => {
    const entry = entryOf(...bursts("A1", "B2"));
    expect(guessFraming(bursts("A1", "B2")).end).toBe("");
    expect(entry.open).toEqual([expect.stringContaining("no end in common")]);
  });
});

describe("the entry", () => {
  test("is the nearest profile and what differs from it", () => {
    const entry = entryOf(...bursts("\u0002A1000\u0003", "\u0002B2000;C3000\u0003", "\u0002NOLABEL\u0003"));
    expect(entry.yaml).toBe(
      [
        "  - id: scan1",
        "    driver: serial",
        `    path: "${path}"`,
        "    profile: generic",
        "    framing:",
        '      noRead: "NOLABEL"',
        "",
      ].join("\n"),
    );
    expect(entry.open).toEqual([]);
  });

  test("says what nobody has shown to the scanner yet", () => {
    expect(entryOf(...bursts("A1000\r\n")).open).toEqual([
      expect.stringContaining("no no-read"),
      expect.stringContaining("two codes"),
      expect.stringContaining("no start"),
    ]);
  });

  test("names another speed and seven bits", () => {
    const guess = guessFraming(bursts("A1000\r", "B2000\r"));
    const { yaml } = profileYaml({ id: "s", path, line: { ...line, baud: 19_200, dataBits: 7, parity: "odd" }, guess });
    expect(accepted(yaml)).toMatchObject({
      baud: 19_200,
      dataBits: 7,
      parity: "odd",
      framing: { start: "", end: "\r" },
    });
  });
});

const framings: fc.Arbitrary<FramingOverrides> = fc.record({
  start: fc.constantFrom("\u0002", "", "\u0001\u0002"),
  end: fc.constantFrom("\u0003", "\r\n", "\r", "\u0003\r\n"),
  separator: fc.constantFrom(";", ",", "|"),
  noRead: fc.constantFrom("NOREAD", "NoRead", "ERROR", "???"),
  aimPrefix: fc.boolean(),
});
const code = fc.stringMatching(/^[A-Z]{2}[0-9]{9}[A-Z]{2}$/);

test("law: what a scanner set so sends, the entry that was guessed reads as it was meant", () => {
  const sent = fc.array(fc.array(code, { minLength: 1, maxLength: 3 }), { minLength: 3, maxLength: 6 });
  fc.assert(
    fc.property(framings, sent, (framing, readings) => {
      const scanner = serialScannerSchema.parse({ ...least, framing });
      const telegrams = [...readings, [], ["AA000000000AA", "BB111111111BB"]].map((codes) =>
        Buffer.from(readingBytes(scanner.framing, codes) ?? []),
      );
      const guess = guessFraming(bursts(...telegrams.map((bytes) => bytes.toString("latin1"))));
      const guessed = accepted(profileYaml({ id: "s", path, line, guess }).yaml).framing;
      const framer = new ScannerFramer({ ...guessed, trailBytes: trailBytes(guessed.check) });
      if (guessed.start === "") framer.push(Buffer.from(guessed.end, "latin1"), 0, 0);
      const read = framer.push(Buffer.concat(telegrams), 0, 0).map((event): readonly string[] => {
        if (event.kind !== "frame") return ["discarded"];
        const reading = readFrame(event.frame, guessed);
        return reading.kind === "telegram" ? reading.telegram.codes.map(({ text }) => text) : [reading.kind];
      });
      expect(read).toEqual([...readings, [], ["AA000000000AA", "BB111111111BB"]]);
    }),
  );
});

const least = { id: "scan1", driver: "serial", path } as const;

test.each([
  ["behind the end, end included", { kind: "xor", coversEnd: true, place: "afterEnd" }],
  ["behind the end, end left out", { kind: "xor", coversEnd: false, place: "afterEnd" }],
  ["before the end, a sum", { kind: "lrc", coversEnd: false, place: "beforeEnd" }],
] as const)("a check character %s is found, and the entry reads by it", (_, check) => {
  const scanner = serialScannerSchema.parse({ ...least, framing: { check } });
  const readings = [["RB123456785GB"], ["3318810025"], ["1Z5R89390357567127"], []];
  const telegrams = readings.map((codes) => Buffer.from(readingBytes(scanner.framing, codes) ?? []).toString("latin1"));
  const { framing } = accepted(entryOf(...bursts(...telegrams)).yaml);
  expect(framing.check).toMatchObject(check);
  expect(framing.noRead).toBe("NOREAD");
});
