// A loaded site compiles into whole µm and ns, named by a hash that changes with what the site says and nothing else.
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../src/config/layout-hash.ts";
import { wiringOf } from "../../../src/config/wiring.ts";
import { eyeErrorUm } from "../../../src/line/eye-error.ts";
import { edited, exampleTexts, loadedSite } from "./example-site.ts";

test("a belt's signals are in its layout, on the device's wiring, and only those that are wired", () => {
  const { texts } = edited(
    "line.yaml",
    "infeedPermit: { device: permits, coil: 1 }",
    "infeedPermit: { device: permits, coil: 1 }\n    signals: { automatic: { device: plc1, input: 30 } }",
  );
  const site = loadedSite(texts);
  expect(site.layout.belts[0]?.signals).toEqual({ automatic: { inputId: "belt1.automatic", deviceId: "plc1" } });
  expect(wiringOf(site, "plc1").signals).toContainEqual({ id: "belt1.automatic", input: 30 });
  expect(wiringOf(site, "permits").signals.map(({ id }) => id)).not.toContain("belt1.automatic");
  expect(loadedSite(exampleTexts("common-line")).layout.belts[0]?.signals).toEqual({});
});

test("a width eye stands beside the induction eye, at the same place or nearly", () => {
  for (const atMm of [200, 210]) {
    const eye = `- { id: wide, role: width, atMm: ${atMm}, device: plc1, input: 31, debounceMs: 3 }`;
    const { texts } = edited("line.yaml", "- { id: track1,", `${eye}\n      - { id: track1,`);
    const site = loadedSite(texts);
    expect(site.layout.belts[0]?.eyes[1]).toMatchObject({ id: "wide", role: "width", debounceNs: 3_000_000 });
  }
});

test("an eye whose edges the PLC keeps is as exact as the PLC's cycle, and its gate needs less gap for it", () => {
  const passage = "atMm: 2450, device: plc1, input: 1 }";
  const latch = "atMm: 2450, device: plc1, input: 1, latch: { register: 60, scanMs: 1 } }";
  const site = loadedSite(edited("line.yaml", passage, latch).texts);
  const [belt] = site.layout.belts;
  expect(belt?.eyes.find(({ id }) => id === "track1")).toMatchObject({ latchNs: 1_000_000 });
  expect(belt?.eyes.find(({ id }) => id === "past-g1")).not.toHaveProperty("latchNs");
  expect(wiringOf(site, "plc1").eyes).toContainEqual({
    ...{ id: "track1", input: 1, encoderId: "enc1" },
    latch: { register: 60, from: "inputRegisters", depth: 2, scanMs: 1 },
  });
  const polled = loadedSite(exampleTexts("common-line")).layout.belts[0];
  const eye = polled?.eyes.find(({ id }) => id === "track1");
  if (belt === undefined || polled === undefined || eye === undefined) throw new Error("the example has no track1");
  // Half of 2 mm and one count, instead of half of what the belt travels in a poll and the reply, and one count.
  expect([eyeErrorUm(belt, { ...eye, latchNs: 1_000_000 }), eyeErrorUm(polled, eye)]).toEqual([2_000, 8_000]);
});

test("what keeps a chute from taking more is in its layout, with what is left out filled in", () => {
  const chute = (keys: string) =>
    loadedSite(edited("chutes.yaml", "slideMs: [430, 580] }", `slideMs: [430, 580]${keys} }`).texts).layout.chutes[0];
  expect(chute("")).toMatchObject({
    ...{ fullDeviceId: null, blockedAfterNs: 3_000_000_000, maxPerMinute: null, capacityItems: null },
  });
  expect(
    chute(", fullInput: { device: plc1, input: 31 }, fullDebounceMs: 250, blockedAfterMs: 0, maxPerMinute: 40"),
  ).toMatchObject({
    ...{ fullInputId: "out-express-import.full", fullDeviceId: "plc1", fullDebounceNs: 250_000_000 },
    ...{ blockedAfterNs: null, maxPerMinute: 40 },
  });
});

describe("the compiled example", () => {
  const { layout } = loadedSite(exampleTexts("common-line"));
  const belt = layout.belts[0]!;

  test("holds lengths in µm and times in ns", () => {
    expect(belt).toMatchObject({ lengthUm: 14_000_000, speedUmPerS: 2_000_000, driftUmPerM: 5000, coastUm: 600_000 });
    expect(belt.encoder).toEqual({ id: "enc1", deviceId: "plc1", umPerCount: 1000, bits: 32 });
    expect(belt.stations[0]).toMatchObject({ atUm: 1_000_000, fromUm: 50_000, toUm: 350_000 });
    expect(layout).toMatchObject({ freshnessMaxAgeNs: 15_000_000_000, storageShareNs: 25_000_000 });
  });

  test("holds whole numbers only, so that its hash is the same everywhere", () => {
    const numbers: number[] = [];
    JSON.stringify(layout, (_key, value) => {
      if (typeof value === "number") numbers.push(value);
      return value;
    });
    expect(numbers.filter((value) => !Number.isSafeInteger(value))).toEqual([]);
  });

  test("has the chutes' eyes on their belt, at their gates", () => {
    expect(belt.eyes.filter(({ role }) => role === "chute")).toHaveLength(9);
    expect(belt.eyes.find(({ id }) => id === "inspection.eye")).toMatchObject({ atUm: 7_400_000, deviceId: "plc1" });
    expect(layout.chutes.find(({ id }) => id === "inspection")).toMatchObject({
      beltId: "belt1",
      gateId: "g5",
      eyeId: "inspection.eye",
      fullInputId: null,
      slideMinNs: 430_000_000,
      slideMaxNs: 580_000_000,
    });
    expect(layout.chutes.find(({ id }) => id === "abnormal")).toMatchObject({ gateId: null, eyeId: null });
  });

  test("demands of the gap behind an item what its neediest gate needs, not what the infeed gives", () => {
    // g8: 120 swept + 2 m/s × 2 × 50 ms + 2 m/s × (6 + 2) ms + 2 × (7 + 1 + 9.2) mm
    expect(belt.provedGapUm).toBe(370_400);
  });

  test("tells judged gates from bounded ones, and which fall by themselves", () => {
    const plain = loadedSite(exampleTexts("plain-coils")).layout;
    expect(new Set(belt.gates.map(({ lateCommand }) => lateCommand))).toEqual(new Set(["excluded"]));
    expect(plain.belts[0]!.gates.map(({ lateCommand, fallsByItself }) => [lateCommand, fallsByItself])).toEqual(
      Array.from({ length: 4 }, () => ["bounded", true]),
    );
    expect(plain.belts[0]!.gates.map((gate) => [gate.hasHomeFeedback, gate.hasOutFeedback])).toEqual([
      [true, true],
      [true, true],
      [true, false],
      [false, false],
    ]);
    // a4: swept 250 mm, two swings 370 mm, bus 14.8 mm; two positions wrong by 12.95 + 9 mm, and twice the 66.6 mm of
    // 36 ms that the belt may have stood still before its drive's contact said so. (a late command demands 823.8 mm)
    expect(plain.belts[0]!.provedGapUm).toBe(811_900);
  });
});

describe("the hash of a layout", () => {
  const hashOf = (texts: Parameters<typeof loadedSite>[0]) => loadedSite(texts).layout.hash;
  const before = hashOf(exampleTexts("common-line"));

  test("is a SHA-256 in hex", () => expect(before).toMatch(/^[0-9a-f]{64}$/));

  test.each([
    [
      "line.yaml",
      "id: belt1\n    lengthMm: 14000\n    speedMmPerS: 2000",
      "id: belt1\n    speedMmPerS: 2000\n    lengthMm: 14000",
    ],
    ["line.yaml", "# One belt", "# Exactly one belt"],
    ["gateway.yaml", "port: 8080", "port: 8081"],
  ] as const)("stays when %s only says the same in another way, or says nothing of the layout", (file, from, to) => {
    expect(hashOf(edited(file, from, to).texts)).toBe(before);
  });

  test.each([
    ["line.yaml", "coastMm: 600", "coastMm: 601"],
    ["chutes.yaml", "to: [inspection]", "to: [abnormal]"],
    ["customs.yaml", "maxAgeMs: 15000", "maxAgeMs: 15001"],
  ] as const)("changes with %s: %s", (file, from, to) => {
    expect(hashOf(edited(file, from, to).texts)).not.toBe(before);
  });

  test("rests on JSON with sorted keys", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "ü" }], a: true })).toBe('{"a":true,"b":[1,{"c":"ü","d":null}]}');
  });
});
