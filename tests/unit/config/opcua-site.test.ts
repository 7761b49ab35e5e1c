// Gates, eyes and permits behind an OPC UA server, in configuration alone, and what is wrong with each.
import { describe, expect, test } from "vitest";
import { siteFacts } from "../../../src/config/site-facts.ts";
import { checked, exampleTexts, loadedSite, type SiteTexts } from "./example-site.ts";

const IO_A = /- id: io-a\n[\s\S]*?(?= {2}- id: io-b)/;

/** io-a of plain-coils as an OPC UA device: eyes and chute eyes 0 to 15, switches from 16 on, a gate to an output. */
const uaDevice = (change: Readonly<Record<string, string>> = {}): string => {
  const keys: Record<string, string> = {
    driver: "opcua",
    endpoint: "opc.tcp://127.0.0.1:4840",
    security: "{ mode: none }",
    timeoutMs: "50",
    pollMs: "8",
    replyFloorMs: "2",
    inputs: '[{ first: 0, count: 16, node: "ns=2;s=Eyes" }, { first: 16, count: 16, node: "ns=2;s=Switches" }]',
    numbers:
      '[{ register: 0, node: "ns=2;s=Count", type: UInt16 }, { register: 1, node: "ns=2;s=Echo", type: UInt16 }]',
    outputs:
      '[{ coil: 0, node: "ns=2;s=A1" }, { coil: 1, node: "ns=2;s=A2" }, { coil: 2, node: "ns=2;s=A3" }, { coil: 3, node: "ns=2;s=A4" }]',
    watchdog: "{ kind: echo, counterRegister: 0, echoRegister: 1, timeoutMs: 150, whenTripped: refusesWrites }",
    ...change,
  };
  return `- id: io-a\n${Object.entries(keys)
    .map(([key, value]) => `    ${key}: ${value}\n`)
    .join("")}`;
};

function site(
  change: Readonly<Record<string, string>> = {},
  ...more: readonly [passage: string | RegExp, by: string][]
): SiteTexts {
  const texts = exampleTexts("plain-coils");
  for (const [passage, by] of [[IO_A, uaDevice(change)] as const, ...more]) {
    const before = texts["line.yaml"];
    texts["line.yaml"] = before.replace(passage, () => by);
    if (texts["line.yaml"] === before) throw new Error(`no passage ${passage}`);
  }
  return texts;
}

/** Without what the example is told anyway: that its watchdogs need real-time priority. */
const problems = (texts: SiteTexts) =>
  checked(texts).flatMap(({ code, what }) => (code === "CONFIG_WATCHDOG_NEEDS_REAL_TIME" ? [] : [{ code, what }]));
const codes = (texts: SiteTexts): string[] => problems(texts).map(({ code }) => code);

describe("a device behind an OPC UA server", () => {
  test("is proved like any other, with everything of a poll in one request", () => {
    const texts = site();
    expect(problems(texts)).toEqual([]);
    const facts = siteFacts(loadedSite(texts)).devices.find(({ deviceId }) => deviceId === "io-a");
    expect(facts).toMatchObject({ requestsPerPoll: 1, lineId: null });
  });

  test("has no security by itself", () => {
    expect(codes(site({ security: "{}" }))).toEqual(["CONFIG_MISSING_KEY"]);
  });

  test("is given no secret in the open", () => {
    const texts = site({ user: "{ kind: password, name: coline, passwordFile: secret }" });
    expect(
      checked(texts)
        .map(({ what, right }) => `${what} ${right}`)
        .join(),
    ).toMatch(/in the open/);
  });

  test("never has an eye, a switch or a drive's contact reported by subscription", () => {
    const texts = site({
      inputs:
        '[{ first: 0, count: 16, node: "ns=2;s=Eyes", readBy: subscription }, { first: 16, count: 16, node: "ns=2;s=Switches" }]',
    });
    const found = problems(texts);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["CONFIG_REPORTED_TOO_LATE"]));
    expect(found.map(({ what }) => what).join()).toContain('eye "induction-a"');
  });

  test("may have a slow signal reported", () => {
    const texts = site(
      {
        inputs:
          '[{ first: 0, count: 16, node: "ns=2;s=Eyes" }, { first: 16, count: 16, node: "ns=2;s=Switches" }, { first: 40, node: "ns=2;s=Air", readBy: subscription }]',
      },
      [
        "runPermit: { device: permits, coil: 0",
        "signals: { airOk: { device: io-a, input: 40 } }\n    runPermit: { device: permits, coil: 0",
      ],
    );
    expect(problems(texts)).toEqual([]);
  });

  test("lacks an output, an input or a count that the site uses", () => {
    expect(codes(site({ outputs: '[{ coil: 1, node: "ns=2;s=A2" }]' }))).toEqual([
      "CONFIG_NODE_MISSING",
      "CONFIG_NODE_MISSING",
      "CONFIG_NODE_MISSING",
    ]);
    expect(new Set(codes(site({ inputs: '[{ first: 0, count: 16, node: "ns=2;s=Eyes" }]' })))).toEqual(
      new Set(["CONFIG_INPUT_NOT_PACKED"]),
    );
    expect(codes(site({ numbers: '[{ register: 0, node: "ns=2;s=Count", type: UInt16 }]' }))).toEqual([
      "CONFIG_NODE_MISSING",
    ]);
  });

  test("has numbers of the width that is read from them, and each once", () => {
    const wide =
      '[{ register: 0, node: "ns=2;s=Count", type: UInt32 }, { register: 1, node: "ns=2;s=Echo", type: UInt16 }]';
    expect(codes(site({ numbers: wide }))).toEqual(["CONFIG_NODE_UNFIT"]);
    const twice =
      '[{ register: 0, node: "ns=2;s=Count", type: UInt16 }, { register: 1, node: "ns=2;s=Echo", type: UInt16 }, { register: 1, node: "ns=2;s=Other", type: UInt16 }]';
    expect(codes(site({ numbers: twice }))).toEqual(["CONFIG_ADDRESS_TWICE"]);
  });

  test("has a node for the edges that it keeps of an eye, and each once", () => {
    const counted: [string, string][] = [
      [
        "driftPercent: 1",
        "driftPercent: 1\n    encoder: { id: enc-a, device: io-a, register: 2, bits: 32, mmPerCount: 1 }",
      ],
      [
        "role: induction, atMm: 200, device: io-a, input: 0",
        "role: induction, atMm: 200, device: io-a, input: 0, latch: { register: 60, scanMs: 1 }",
      ],
    ];
    const numbers =
      '[{ register: 0, node: "ns=2;s=Count", type: UInt16 }, { register: 1, node: "ns=2;s=Echo", type: UInt16 }, { register: 2, node: "ns=2;s=Belt", type: UInt32 }]';
    const edges = (count: number) =>
      `[${Array.from({ length: count }, (_, i) => `{ register: 60, node: "ns=2;s=Edges${i}" }`).join(", ")}]`;
    expect(problems(site({ numbers, latches: edges(1) }, ...counted))).toEqual([]);
    expect(codes(site({ numbers }, ...counted))).toEqual(["CONFIG_NODE_MISSING"]);
    expect(codes(site({ numbers, latches: edges(2) }, ...counted))).toEqual(["CONFIG_ADDRESS_TWICE"]);
  });

  test("names its nodes so that a server could have them", () => {
    expect(codes(site({ outputs: '[{ coil: 0, node: "A1" }]' }))).toContain("CONFIG_WRONG_VALUE");
  });
});
