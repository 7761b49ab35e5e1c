// Profiles: each is complete and possible, a site overrides any key, and telegrams as manuals show them are read.
import { describe, expect, test } from "vitest";
import { trailBytes } from "../../../drivers/scanners/check-character.ts";
import { type Reading, readFrame } from "../../../drivers/scanners/frame-reading.ts";
import { ScannerFramer } from "../../../drivers/scanners/framer.ts";
import { PROFILE_NAMES, type ProfileName } from "../../../drivers/scanners/profiles/all.ts";
import { serialScannerSchema } from "../../../drivers/scanners/serial-schema.ts";
import { heartbeatBytes, readingBytes } from "../../../simulators/wired/telegram-bytes.ts";

const scannerOf = (profile: ProfileName, change: object = {}) =>
  serialScannerSchema.parse({ id: "scan1", driver: "serial", path: "/dev/serial/by-id/scan1", profile, ...change });

/** What the driver makes of these bytes; without a start the first frame is lost, so that an empty line goes before. */
function readAll(profile: ProfileName, bytes: Uint8Array, change: object = {}): Reading[] {
  const { framing } = scannerOf(profile, change);
  const framer = new ScannerFramer({ ...framing, trailBytes: trailBytes(framing.check) });
  const lead = framing.start === "" ? Buffer.from(framing.end, "latin1") : Buffer.alloc(0);
  return framer
    .push(Buffer.concat([lead, bytes]), 0, 0)
    .flatMap((event) => (event.kind === "frame" ? [readFrame(event.frame, framing)] : []));
}

const telegramsOf = (profile: ProfileName, text: string, change: object = {}) =>
  readAll(profile, Buffer.from(text, "latin1"), change).map((reading) =>
    reading.kind === "telegram" ? reading.telegram : reading,
  );

describe.each(PROFILE_NAMES)("%s", (profile) => {
  test("is possible as it is", () => {
    expect(scannerOf(profile).profile).toBe(profile);
  });

  test("what a scanner set so sends is read as it was meant", () => {
    const { framing } = scannerOf(profile, { framing: { heartbeat: "HB" } });
    const change = { framing: { heartbeat: "HB" } };
    const [codes] = readAll(profile, readingBytes(framing, ["RB123456785GB"]) ?? Buffer.alloc(0), change);
    expect(codes).toMatchObject({ kind: "telegram", telegram: { kind: "codes", codes: [{ text: "RB123456785GB" }] } });
    const noRead = readingBytes(framing, []);
    if (noRead === null) expect(framing.noRead).toBe(null);
    else expect(readAll(profile, noRead, change)).toMatchObject([{ kind: "telegram", telegram: { kind: "noRead" } }]);
    // A heartbeat has a check character as every frame has one.
    expect(readAll(profile, heartbeatBytes(framing), change)).toMatchObject([
      { kind: "telegram", telegram: { kind: "heartbeat" } },
    ]);
  });
});

describe("SICK", () => {
  test("a no-read text filled up to its set length is a no-read; a code that only begins like it is a code", () => {
    const { noRead } = scannerOf("sick-clv").framing;
    const last = noRead?.slice(-1) ?? "";
    expect(telegramsOf("sick-clv", `\u0002${noRead}${last.repeat(7)}\u0003`)).toMatchObject([{ kind: "noRead" }]);
    expect(telegramsOf("sick-clv", `\u0002${noRead}X1\u0003`)).toMatchObject([{ kind: "codes" }]);
  });

  test("the status says which codes count; one that the scanner does not vouch for voids the telegram", () => {
    expect(telegramsOf("sick-clv-status", "\u00020A1;2?;0B2\u0003")).toMatchObject([
      { kind: "codes", codes: [{ text: "A1" }, { text: "B2" }] },
    ]);
    expect(telegramsOf("sick-clv-status", "\u00022?\u0003")).toMatchObject([{ kind: "noRead", codes: [] }]);
    // 1: wrong check digit, 5: too few equal readings.
    expect(telegramsOf("sick-clv-status", "\u00020A1;1B2\u0003")).toMatchObject([{ kind: "noRead", codes: [] }]);
    expect(telegramsOf("sick-clv-status", "\u00025A1\u0003")).toMatchObject([{ kind: "noRead", codes: [] }]);
  });
});

test("Datalogic's index stands before the message, also before a no-read", () => {
  const { noRead } = scannerOf("datalogic-index").framing;
  expect(telegramsOf("datalogic-index", `\u00020042;A1;B2\r\n\u00020043;${noRead}\r\n`)).toMatchObject([
    { kind: "codes", fields: { triggerId: "0042" }, codes: [{ text: "A1" }, { text: "B2" }] },
    { kind: "noRead", fields: { triggerId: "0043" }, codes: [] },
  ]);
});

test("Keyence answers commands in frames that are no telegrams", () => {
  expect(telegramsOf("keyence", "OK,LON\rER,LOFF,00\rA1\r")).toEqual([
    { kind: "reply", isError: false, text: "OK,LON" },
    { kind: "reply", isError: true, text: "ER,LOFF,00" },
    expect.objectContaining({ kind: "codes" }),
  ]);
  expect(scannerOf("keyence")).toMatchObject({ baud: 9600, dataBits: 7, parity: "even" });
});

test("Denso's check character differs by model in whether the end is in it", () => {
  // 0x41 ^ 0x31 = 0x70; with CR (0x0d) 0x7d.
  const inclusive = "\u0002A1\r\u007d";
  const exclusive = "\u0002A1\r\u0070";
  expect(telegramsOf("denso-qs", inclusive)).toMatchObject([{ kind: "codes", codes: [{ text: "A1" }] }]);
  expect(telegramsOf("denso-qk", exclusive)).toMatchObject([{ kind: "codes", codes: [{ text: "A1" }] }]);
  expect(telegramsOf("denso-qs", exclusive)).toEqual([{ kind: "malformed", reason: "check" }]);
  expect(telegramsOf("denso-qk", inclusive)).toEqual([{ kind: "malformed", reason: "check" }]);
});

test("Microscan's words for no label and for a bad code are both no-reads", () => {
  expect(telegramsOf("microscan", "NO LABEL\r\nBADCODE\r\nA1\r\n").map(({ kind }) => kind)).toEqual([
    "noRead",
    "noRead",
    "codes",
  ]);
});

describe("a site overrides", () => {
  test("one key of a group without losing the others", () => {
    const { framing } = scannerOf("denso-qs", { framing: { check: { place: "beforeEnd" } } });
    expect(framing.check).toEqual({ kind: "xor", coversStart: false, coversEnd: true, place: "beforeEnd" });
    expect(framing.end).toBe("\r");
  });

  test("a no-read with none", () => {
    expect(scannerOf("sick-clv", { framing: { noRead: null, noReadPadded: false } }).framing.noRead).toBe(null);
  });

  test("the speed of the line, not its parity", () => {
    expect(scannerOf("keyence", { baud: 115_200 })).toMatchObject({ baud: 115_200, dataBits: 7, parity: "even" });
  });
});
