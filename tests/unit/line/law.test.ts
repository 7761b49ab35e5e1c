// The law, clause by clause: a question that nothing speaks against, and each fact that alone refuses it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interlock } from "../../../src/line/law/interlock.ts";
import type { Question } from "../../../src/line/law/question.ts";
import type { ReleaseRecord } from "../../../src/line/release.ts";

const record: ReleaseRecord = {
  company: "EMS",
  waybill: "RB123456785GB",
  validFromMs: 0,
  validToMs: 1,
  stream: "cbec",
  direction: "import",
  status: "released",
  pieces: 1,
  spent: 0,
  version: 1,
  authority: "customs",
  reference: "D-1",
  eventAtMs: 0,
};

const good: Question = {
  phase: "lastLook",
  chuteId: "out",
  zone: { kind: "outbound", stream: "cbec", direction: "import" },
  container: null,
  disposition: "released",
  record,
  holds: [],
  piecesLeft: 1,
  ledgerFull: false,
  isCommissioned: true,
  isGuardedTest: false,
  gateArmed: true,
  gateInDoubt: false,
  gateWithdrawing: false,
  gateFreeUm: Number.NEGATIVE_INFINITY,
  gateAstray: false,
  runPermit: true,
  modeRefusal: null,
  positionUm: 1_000_000,
  fromUm: 900_000,
  untilUm: 1_100_000,
  entryDurable: true,
  storage: "ok",
  gateOnItsBelt: true,
  doubt: null,
  beltKnown: true,
  beltFastEnough: true,
  errorUm: 10_000,
  inTheWay: null,
  gapAheadUm: 400_000,
  gapBehindUm: 400_000,
  provedGapUm: 350_000,
  isSeenAgain: false,
  otherPermitOut: false,
};

/** Each alone, with the clause and the code that it brings, and whether it already counts when the way is planned. */
const FACTS: readonly [clause: number, code: string, fact: Partial<Question>, counts: "always" | "at the last look"][] =
  [
    [1, "LAW_UNRELEASED", { disposition: "pending" }, "always"],
    [1, "LAW_UNRELEASED", { disposition: "unknown" }, "always"],
    [1, "LAW_UNRELEASED", { record: { ...record, status: "inspect" } }, "always"],
    [2, "LAW_HELD", { holds: [{ authority: "quarantine", kind: "hold", reference: "Q1", placedAtMs: 0 }] }, "always"],
    [3, "LAW_SPENT", { piecesLeft: 0 }, "always"],
    [3, "LAW_LEDGER_FULL", { ledgerFull: true }, "always"],
    [4, "LAW_STREAM", { record: { ...record, stream: "express" } }, "always"],
    [4, "LAW_STREAM", { record: { ...record, direction: "export" } }, "always"],
    [4, "LAW_CONTAINER", { container: { kind: "outbound", stream: "express", direction: "import" } }, "always"],
    [4, "LAW_CONTAINER", { container: { kind: "storage", stream: "cbec", direction: "import" } }, "always"],
    [4, "LAW_CONTAINER", { container: { kind: "inspection" } }, "always"],
    [5, "LAW_GATE_NOT_ARMED", { gateArmed: false }, "always"],
    [5, "LAW_WITHDRAWAL_OPEN", { gateWithdrawing: true }, "at the last look"],
    [5, "LAW_GATE_TURNING", { gateFreeUm: 1_100_001 }, "always"],
    [5, "LAW_GATE_ASTRAY", { gateAstray: true }, "at the last look"],
    [5, "LAW_MODE_SAFE", { modeRefusal: "LAW_MODE_SAFE" }, "always"],
    [5, "LAW_MODE_MANUAL", { modeRefusal: "LAW_MODE_MANUAL" }, "always"],
    [5, "LAW_STOPPED", { runPermit: false }, "at the last look"],
    [6, "LAW_GATE_IN_DOUBT", { gateInDoubt: true }, "always"],
    [6, "LAW_LATE", { positionUm: 1_100_001 }, "always"],
    [7, "LAW_STORAGE_FULL", { storage: "full" }, "always"],
    [7, "LAW_NOT_WRITTEN", { entryDurable: false }, "at the last look"],
    [8, "LAW_OTHER_BELT", { gateOnItsBelt: false }, "always"],
    [8, "LAW_ITEM_IN_DOUBT", { doubt: "ITEM_NOT_SEEN" }, "always"],
    [8, "LAW_BELT_UNKNOWN", { beltKnown: false }, "always"],
    [8, "LAW_BELT_SLOW", { beltFastEnough: false }, "at the last look"],
    [8, "LAW_SWEPT_ZONE", { fromUm: 1_100_001 }, "always"],
    [8, "LAW_SWEPT_ZONE", { positionUm: 899_999 }, "at the last look"],
    [8, "LAW_GAP_AHEAD", { gapAheadUm: 20_000 }, "always"],
    [8, "LAW_GAP_BEHIND", { gapBehindUm: 349_999 }, "at the last look"],
    [8, "LAW_GAP_BEHIND", { gapBehindUm: -1 }, "always"],
    [8, "LAW_ZONE_UNSEEN", { inTheWay: "item 7" }, "at the last look"],
    [9, "LAW_OTHER_PERMIT", { otherPermitOut: true }, "always"],
    [10, "LAW_NOT_COMMISSIONED", { isCommissioned: false }, "always"],
  ];

test("a question that nothing speaks against is answered by nothing, planned or at the last look", () => {
  expect(interlock(good)).toEqual([]);
  expect(interlock({ ...good, phase: "plan" })).toEqual([]);
});

describe.each(FACTS)("law %i %s: %j", (clause, code, fact, counts) => {
  test("refuses by itself at the last look", () => {
    expect(interlock({ ...good, ...fact })).toMatchObject([{ clause, code, chuteId: "out" }]);
  });
  test(`counts ${counts}`, () => {
    const planned = interlock({ ...good, ...fact, phase: "plan" });
    expect(planned.map((refusal) => refusal.code)).toEqual(counts === "always" ? [code] : []);
  });
});

test("a gate that is still on its way home is moved when it is there, not before", () => {
  const turning = { ...good, gateFreeUm: good.positionUm + 1 };
  expect(interlock({ ...turning, phase: "plan" })).toEqual([]);
  expect(interlock(turning).map(({ code }) => code)).toEqual(["LAW_GATE_TURNING"]);
  expect(interlock({ ...turning, positionUm: turning.gateFreeUm })).toEqual([]);
});

test("facts add up: whatever else speaks against a parcel, no refusal hides another clause's", () => {
  fc.assert(
    fc.property(fc.subarray(FACTS.map((_, index) => index)), (picked) => {
      const facts = picked.map((index) => FACTS[index]).filter((row) => row !== undefined);
      const question: Question = Object.assign({ ...good }, ...facts.map(([, , fact]) => fact));
      const refused = new Set(interlock(question).map((refusal) => refusal.clause));
      const due = new Set(facts.map(([clause]) => clause));
      // Two facts about the same thing overwrite one another.
      const keys = facts.flatMap(([, , fact]) => Object.keys(fact));
      fc.pre(new Set(keys).size === keys.length);
      expect([...due].filter((clause) => !refused.has(clause))).toEqual([]);
    }),
  );
});

test("a plan far from the gate is not judged by an error that an eye on the way renews; overlap counts all the same", () => {
  const far: Question = { ...good, phase: "plan", isSeenAgain: true, errorUm: 500_000, fromUm: 1_200_000 };
  expect(interlock(far)).toEqual([]);
  expect(interlock({ ...far, isSeenAgain: false })).toMatchObject([{ clause: 8, code: "LAW_SWEPT_ZONE" }]);
  expect(interlock({ ...far, gapAheadUm: -1 })).toMatchObject([{ clause: 8 }]);
  expect(interlock({ ...far, phase: "lastLook" })).toMatchObject([{ clause: 8, code: "LAW_SWEPT_ZONE" }]);
});

test("storage and safe zones: what is only for outbound chutes is not asked of them", () => {
  const storage: Partial<Question> = {
    zone: { kind: "storage", stream: "cbec", direction: "import" },
    disposition: "pending",
    piecesLeft: 0,
    ledgerFull: true,
    holds: [{ authority: "customs", kind: "hold", reference: "C1", placedAtMs: 0 }],
  };
  expect(interlock({ ...good, ...storage })).toEqual([]);
  expect(interlock({ ...good, ...storage, record: null })).toMatchObject([{ clause: 4, code: "LAW_STREAM_UNKNOWN" }]);
  expect(interlock({ ...good, ...storage, record: null, zone: { kind: "inspection" } })).toEqual([]);
});

describe("the one test parcel for which a person stands at the chute", () => {
  const guarded: Question = {
    ...{ ...good, disposition: "unknown", record: null, piecesLeft: 0, ledgerFull: true },
    ...{ isCommissioned: false, isGuardedTest: true },
  };
  const ofCustoms = FACTS.filter(([clause]) => clause <= 4 || clause === 10);

  test("goes without a release, and before the line is proved", () => {
    expect(interlock(guarded)).toEqual([]);
    expect(interlock({ ...guarded, zone: { kind: "storage", stream: "cbec", direction: "import" } })).toEqual([]);
  });

  test("is held by a hold, and obeys everything that is said of gates, belts and the journal", () => {
    const holds = [{ authority: "customs", kind: "hold", reference: "C1", placedAtMs: 0 }];
    expect(interlock({ ...guarded, holds })).toMatchObject([{ clause: 2 }]);
    for (const row of FACTS) {
      if (ofCustoms.includes(row)) continue;
      const [clause, code, fact] = row;
      expect(interlock({ ...guarded, ...fact })).toMatchObject([{ clause, code }]);
    }
  });

  test("is not what any other parcel can pass for", () => {
    expect(interlock({ ...guarded, isGuardedTest: false }).map(({ clause }) => clause)).toEqual([1, 3, 4, 10]);
  });
});
