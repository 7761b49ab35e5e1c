// A belt that its PLC tracks: destinations go out once for each look, are repeated until acknowledged, recalled by a hold.
import { describe, expect, test } from "vitest";
import type { LineEntry } from "../../../src/line/entry.ts";
import { give } from "./command-requests.ts";
import { oneGateLayout } from "./line-fixture.ts";
import { TrackedFixture, trackedLayout } from "./tracked-fixture.ts";

const outOf = (line: TrackedFixture) => line.outputs.filter((output) => output.kind === "permit");
const reasons = (entries: readonly Extract<LineEntry, { kind: "giveBack" }>[]) => entries.map(({ why }) => why);

describe("a released parcel", () => {
  test("is told to the PLC by its number, durably, and ends where the PLC reports it", () => {
    const line = new TrackedFixture().release("A1").put("A1").run(4000);
    const [item] = line.facts("item");
    expect(item?.trackingId).toBe(0x1_0001);
    expect(line.facts("permit")).toHaveLength(1);
    expect(line.telegrams).toMatchObject([{ trackingId: 0x1_0001, chuteId: "out", gateId: "g1" }]);
    expect(line.facts("lastLook").map(({ go }) => go)).toEqual([true]);
    expect(line.facts("command").map(({ outcome }) => outcome)).toEqual(["done"]);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "out", reason: "RELEASED" }]);
    expect(line.facts("giveBack")).toEqual([]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("is not told to the PLC before its permit is on the disk; past the last word it never is", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.autoDurable = false;
    line.run(1500);
    expect(line.facts("permit")).toHaveLength(1);
    expect(outOf(line)).toEqual([]);
    line.autoDurable = true;
    line.run(3000);
    expect(line.telegrams).toEqual([]);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "LAW_NOT_WRITTEN" }]);
    expect(reasons(line.facts("giveBack"))).toEqual(["notSent"]);
  });

  test("whose release comes while it rides goes out all the same", () => {
    const line = new TrackedFixture().release("A1", { status: "pending" }).put("A1").run(900);
    expect(line.facts("permit")).toEqual([]);
    line.release("A1").send({ kind: "releaseHint", waybills: [{ company: "ACME", waybill: "A1" }] });
    line.run(3000);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "out", reason: "RELEASED" }]);
  });
});

describe("nothing is sent", () => {
  test.each([
    ["without a code", null],
    ["without a record", "B2"],
  ])("for a parcel %s: the PLC's default is the safe end", (_, code) => {
    const line = new TrackedFixture().put(code).run(4000);
    expect(line.telegrams).toEqual([]);
    expect(line.ends()).toMatchObject([{ end: "arrived", chuteId: "end" }]);
  });

  test("for two parcels closer than check has proved", () => {
    const line = new TrackedFixture().release("A1").release("A2").put("A1").put("A2", { inMs: 300 }).run(4000);
    expect(line.telegrams).toEqual([]);
    expect(line.ends().map(({ chuteId, reason }) => [chuteId, reason])).toEqual([
      ["end", "ITEM_TOO_CLOSE"],
      ["end", "ITEM_TOO_CLOSE"],
    ]);
  });

  test("while the device is not armed; when it is armed again there is time", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.device({ connected: true, armed: false });
    line.run(900);
    expect(outOf(line)).toEqual([]);
    line.device({ connected: true, armed: true });
    line.run(3000);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "out", reason: "RELEASED" }]);
  });
});

describe("a telegram without an acknowledgement", () => {
  test("goes out again with the same number until it is acknowledged, and is acted upon once", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.answers = "silent";
    line.runToPlace(2500);
    const copies = line.telegrams.length;
    expect(copies).toBeGreaterThan(2);
    line.answers = "truly";
    line.run(3000);
    expect(new Set(line.telegrams.map(({ id }) => id)).size).toBe(1);
    expect(line.telegrams).toHaveLength(copies + 1);
    // Each copy has a look of its own, in its own turn.
    expect(line.facts("lastLook").filter(({ go }) => go)).toHaveLength(copies + 1);
    expect(line.acted).toHaveLength(1);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "out", reason: "RELEASED" }]);
  });

  test("that never got there: recalled at the last word, and its piece is free again at the safe end", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.answers = "lost";
    line.run(4000);
    expect(line.facts("withdraw")).toMatchObject([{ trackingId: 0x1_0001, why: "DESTINATION_UNANSWERED" }]);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "DESTINATION_UNANSWERED" }]);
    expect(reasons(line.facts("giveBack"))).toEqual(["safeEnd"]);
  });

  test("that the PLC acted upon in silence: the report closes it as sent, and the recall came too late", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.answers = "silent";
    line.answersRecalls = "lost";
    line.runToPlace(2860);
    const [recall] = line.facts("withdraw");
    line.send({ kind: "withdrawal", id: recall?.id ?? 0, outcome: "tooLate" });
    line.run(4000);
    expect(recall?.why).toBe("DESTINATION_UNANSWERED");
    expect(line.acted).toHaveLength(1);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "out", reason: "RELEASED" }]);
    expect(line.facts("giveBack")).toEqual([]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("finds a hold at its next look: no further copy, and what was said is taken back", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.answers = "silent";
    line.runToPlace(2400);
    // Nobody gives a hint: the look before the next copy finds it.
    line.holds.set("A1", [{ authority: "customs", kind: "detain", reference: "H1", placedAtMs: 1 }]);
    const copies = line.telegrams.length;
    line.run(4000);
    expect(line.telegrams).toHaveLength(copies);
    expect(line.facts("lastLook").at(-1)).toMatchObject({ go: false });
    expect(line.ends()).toMatchObject([{ end: "arrived", chuteId: "end", reason: "LAW_HELD" }]);
    expect(reasons(line.facts("giveBack"))).toEqual(["safeEnd"]);
  });
});

describe("the PLC's no", () => {
  test.each([
    ["tooLate", "DESTINATION_TOO_LATE"],
    ["unknownParcel", "DESTINATION_UNKNOWN_PARCEL"],
    ["refused", "DESTINATION_REFUSED"],
  ] as const)(
    "%s: the parcel rides to the safe end, its piece is free, and it is not asked again",
    (answer, reason) => {
      const line = new TrackedFixture().release("A1").put("A1");
      line.answers = answer;
      line.run(4000);
      expect(line.telegrams).toHaveLength(1);
      expect(reasons(line.facts("giveBack"))).toEqual(["refused"]);
      expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason }]);
    },
  );

  test("'unknown' to a repeated telegram gives nothing back: the first copy may have sent the parcel out", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.answers = "silent";
    line.runToPlace(2400);
    line.answers = "unknownParcel";
    line.run(200);
    expect(line.facts("giveBack")).toEqual([]);
    line.run(4000);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "out", reason: "RELEASED" }]);
    expect(line.facts("breach")).toEqual([]);
  });
});

describe("a hold for a parcel whose destination the PLC has", () => {
  test("recalls it by a newer number; it rides to the safe end and gives its piece back", () => {
    const line = new TrackedFixture().release("A1").put("A1").runToPlace(2600);
    expect(line.facts("command")).toHaveLength(1);
    line.hold("A1").run(4000);
    const [permit] = line.facts("permit");
    const [recall] = line.facts("withdraw");
    expect(recall).toMatchObject({ trackingId: 0x1_0001, voidUpTo: permit?.n, why: "RECALLED" });
    expect(recall?.id).toBeGreaterThan(permit?.n ?? 0);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "LAW_HELD" }]);
    expect(reasons(line.facts("giveBack"))).toEqual(["safeEnd"]);
    expect(line.facts("lateHold")).toEqual([]);
  });

  test("too late for the PLC: a late hold, the chute is locked, no breach", () => {
    const line = new TrackedFixture().release("A1").put("A1").runToPlace(2900).hold("A1").run(4000);
    expect(line.facts("withdrawal")).toMatchObject([{ outcome: "tooLate" }]);
    expect(line.facts("lateHold")).toHaveLength(1);
    expect(line.facts("chute").at(-1)).toMatchObject({ chuteId: "out", locked: true });
    expect(line.facts("breach")).toEqual([]);
    expect(line.ends()).toMatchObject([{ end: "arrived", chuteId: "out" }]);
  });

  test("a recall that an armed PLC does not answer stops the belt before its last word; the answer lets it go on", () => {
    const line = new TrackedFixture().release("A1").put("A1").runToPlace(2260);
    line.answersRecalls = "lost";
    line.hold("A1").runToPlace(2800);
    expect(line.runPermit).toBe(false);
    const [recall] = line.facts("withdraw");
    line.send({ kind: "withdrawal", id: recall?.id ?? 0, outcome: "done" });
    line.run(5);
    expect(line.runPermit).toBe(true);
  });

  test("and that is never answered nor reported: it may have left, and people are told so", () => {
    const line = new TrackedFixture().release("A1").put("A1").runToPlace(2600);
    line.answersRecalls = "lost";
    line.isQuiet = true;
    line.hold("A1").run(7000);
    expect(line.facts("end")).toMatchObject([{ end: "lost", possiblyOutbound: true, reason: "NOT_REPORTED" }]);
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
    line.report({ kind: "ended", trackingId: 0x1_0001, how: "seen", chuteId: "out" });
    expect(line.facts("breach")).toEqual([]);
  });

  test("a PLC that cannot be reached drops its destinations by itself: no stop", () => {
    const line = new TrackedFixture().release("A1").put("A1").runToPlace(2260);
    line.answersRecalls = "lost";
    line.device({ connected: true, armed: false });
    line.hold("A1").runToPlace(2840);
    expect(line.runPermit).toBe(true);
  });
});

describe("what the PLC reports of the end", () => {
  test("another chute than it was told: a misdivert, not outbound and no breach", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.wrongly = () => "store";
    line.run(4000);
    expect(line.ends()).toEqual([{ end: "misdiverted", chuteId: "store", reason: "MISDIVERTED" }]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("an outbound chute without a permit for it: a breach, and the run permit falls", () => {
    const line = new TrackedFixture().release("A1", { status: "hold" }).put("A1");
    line.wrongly = () => "out";
    line.run(4000);
    expect(line.ends()).toEqual([{ end: "misdiverted", chuteId: "out", reason: "MISDIVERTED" }]);
    expect(line.facts("breach")).toHaveLength(1);
    expect(line.runPermit).toBe(false);
  });

  test("a parcel that it does not know in an outbound chute: a breach of nobody's", () => {
    const line = new TrackedFixture();
    line.report({ kind: "ended", trackingId: 0, how: "seen", chuteId: "out" });
    expect(line.facts("breach")).toMatchObject([{ itemId: 0, chuteId: "out" }]);
  });

  test("the safe end though it had taken the destination: its gate missed it, or it is another one: its piece stays spent", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.wrongly = () => "end";
    line.run(4000);
    expect(line.ends()).toEqual([{ end: "misdiverted", chuteId: "end", reason: "GATE_MISSED_ITEM" }]);
    expect(line.facts("giveBack")).toEqual([]);
  });

  test("lost: possibly outbound, and its piece stays spent", () => {
    const line = new TrackedFixture().release("A1").put("A1").runToPlace(2700);
    line.report({ kind: "ended", trackingId: 0x1_0001, how: "lost", chuteId: null });
    expect(line.facts("end")).toMatchObject([{ end: "lost", possiblyOutbound: true, reason: "PLC_LOST_PARCEL" }]);
    expect(line.facts("giveBack")).toEqual([]);
  });

  test("lost without ever having been read: its follower's name may be its own, and is called back", () => {
    const layout = trackedLayout();
    // A scanner that says nothing when it reads nothing: until then nobody doubts the follower.
    const stations = oneGateLayout().belts.flatMap((belt) =>
      belt.stations.map((each) => ({ ...each, saysNoRead: [] })),
    );
    const belts = layout.belts.map((belt) => ({ ...belt, stations }));
    const line = new TrackedFixture(null, { ...layout, belts })
      .release("A2")
      .put(null, { isOverlooked: true })
      .put("A2", { inMs: 500 })
      .run(1800);
    const [first] = line.facts("item");
    expect(line.telegrams).toHaveLength(1);
    line.report({ kind: "ended", trackingId: first?.trackingId ?? 0, how: "lost", chuteId: null });
    line.run(4000);
    expect(line.facts("withdraw")).toMatchObject([{ why: "ITEM_NAME_IN_DOUBT" }]);
    expect(line.ends()).toMatchObject([
      { end: "lost" },
      { end: "divertedUnseen", chuteId: "end", reason: "ITEM_NAME_IN_DOUBT" },
    ]);
  });

  test("nothing at all: lost when the belt has carried it away, and no breach when it is in its chute after all", () => {
    const line = new TrackedFixture().release("A1").put("A1");
    line.isQuiet = true;
    line.run(6500);
    expect(line.facts("end")).toMatchObject([{ end: "lost", possiblyOutbound: true, reason: "NOT_REPORTED" }]);
    line.report({ kind: "ended", trackingId: 0x1_0001, how: "seen", chuteId: "out" });
    expect(line.facts("breach")).toEqual([]);
  });

  test("the same end twice: one end, and no breach", () => {
    const line = new TrackedFixture().release("A1").put("A1").run(4000);
    line.report({ kind: "ended", trackingId: 0x1_0001, how: "seen", chuteId: "out" });
    expect(line.facts("end")).toHaveLength(1);
    expect(line.facts("breach")).toEqual([]);
  });

  test("an end in an outbound chute of one that has come to the safe end: nobody knows what is in there, a breach", () => {
    const line = new TrackedFixture().put("A1").run(4000);
    expect(line.ends()).toMatchObject([{ end: "arrived", chuteId: "end" }]);
    line.report({ kind: "ended", trackingId: 0x1_0001, how: "seen", chuteId: "out" });
    expect(line.facts("end")).toHaveLength(1);
    expect(line.facts("breach")).toMatchObject([{ chuteId: "out", itemId: 0 }]);
  });

  test("the same parcel coming twice: one item", () => {
    const line = new TrackedFixture().put("A1").run(200);
    line.report({ kind: "came", trackingId: 0x1_0001, count: 5000 });
    expect(line.facts("item")).toHaveLength(1);
  });
});

describe("a PLC that has forgotten its parcels", () => {
  test("everything on the belt is recalled and unknown, and what comes afterwards is sorted", () => {
    const line = new TrackedFixture().release("A1").release("A2").put("A1").runToPlace(2600);
    line.forget();
    expect(line.facts("withdraw")).toMatchObject([{ trackingId: 0x1_0001, why: "BELT_UNTRACKED" }]);
    line.put("A2", { inMs: 4000 }).run(9000);
    expect(line.facts("end").map(({ end, waybill }) => [waybill, end])).toEqual([
      ["A1", "lost"],
      ["A2", "arrived"],
    ]);
    expect(line.facts("breach")).toEqual([]);
    expect(line.facts("giveBack")).toEqual([]);
  });

  test("a controller that has restarted: what the PLC still carried out is no breach", () => {
    const first = new TrackedFixture().release("A1").put("A1").runToPlace(2860);
    const second = new TrackedFixture(first.entries);
    expect(second.facts("end")).toMatchObject([{ end: "lost", possiblyOutbound: true, reason: "ITEM_RESTART" }]);
    second.report({ kind: "ended", trackingId: 0x1_0001, how: "seen", chuteId: "out" });
    expect(second.facts("breach")).toEqual([]);
    second.report({ kind: "ended", trackingId: 0x1_0002, how: "seen", chuteId: "out" });
    expect(second.facts("breach")).toHaveLength(1);
  });
});

test("a gate that its PLC moves is not moved by hand: there is no destination without a parcel", () => {
  const line = new TrackedFixture();
  const answer = give(line, { command: "jogGate", gateId: "g1", chuteId: "out" });
  expect(answer).toMatchObject({ accepted: false, code: "COMMAND_GATE_NOT_READY", detail: "g1: its PLC moves it" });
});
