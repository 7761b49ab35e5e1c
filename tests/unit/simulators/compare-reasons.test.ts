// Reasons of the wired line against those of virtual runs: what is the same, what is a matter of timing, what differs.
import { expect, test } from "vitest";
import {
  codesByKind,
  compareReasons,
  isEqual,
  type KindComparison,
  stoodByKind,
  WHOLE_RUN,
} from "../../../simulators/scenarios/compare-reasons.ts";

const S = 1e9;

test("a code belongs to every fault that it comes after, while the line settles, and to the run as a whole", () => {
  const spans = [
    { kind: "cut", fromNs: 10 * S, untilNs: 11 * S },
    { kind: "kill", fromNs: 20 * S, untilNs: 20 * S },
    { kind: "cut", fromNs: 60 * S, untilNs: 61 * S },
  ];
  const heard = [
    { code: "BEFORE", atNs: 9 * S },
    { code: "AT_ONCE", atNs: 10 * S },
    { code: "BOTH", atNs: 24 * S },
    { code: "AFTER", atNs: 26 * S },
    { code: "SECOND", atNs: 62 * S },
  ];
  const codes = codesByKind(heard, spans);
  expect(codes.get("cut")).toEqual(new Set(["AT_ONCE", "BOTH", "SECOND"]));
  expect(codes.get("kill")).toEqual(new Set(["BOTH", "AFTER"]));
  expect(codes.get(WHOLE_RUN)?.size).toBe(5);
});

const compared = (wired: readonly string[], ...virtual: readonly (readonly string[])[]): KindComparison => {
  const [comparison] = compareReasons({
    wired: new Map([["cut", new Set(wired)]]),
    stood: new Map([["cut", new Set(["STANDS"])]]),
    virtual: virtual.map((codes) => new Map([["cut", new Set(codes)]])),
    withoutFaults: new Set(["HELD"]),
    heldUp: new Set(["LAW_LATE"]),
    onWires: { cut: ["RELEASE_STALE"], kill: ["NO_READ"] },
  });
  return comparison as KindComparison;
};

test("what every virtual run has, the wired one must have; what none has, it must not", () => {
  const comparison = compared(["A", "X"], ["A", "B"], ["A", "B"]);
  expect(comparison).toMatchObject({ kind: "cut", equal: ["A"], missing: ["B"], extra: ["X"] });
  expect(isEqual(comparison)).toBe(false);
});

test("what the virtual runs differ in among themselves is a matter of timing, and so is what comes without any fault", () => {
  const comparison = compared(["A", "HELD"], ["A", "B"], ["A"]);
  expect(comparison).toMatchObject({ equal: ["A"], timing: ["B", "HELD"], missing: [], extra: [] });
  expect(isEqual(comparison)).toBe(true);
  expect(isEqual(compared(["A"], ["A", "HELD"]))).toBe(true);
});

test("an alarm that stood when the fault came is not written again, and not missing; nor does it excuse anything else", () => {
  expect(compared([], ["STANDS"])).toMatchObject({ timing: ["STANDS"], missing: [] });
  expect(compared(["STANDS"], ["STANDS"])).toMatchObject({ equal: ["STANDS"] });
  expect(compared(["STANDS"], ["A"])).toMatchObject({ extra: ["STANDS"], missing: ["A"] });
  const stood = [
    { code: "OVER", fromNs: 1 * S, untilNs: 9 * S },
    { code: "STANDS", fromNs: 2 * S, untilNs: Number.POSITIVE_INFINITY },
    { code: "LATER", fromNs: 11 * S, untilNs: 12 * S },
  ];
  const spans = [{ kind: "cut", fromNs: 10 * S, untilNs: 20 * S }];
  expect(stoodByKind(stood, spans)).toEqual(new Map([["cut", new Set(["STANDS"])]]));
});

test("what a busy machine brings about by itself may be there, but not be missing", () => {
  expect(compared(["LAW_LATE"], [])).toMatchObject({ heldUp: ["LAW_LATE"], extra: [] });
  expect(compared([], ["LAW_LATE"])).toMatchObject({ heldUp: [], missing: ["LAW_LATE"] });
});

test("what is known of a fault on real wires only may be there after it, and only where it was played", () => {
  expect(compared(["RELEASE_STALE", "NO_READ"], [])).toMatchObject({ onWires: ["RELEASE_STALE"], extra: ["NO_READ"] });
  expect(compared([], ["RELEASE_STALE"])).toMatchObject({ missing: ["RELEASE_STALE"] });
});

test("where faults of several kinds come close to each other, what is said after one may be said after the other", () => {
  const of = (cut: string[], kill: string[]) => new Map(Object.entries({ cut: new Set(cut), kill: new Set(kill) }));
  const comparisons = compareReasons({
    wired: of(["DEVICE_DOWN"], ["DEVICE_DOWN", "X"]),
    virtual: [of(["DEVICE_DOWN"], []), of(["DEVICE_DOWN"], [])],
    stood: new Map(),
    withoutFaults: new Set(),
    heldUp: new Set(),
    onWires: {},
  });
  expect(comparisons).toMatchObject([
    { kind: "cut", equal: ["DEVICE_DOWN"] },
    { kind: "kill", timing: ["DEVICE_DOWN"], extra: ["X"] },
  ]);
});

test("a kind of fault that only one side knows is compared all the same", () => {
  const comparisons = compareReasons({
    wired: new Map(),
    virtual: [new Map([["kill", new Set(["ITEM_RESTART"])]])],
    stood: new Map(),
    withoutFaults: new Set(),
    heldUp: new Set(),
    onWires: {},
  });
  expect(comparisons).toMatchObject([{ kind: "kill", missing: ["ITEM_RESTART"] }]);
});
