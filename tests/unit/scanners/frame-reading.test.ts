// Reading frames: codes, no-reads and heartbeats; what is damaged is malformed and never a parcel.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_CODES_PER_TELEGRAM, readFrame } from "../../../drivers/scanners/frame-reading.ts";
import { ScannerFramer } from "../../../drivers/scanners/framer.ts";
import { overridden, PLAIN_FRAMING, type ScannerFraming } from "../../../drivers/scanners/framing.ts";

const framing = overridden(PLAIN_FRAMING, { heartbeat: "HB" });
const withAim = overridden(PLAIN_FRAMING, { heartbeat: "HB", aimPrefix: true });

const read = (content: string, as: ScannerFraming = framing) =>
  readFrame(
    { bytes: Buffer.from(as.start + content + as.end, "latin1"), firstByteNs: 1, lastByteNs: 2, arrivedAfterNs: 0 },
    as,
  );
const codesOf = (content: string, as: ScannerFraming = framing) => {
  const reading = read(content, as);
  if (reading.kind === "telegram") return reading.telegram.codes;
  return reading.kind === "malformed" ? reading.reason : reading.text;
};

describe("a good frame", () => {
  test("one code, with raw bytes and times as evidence", () => {
    expect(read("RB123456785GB")).toEqual({
      kind: "telegram",
      telegram: {
        kind: "codes",
        codes: [{ text: "RB123456785GB", symbology: null }],
        rawHex: "025242313233343536373835474203",
        firstByteNs: 1,
        lastByteNs: 2,
        arrivedAfterNs: 0,
      },
    });
  });

  test("several codes in the order sent", () => {
    expect(codesOf("A1;B2;C3")).toEqual([
      { text: "A1", symbology: null },
      { text: "B2", symbology: null },
      { text: "C3", symbology: null },
    ]);
  });

  test("AIM identifiers are split off each code", () => {
    expect(codesOf("]C1A1;]e0B2", withAim)).toEqual([
      { text: "A1", symbology: "]C1" },
      { text: "B2", symbology: "]e0" },
    ]);
  });

  test("GS at the rim is dropped, between elements it stays", () => {
    expect(codesOf("\x1d00123\x1d10AB\x1d")).toEqual([{ text: "00123\x1d10AB", symbology: null }]);
  });

  test("no separator: the whole content is one code", () => {
    expect(codesOf("A;B", { ...framing, separator: null })).toEqual([{ text: "A;B", symbology: null }]);
  });

  test("a GS1 symbol carries its elements beside its text, any other symbol does not", () => {
    expect(codesOf("]C100000123450000000027;]C000000123450000000027", withAim)).toEqual([
      {
        text: "00000123450000000027",
        symbology: "]C1",
        elements: [{ ai: "00", value: "000123450000000027" }],
      },
      { text: "00000123450000000027", symbology: "]C0" },
    ]);
  });

  test("a GS1 symbol that cannot be taken apart is its text", () => {
    expect(codesOf("]C100123", withAim)).toEqual([{ text: "00123", symbology: "]C1" }]);
  });

  test("fields before, between and behind the codes are taken off, and kept", () => {
    const fields = overridden(PLAIN_FRAMING, {
      fields: {
        head: [{ is: "triggerId", chars: 4 }],
        afterCode: [{ is: "position", mark: "@" }],
        tail: [{ is: "encoder", mark: "#" }],
      },
    });
    expect(read("0042A1@120;B2@-7#991", fields)).toMatchObject({
      telegram: {
        kind: "codes",
        codes: [
          { text: "A1", position: "120" },
          { text: "B2", position: "-7" },
        ],
        fields: { triggerId: "0042", encoder: "991" },
      },
    });
    expect(codesOf("0042A1;B2@-7#991", fields)).toBe("field");
    expect(codesOf("0042A1@1", fields)).toBe("field");
    expect(read("0042NOREAD#991", fields)).toMatchObject({ telegram: { kind: "noRead", fields: { encoder: "991" } } });
  });

  test("a place where nothing was read may come with its fields, or without", () => {
    const placed = overridden(PLAIN_FRAMING, { fields: { afterCode: [{ is: "position", mark: "@" }] } });
    expect(codesOf("A1@1;NOREAD", placed)).toEqual([{ text: "A1", symbology: null, position: "1" }]);
    expect(codesOf("A1@1;NOREAD@2", placed)).toEqual([{ text: "A1", symbology: null, position: "1" }]);
  });

  test("a place of a telegram that says nothing was read there is no code", () => {
    expect(codesOf("A1;NOREAD;B2")).toMatchObject([{ text: "A1" }, { text: "B2" }]);
    expect(read("NOREAD;NOREAD")).toMatchObject({ telegram: { kind: "noRead", codes: [] } });
  });

  test("no-read and heartbeat carry no codes and need no AIM identifier", () => {
    expect(read("NOREAD", withAim)).toMatchObject({ kind: "telegram", telegram: { kind: "noRead", codes: [] } });
    expect(read("HB", withAim)).toMatchObject({ kind: "telegram", telegram: { kind: "heartbeat", codes: [] } });
  });
});

describe("a damaged frame is malformed", () => {
  test.each([
    ["no content", "", "empty"],
    ["an empty code beside a separator", "A;", "empty"],
    ["blanks only", "  ", "empty"],
    ["GS only", "\x1d", "empty"],
    ["a CR inside a code", "9\r00", "control"],
    ["a NUL inside a second code", "A;B\x00", "control"],
    [
      "too many codes",
      Array(MAX_CODES_PER_TELEGRAM + 1)
        .fill("A")
        .join(";"),
      "tooManyCodes",
    ],
  ])("%s", (_, content, reason) => {
    expect(read(content)).toEqual({ kind: "malformed", reason });
  });

  test.each([
    ["a code without its AIM identifier", "A1", "aimPrefix"],
    ["a second code without its AIM identifier", "]C1A1;B2", "aimPrefix"],
    ["an AIM identifier cut short", "]C", "aimPrefix"],
    ["an AIM identifier and nothing behind it", "]C1", "empty"],
  ])("%s", (_, content, reason) => {
    expect(read(content, withAim)).toEqual({ kind: "malformed", reason });
  });
});

test("law: any bytes in any chunks never throw, and each code was sent whole between one start and one end", () => {
  const pieces = fc.constantFrom("\u0002", "\u0003", ";", "]C1", "NOREAD", "HB", "A1", "\r", "\x1d", "\xff", "0");
  const chunks = fc.array(fc.array(pieces, { maxLength: 30 }), { maxLength: 10 });
  fc.assert(
    fc.property(fc.constantFrom(framing, withAim), chunks, (profile, script) => {
      const framer = new ScannerFramer(profile);
      const sent = script.flat().join("");
      for (const chunk of script) {
        for (const event of framer.push(Buffer.from(chunk.join(""), "latin1"), 0, 0)) {
          if (event.kind !== "frame") continue;
          const reading = readFrame(event.frame, profile);
          if (reading.kind !== "telegram") continue;
          expect(sent).toContain(Buffer.from(reading.telegram.rawHex, "hex").toString("latin1"));
          for (const { text } of reading.telegram.codes) {
            expect(text).not.toBe("");
            expect([..."\u0002\u0003;\r"].filter((mark) => text.includes(mark))).toEqual([]);
          }
        }
      }
    }),
  );
});
