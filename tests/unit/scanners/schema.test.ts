// Scanner configuration: defaults that work alone, contradictions refused with the key that is wrong.
import { describe, expect, test } from "vitest";
import { bitsPerCharacter, serialScannerSchema } from "../../../drivers/scanners/schema.ts";

const least = { id: "scan1", driver: "serial", path: "/dev/serial/by-id/scan1" };
const faultsOf = (scanner: object) =>
  serialScannerSchema.safeParse({ ...least, ...scanner }).error?.issues.map((issue) => issue.path.join("."));

test("id, driver and path are enough", () => {
  expect(serialScannerSchema.parse(least)).toMatchObject({
    baud: 115_200,
    dataBits: 8,
    parity: "none",
    stopBits: 1,
    framing: { start: "\u0002", end: "\u0003", separator: ";", noRead: "NOREAD", heartbeat: null, aimPrefix: false },
  });
});

describe("refused, with the key at fault", () => {
  test.each([
    ["an unknown key", { speed: 1 }, ""],
    ["no end", { framing: { end: "" } }, "framing.end"],
    ["the start as end", { framing: { start: "*", end: "*" } }, "framing.end"],
    ["an end inside the separator", { framing: { end: "\r", separator: "\r\n" } }, "framing.separator"],
    ["a start inside the no-read", { framing: { start: "N", noRead: "NR" } }, "framing.noRead"],
    ["one text for no-read and heartbeat", { framing: { noRead: "X", heartbeat: "X" } }, "framing.heartbeat"],
    ["a no-read longer than a frame", { framing: { maxBytes: 8, noRead: "NO LABEL" } }, "framing.maxBytes"],
    ["a character that is no byte", { framing: { end: "\u2028" } }, "framing.end"],
    ["a pause shorter than two characters", { baud: 300, framing: {} }, "framing.interByteTimeoutMs"],
  ])("%s", (_, scanner, path) => {
    expect(faultsOf(scanner)).toEqual([path]);
  });
});

test("a character takes 10 bits as 8N1 and 10 as 7E1, 12 as 8E2", () => {
  expect(bitsPerCharacter({ dataBits: 8, parity: "none", stopBits: 1 })).toBe(10);
  expect(bitsPerCharacter({ dataBits: 7, parity: "even", stopBits: 1 })).toBe(10);
  expect(bitsPerCharacter({ dataBits: 8, parity: "even", stopBits: 2 })).toBe(12);
});
