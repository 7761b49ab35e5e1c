// Maps of the field in configuration alone: other tables, drives and watchdogs, a serial line, and what is wrong with each.
import { describe, expect, test } from "vitest";
import { siteFacts } from "../../../src/config/site-facts.ts";
import { wiringOf } from "../../../src/config/wiring.ts";
import { prove } from "../../../src/proof/prove.ts";
import { checked, exampleTexts, loadedSite, type SiteTexts } from "./example-site.ts";

/** plain-coils with passages of line.yaml replaced; each must be there. */
function changed(...changes: readonly [passage: string | RegExp, by: string][]): SiteTexts {
  const texts = exampleTexts("plain-coils");
  // Devices of the field are elsewhere.
  texts["line.yaml"] = texts["line.yaml"].replace("plant: simulated\n", "");
  for (const [passage, by] of changes) {
    const before = texts["line.yaml"];
    texts["line.yaml"] = before.replace(passage, by);
    if (texts["line.yaml"] === before) throw new Error(`no passage ${passage}`);
  }
  return texts;
}

const IO_A = /- id: io-a\n[\s\S]*?(?= {2}- id: io-b)/;
const ioA = (lines: readonly string[]): string => `- id: io-a\n${lines.map((line) => `    ${line}\n`).join("")}`;
const onLine = (baud: number, pollMs: number): [RegExp, string] => [
  IO_A,
  ioA([
    "driver: modbus-rtu",
    "line: /dev/serial/by-id/io",
    `baud: ${baud}`,
    "unit: 3",
    "timeoutMs: 50",
    `pollMs: ${pollMs}`,
    "replyFloorMs: 1",
    "packedInputs: { register: 1, words: 2 }",
    "watchdog: { kind: echo, counterRegister: 0, echoRegister: 0, timeoutMs: 150, whenTripped: refusesWrites }",
  ]),
];
const A1 = "drive: { kind: coil, coil: 0, homeInput: 16, outInput: 17 } }\n      - { id: a2";
const drive = (text: string): [string, string] => [A1, `drive: ${text} }\n      - { id: a2`];
const codes = (texts: SiteTexts): string[] => checked(texts).map(({ code }) => code);

describe("a customs X-ray line's map", () => {
  const texts = changed(
    [
      IO_A,
      ioA([
        "driver: modbus-tcp",
        "host: 192.0.2.7",
        "pollMs: 8",
        "wordOrder: lowFirst",
        "inputs:",
        "  - { first: 0, count: 16, from: holdingRegisters, address: 200, bytesSwapped: true }",
        "  - { first: 16, count: 16, from: coils, address: 64, inverted: true }",
        "  - { first: 40, count: 8, from: discreteInputs, address: 1024 }",
        "watchdog: { kind: wago-750, timeoutMs: 200 }",
      ]),
    ],
    drive(
      "{ kind: command, number: 300, bits: 32, code: 302, positions: { out-express-import: 1 }, strobe: { register: 303 }, " +
        "pulse: { ms: 40, endedBy: device }, taken: { register: 60 }, homeInput: 16, outInput: 17, faultInput: 40 }",
    ),
    ["runPermit: { device: permits, coil: 0", "runPermit: { device: permits, register: { address: 40, on: 2 }"],
    [
      "scanners:\n  - id: scan-a",
      "faultInputs:\n  - { id: pusher-1, device: io-a, input: 40, text: pusher 1 not home for too long }\n\nscanners:\n  - id: scan-a",
    ],
  );

  test("is loaded without a line of code, and wired as it says", () => {
    const site = loadedSite(texts);
    const wiring = wiringOf(site, "io-a");
    expect(wiring.gates[0]?.drive).toMatchObject({ kind: "command", number: 300, taken: { register: 60 } });
    expect(wiring.signals).toContainEqual({ id: "pusher-1.fault", input: 40 });
    expect(wiringOf(site, "permits").linePermits).toContainEqual({
      id: "belt-a.runPermit",
      register: 40,
      on: 2,
      off: 0,
    });
    expect(site.layout.faults).toEqual([
      { inputId: "pusher-1.fault", id: "pusher-1", text: "pusher 1 not home for too long", code: "PLANT_FAULT" },
    ]);
  });

  test("and is refused for an outbound gate as long as a late command has no bound", () => {
    expect(checked(texts)).toContainEqual(
      expect.objectContaining({
        code: "CONFIG_LATE_COMMAND_OPEN",
        what: expect.stringContaining("obeys writes after its watchdog tripped") as string,
      }),
    );
  });
});

describe("a serial line", () => {
  test("at 115200 baud closes its budget with a fast disk: load and longest wait are told", () => {
    expect(codes(changed(onLine(115_200, 20)))).toContain("CONFIG_BUDGET_REACTION");
    const texts = changed(onLine(115_200, 20), ["dataFolder: data", "dataFolder: data\nstorage: { shareMs: 12 }"]);
    const loads = prove(siteFacts(loadedSite(texts))).buses;
    expect(loads[0]).toMatchObject({ deviceIds: ["io-a"] });
    expect(loads[0]?.loadPercent).toBeGreaterThan(30);
    expect(loads[0]?.loadPercent).toBeLessThan(80);
    expect((loads[0]?.waitNs ?? 0) / 1e6).toBeGreaterThan(10);
    expect(codes(texts)).not.toContain("CONFIG_BUS_OVERLOADED");
    expect(codes(texts)).not.toContain("CONFIG_BUDGET_REACTION");
  });

  test("at 9600 baud does not: polls take more than all of its time, and the reaction is above its bound", () => {
    const problems = checked(changed(onLine(9600, 20)));
    expect(problems).toContainEqual(
      expect.objectContaining({ severity: "error", code: "CONFIG_BUS_OVERLOADED", path: "devices[0].pollMs" }),
    );
    expect(problems.map(({ code }) => code)).toContain("CONFIG_BUDGET_REACTION");
  });

  test("is one bus for all devices on it, and its load theirs together", () => {
    const one = changed(onLine(115_200, 40));
    const both = { ...one };
    both["line.yaml"] = both["line.yaml"].replace(
      /- id: io-b\n {4}driver: modbus-tcp\n {4}host: .*\n {4}port: .*\n {4}timeoutMs: 50\n {4}pollMs: 8/,
      "- id: io-b\n    driver: modbus-rtu\n    line: /dev/serial/by-id/io\n    baud: 115200\n    unit: 4\n    timeoutMs: 50\n    pollMs: 40",
    );
    const alone = prove(siteFacts(loadedSite(one))).buses.find(({ deviceIds }) => deviceIds.includes("io-a"));
    const shared = prove(siteFacts(loadedSite(both))).buses.find(({ deviceIds }) => deviceIds.includes("io-a"));
    expect(shared?.deviceIds).toEqual(["io-a", "io-b"]);
    expect(shared?.loadPercent).toBeGreaterThan(alone?.loadPercent ?? 100);
    const unlike = {
      ...both,
      "line.yaml": both["line.yaml"].replace("baud: 115200\n    unit: 4", "baud: 19200\n    unit: 3"),
    };
    expect(codes(unlike)).toEqual(expect.arrayContaining(["CONFIG_LINE_DISAGREES", "CONFIG_ADDRESS_TWICE"]));
  });
});

test("counts of 16 bits judge a late command only if the device's watchdog is quicker than half a turn of them", () => {
  const texts = (watchdogMs: number): SiteTexts => {
    const common = exampleTexts("common-line");
    const short = (text: string): string =>
      text
        .replaceAll("kind: mailbox, register", "kind: mailbox, bits: 16, register")
        .replace("mmPerCount: 1", "mmPerCount: 0.05")
        .replace("timeoutMs: 300,", `timeoutMs: ${watchdogMs},`);
    return { ...common, "line.yaml": short(common["line.yaml"]) };
  };
  expect(codes(texts(300))).not.toContain("CONFIG_LATE_COMMAND_OPEN");
  expect(checked(texts(900))).toContainEqual(
    expect.objectContaining({
      severity: "error",
      code: "CONFIG_LATE_COMMAND_OPEN",
      path: "belts[0].gates[0].drive.bits",
    }),
  );
});

describe("a map that cannot be", () => {
  const wrong: readonly [situation: string, texts: SiteTexts, code: string, path: string][] = [
    [
      "coils of one gate with another between",
      changed(
        ["chutes: [out-express-import], ", "chutes: [out-express-import, out-express-export], "],
        drive("{ kind: coils, positions: { out-express-import: 30, out-express-export: 32 } }"),
      ),
      "CONFIG_COILS_APART",
      "belts[0].gates[0].drive.positions",
    ],
    [
      "a code that is home",
      changed(drive("{ kind: register, register: 9, positions: { out-express-import: 0 } }")),
      "CONFIG_POSITION_MISSING",
      "belts[0].gates[0].drive.positions.out-express-import",
    ],
    [
      "a chute without a code",
      changed(drive("{ kind: register, register: 9, positions: {} }")),
      "CONFIG_POSITION_MISSING",
      "belts[0].gates[0].drive.positions",
    ],
    [
      "a register with two meanings",
      changed(drive("{ kind: register, register: 0, positions: { out-express-import: 1 } }")),
      "CONFIG_ADDRESS_TWICE",
      "belts[0].gates[0].drive.register",
    ],
    [
      "edges on a belt that is not counted",
      changed([
        "role: induction, atMm: 200, device: io-a,",
        "role: induction, atMm: 200, latch: { register: 60, depth: 8, scanMs: 1 }, device: io-a,",
      ]),
      "CONFIG_LATCH_COUNT",
      "belts[0].eyes[0].latch",
    ],
    [
      "a watchdog's time between two steps of its device",
      changed([
        "watchdog: { kind: echo, counterRegister: 0, echoRegister: 0, timeoutMs: 150,",
        "watchdog: { kind: wago-750, timeoutMs: 150,",
      ]),
      "CONFIG_WATCHDOG_UNFIT",
      "devices[0].watchdog.timeoutMs",
    ],
    [
      "a watchdog that nothing feeds",
      changed([
        "watchdog: { kind: echo, counterRegister: 0, echoRegister: 0, timeoutMs: 150,",
        "watchdog: { kind: registers, fedBy: changes, timeoutMs: 150,",
      ]),
      "CONFIG_WATCHDOG_UNFIT",
      "devices[0].watchdog.fedBy",
    ],
    [
      "a watchdog that Modbus does not reach",
      changed([
        "watchdog: { kind: echo, counterRegister: 0, echoRegister: 0, timeoutMs: 150,",
        "watchdog: { kind: adlink-nd, timeoutMs: 200,",
      ]),
      "CONFIG_WATCHDOG_MISSING",
      "devices[0].watchdog.kind",
    ],
    [
      "an input in none of its areas",
      changed([
        IO_A,
        ioA([
          "driver: modbus-tcp",
          "host: 192.0.2.7",
          "pollMs: 8",
          "inputs: [{ first: 0, count: 16, from: coils, address: 0 }]",
          "watchdog: { kind: echo, counterRegister: 0, echoRegister: 0, timeoutMs: 150, whenTripped: refusesWrites }",
        ]),
      ]),
      "CONFIG_INPUT_NOT_PACKED",
      "belts[0].gates[0].drive.homeInput",
    ],
    [
      "a row of coils on a device that takes single writes only",
      changed(
        ["pollMs: 8\n    # 150 ms", "pollMs: 8\n    writes: single\n    # 150 ms"],
        ["chutes: [out-express-import], ", "chutes: [out-express-import, out-express-export], "],
        drive("{ kind: coils, positions: { out-express-import: 30, out-express-export: 31 } }"),
      ),
      "CONFIG_WRITES_TOO_MANY",
      "belts[0].gates[0].drive.kind",
    ],
    [
      "a reply that takes longer than its time",
      changed(onLine(2400, 900)),
      "CONFIG_TIMEOUT_TOO_SHORT",
      "devices[0].timeoutMs",
    ],
    [
      "a permit with two outputs",
      changed([
        "runPermit: { device: permits, coil: 0",
        "runPermit: { device: permits, coil: 0, register: { address: 40 }",
      ]),
      "CONFIG_WRONG_VALUE",
      "belts[0].runPermit.coil",
    ],
  ];

  test.each(wrong)("%s: refused at its place", (_, texts, code, path) => {
    expect(checked(texts).map((problem) => `${problem.code} ${problem.path}`)).toContain(`${code} ${path}`);
  });
});
