// Scanner configuration: defaults that work alone, contradictions refused with the key that is wrong.
import { describe, expect, test } from "vitest";
import { bitsPerCharacter, wireNs } from "../../../drivers/scanners/serial-line.ts";
import { serialScannerSchema } from "../../../drivers/scanners/serial-schema.ts";
import { tcpScannerSchema } from "../../../drivers/scanners/tcp-schema.ts";

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
    ["a profile that nobody has written", { profile: "sick" }, "profile"],
    ["an unknown key of a group", { framing: { check: { sort: "xor" } } }, "framing.check"],
    [
      "a check character behind the end of frames without a start",
      { framing: { start: "", check: { kind: "xor", place: "afterEnd" } } },
      "framing.check.place",
    ],
    ["a sum over seven bits", { dataBits: 7, framing: { check: { kind: "lrc" } } }, "framing.check.kind"],
    ["a field without an end", { framing: { fields: { head: [{ is: "triggerId" }] } } }, "framing.fields.head.0"],
    [
      "a field with two ends",
      { framing: { fields: { head: [{ is: "triggerId", chars: 2, mark: ";" }] } } },
      "framing.fields.head.0",
    ],
    [
      "the same field before and behind",
      { framing: { fields: { head: [{ is: "encoder", chars: 2 }], tail: [{ is: "encoder", chars: 2 }] } } },
      "framing.fields.tail.0.is",
    ],
    [
      "a no-read to fill up that is not there",
      { framing: { noRead: null, noReadPadded: true } },
      "framing.noReadPadded",
    ],
    ["a heartbeat that is alone in proving life, and is not there", { aliveBy: "heartbeat" }, "aliveBy"],
    ["a trigger without its command", { trigger: { when: "whileOpen" } }, "trigger.on"],
  ])("%s", (_, scanner, path) => {
    expect(faultsOf(scanner)).toEqual([path]);
  });
});

test("a scanner behind a terminal server needs a no-read text, so that a late telegram meets the next one's own", () => {
  const tcp = { id: "scan1", driver: "serial-tcp", host: "10.0.0.9", port: 4001 };
  expect(tcpScannerSchema.parse(tcp)).toMatchObject({ transitMs: 20, framing: { noRead: "NOREAD" } });
  const silent = tcpScannerSchema.safeParse({ ...tcp, profile: "cognex-dataman" });
  expect(silent.error?.issues.map(({ path }) => path.join("."))).toEqual(["framing.noRead"]);
  expect(tcpScannerSchema.parse({ ...tcp, profile: "cognex-dataman", framing: { noRead: "NO" } }).framing.end).toBe(
    "\r\n",
  );
});

test("forty bytes take 41.7 ms at 9600 baud and 3.5 ms at 115,200", () => {
  const line = { dataBits: 8, parity: "none", stopBits: 1 } as const;
  expect(wireNs({ ...line, baud: 9600 }, 40) / 1e6).toBeCloseTo(41.7, 1);
  expect(wireNs({ ...line, baud: 115_200 }, 40) / 1e6).toBeCloseTo(3.5, 1);
});

test("a character takes 10 bits as 8N1 and 10 as 7E1, 12 as 8E2", () => {
  expect(bitsPerCharacter({ dataBits: 8, parity: "none", stopBits: 1 })).toBe(10);
  expect(bitsPerCharacter({ dataBits: 7, parity: "even", stopBits: 1 })).toBe(10);
  expect(bitsPerCharacter({ dataBits: 8, parity: "even", stopBits: 2 })).toBe(12);
});
