// The core when something is wrong: each situation and what must hold.
import { describe, expect, test } from "vitest";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const inOneMoment = (line: LineFixture): number => line.nowMs + 100;

describe("customs changes its mind", () => {
  test("a hold that comes before the last look keeps a released parcel in", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 800);
    expect(line.facts("permit")).toHaveLength(1);
    line.hold("A1").hint("A1");
    line.runTo(at + 6000);
    expect(line.where("A1")).toEqual(["store"]);
    expect(line.facts("giveBack").map((entry) => entry.why)).toEqual(["withheld"]);
  });

  test("a hold without a hint is seen by the last look", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 800);
    line.hold("A1").runTo(at + 6000);
    expect(line.where("A1")).not.toEqual(["out"]);
    expect(line.facts("lastLook")[0]?.refusals.map((r) => r.code)).toContain("LAW_HELD");
  });

  test("a release that arrives while the parcel rides upgrades it", () => {
    const line = new LineFixture().warmUp();
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 800);
    line.release("A1").hint("A1");
    line.runTo(at + 6000);
    expect(line.where("A1")).toEqual(["out"]);
  });

  test("a hold after the parcel has left locks the chute and lets the line run", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 5000);
    line.hold("A1").hint("A1");
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
    expect(line.facts("breach")).toEqual([]);
    line.release("A2").put({ code: "A2", atMs: line.nowMs + 100 });
    line.runTo(line.nowMs + 6000);
    expect(line.where("A2")).toEqual(["end"]);
    expect(line.ends().at(-1)?.reason).toBe("CHUTE_LOCKED");
  });

  test("a parcel upgraded ahead of another for the same gate leaves both their numbers in the order of the belt", () => {
    const line = new LineFixture().warmUp().release("A2");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 400 }).runTo(at + 1000);
    line.release("A1").hint("A1");
    line.runTo(at + 7000);
    const fired = line.facts("lastLook").filter((look) => look.go);
    expect(fired).toHaveLength(2);
    expect(fired[1]?.permit).toBeGreaterThan(fired[0]?.permit ?? 0);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "out"]);
  });

  test("a feed that has gone silent releases nobody", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.feedAgeMs = 10_001;
    line.put({ code: "A1", atMs: inOneMoment(line) }).runTo(line.nowMs + 6000);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "RELEASE_STALE" }]);
  });

  test("a store that cannot be read releases nobody", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.storeError = true;
    line.put({ code: "A1", atMs: inOneMoment(line) }).runTo(line.nowMs + 6000);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "RELEASE_UNREADABLE" }]);
  });
});

describe("decided anew when it is past its gate", () => {
  /** Something changes for everybody. */
  const decideAgain = (line: LineFixture): void => {
    line.send({ kind: "storage", state: "slow" });
    line.send({ kind: "storage", state: "ok" });
  };

  test("a parcel in doubt rides to the safe end because of the doubt, not because it is too late by then", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at, hiddenFrom: ["mid"] }).runTo(at + 1700);
    decideAgain(line);
    expect(
      line
        .facts("decision")
        .at(-1)
        ?.refusals.map(({ code }) => code),
    ).toEqual(["LAW_ITEM_IN_DOUBT", "LAW_LATE"]);
    line.runTo(at + 6000);
    expect(line.ends()).toEqual([{ end: "divertedUnseen", chuteId: "end", reason: "ITEM_NOT_SEEN" }]);
  });

  test("a parcel that was too late before anybody doubted it was too late", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.outcome = "notSent";
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at, hiddenFrom: ["past2"] }).runTo(at + 1700);
    decideAgain(line);
    line.runTo(at + 6000);
    expect(line.ends()).toMatchObject([{ reason: "LAW_LATE" }]);
  });
});

describe("something unknown right ahead of it", () => {
  test.each([140, 180])(
    "the gate's way is never free in time, which is the reason: it is not late (after %i ms)",
    (afterMs) => {
      const line = new LineFixture().warmUp().release("A1");
      const at = inOneMoment(line);
      line.put({ code: "A1", atMs: at }).runTo(at + afterMs);
      line.telegram(["NOBODY"]);
      line.runTo(at + 6000);
      expect(line.where("A1")).toEqual(["end"]);
      expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "LAW_SWEPT_ZONE" }]);
      expect(line.facts("giveBack").map(({ why }) => why)).toEqual(["notSent"]);
      expect(line.core.snapshot(0).counts).not.toHaveProperty("lateDropped");
    },
  );
});

describe("a release is spent once", () => {
  test("a copied label stays in after the first has left", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }, { code: "A1", atMs: at + 6000 });
    line.runTo(at + 12_000);
    expect(line.where("A1")).toEqual(["out", "end"]);
    expect(line.ends().map((end) => end.reason)).toEqual(["RELEASED", "RELEASE_SPENT"]);
  });

  test("two pieces on one release both leave, a third that comes later does not", () => {
    const line = new LineFixture().warmUp().release("A1", { pieces: 2 });
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }, { code: "A1", atMs: at + 400 }, { code: "A1", atMs: at + 6000 });
    line.runTo(at + 12_000);
    expect(line.where("A1")).toEqual(["out", "out", "end"]);
  });

  test("what came past the gate with another length may be another parcel: the piece stays spent, and no arrival is claimed", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at, bounces: true }).runTo(at + 1500);
    const [changed] = line.parcels;
    if (changed !== undefined) changed.lengthMm = 120;
    line.runTo(at + 6000);
    expect(line.ends()).toMatchObject([{ end: "divertedUnseen", chuteId: "end" }]);
    expect(line.facts("giveBack")).toEqual([]);
  });

  test("a parcel that bounced to the safe end gives its piece back", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at, bounces: true }).runTo(at + 6000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("giveBack").map((entry) => entry.why)).toEqual(["safeEnd"]);
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    expect(line.where("A1")).toEqual(["end", "out"]);
  });

  test("a record that was replaced after the permit reserved a piece of the old one lets nobody leave on the new one", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 900);
    expect(line.facts("permit")).toHaveLength(1);
    line.release("A1", { validFromMs: 5 });
    line.runTo(at + 6000);
    expect(line.facts("lastLook")[0]?.refusals.map((refusal) => refusal.code)).toContain("LAW_SPENT");
    expect(line.where("A1")).toEqual(["end"]);
  });

  test("what the gateway has carried over is not counted twice", () => {
    const line = new LineFixture().warmUp().release("A1", { pieces: 2 });
    line.put({ code: "A1", atMs: inOneMoment(line) }).runTo(line.nowMs + 6000);
    line.carriedEntry = line.facts("permit")[0]?.n ?? 0;
    line.release("A1", { pieces: 2, spent: 1 });
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    expect(line.where("A1")).toEqual(["out", "out", "end"]);
  });

  test("what the store carried of another journal, or beyond this one's end, counts as nothing: the piece stays spent", () => {
    for (const mark of [
      { carriedJournal: "journal-0", carriedEntry: 5 },
      { carriedJournal: null, carriedEntry: 5 },
      { carriedJournal: "journal-1", carriedEntry: 5000 },
    ]) {
      const line = new LineFixture().warmUp().release("A1");
      line.put({ code: "A1", atMs: inOneMoment(line) }).runTo(line.nowMs + 6000);
      Object.assign(line, mark);
      line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
      expect(line.where("A1")).toEqual(["out", "end"]);
      expect(line.ends().at(-1)?.reason).toBe("RELEASE_SPENT");
    }
  });

  test("a store that lost what it had carried before is not believed until it has it again", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.put({ code: "A1", atMs: inOneMoment(line) }).runTo(line.nowMs + 6000);
    line.carriedEntry = line.facts("permit")[0]?.n ?? 0;
    line.release("B1").put({ code: "B1", atMs: line.nowMs + 100 });
    line.runTo(line.nowMs + 6000);
    line.carriedJournal = null;
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    expect(line.where("A1")).toEqual(["out", "end"]);
    expect(line.ends().at(-1)?.reason).toBe("RELEASE_UNREADABLE");
    line.carriedJournal = "journal-1";
    line.release("C1").put({ code: "C1", atMs: line.nowMs + 100 });
    expect(line.runTo(line.nowMs + 6000).where("C1")).toEqual(["out"]);
  });
});

describe("the journal", () => {
  test("nothing is handed to the bus before its entry is durable", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.autoDurable = false;
    line.put({ code: "A1", atMs: at }).runTo(at + 6000);
    expect(line.outputs.filter((output) => output.kind === "permit")).toEqual([]);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.ends()[0]?.reason).toBe("LAW_NOT_WRITTEN");
    expect(line.core.snapshot(0).counts["lateDropped"]).toBe(1);
  });

  test("a full disk sends everything the safe path, and sorting comes back with space", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    line.send({ kind: "storage", state: "full" });
    line.put({ code: "A1", atMs: inOneMoment(line) }).runTo(line.nowMs + 6000);
    expect(line.ends()[0]?.reason).toBe("LAW_STORAGE_FULL");
    line.send({ kind: "storage", state: "ok" });
    line.put({ code: "A2", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    expect(line.where("A2")).toEqual(["out"]);
  });
});

describe("position", () => {
  test("a parcel taken off the belt is lost from the end eye on; those beside it may be strangers, and those around keep their names", () => {
    const line = new LineFixture().warmUp();
    const at = inOneMoment(line);
    for (const [index, code] of ["A0", "A1", "A2", "A3", "A4"].entries())
      line.release(code).put({ code, atMs: at + 330 * index });
    line.runTo(at + 1250);
    const taken = line.parcels.find((parcel) => parcel.code === "A2");
    if (taken !== undefined) taken.where = "end";
    line.runTo(at + 7000);
    expect(line.where("A0")).toEqual(["out"]);
    for (const beside of ["A1", "A3"])
      expect(line.facts("end").find((end) => end.waybill === beside)).toMatchObject({
        reason: "ITEM_NEIGHBOUR_ASTRAY",
      });
    expect(line.where("A4")).toEqual(["out"]);
    expect(line.facts("end").find((end) => end.waybill === "A2")).toMatchObject({
      end: "lost",
      possiblyOutbound: false,
      reason: "ITEM_NOT_SEEN",
    });
  });

  test("a released parcel that was in doubt and is lost ends with what the doubt is, not with customs' word", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at, lengthMm: 900 }).runTo(at + 1000);
    for (const parcel of line.parcels) if (parcel.code === "A1") parcel.where = "end";
    line.runTo(at + 8000);
    expect(line.ends()).toEqual([{ end: "lost", chuteId: null, reason: "ITEM_TOO_LONG" }]);
  });

  test("a parcel put on the belt by hand makes its stretch unknown, and it is nobody", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 600);
    // 300 mm ahead of the released parcel, behind the induction eye: never inducted, never read.
    const front = line.parcels[0]?.frontMm ?? 0;
    line.put({ code: "", atMs: 0, lengthMm: 200, hiddenFrom: [] });
    const extra = line.parcels[1];
    if (extra !== undefined) extra.frontMm = front + 300;
    line.runTo(at + 7000);
    expect(line.where("")).toEqual(["end"]);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("stray").length).toBeGreaterThan(0);
  });

  test("a counter that begins anew: nothing that rode takes another one's name, and what was sent out is spent", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }, { code: "X1", atMs: at + 360 }, { code: "A1", atMs: at + 4000 });
    line.runTo(at + 1450);
    expect(line.facts("lastLook")).toMatchObject([{ go: true }]);
    // The device is away for one pitch, and has counted nothing of it: the second parcel is where the first is taken to be.
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.runTo(at + 1810);
    line.counterMm -= 50_000;
    line.connect();
    line.runTo(at + 12_000);
    expect(line.where("X1")).toEqual(["end"]);
    // The copy of the label finds its release spent.
    expect(line.where("A1")).toEqual(["out", "end"]);
    expect(line.facts("giveBack")).toEqual([]);
    expect(line.facts("end").filter(({ end }) => end === "misdiverted")).toEqual([]);
    expect(line.facts("breach")).toEqual([]);
  });

  /** A parcel of which nobody knows, put down `behindMm` behind the released one's front when that is at 1.6 m. */
  function withOneAddedBehind(behindMm: number): LineFixture {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 400 }).runTo(at + 700);
    line.put({ code: "", atMs: 0, lengthMm: 150 });
    const extra = line.parcels[2];
    if (extra !== undefined) extra.frontMm = (line.parcels[0]?.frontMm ?? 0) - behindMm;
    return line.runTo(at + 9000);
  }

  test("a parcel put right behind a released one makes the eye stay dark for too long: neither leaves", () => {
    const line = withOneAddedBehind(200);
    expect(line.where("")).toEqual(["end"]);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("a parcel put a little behind a released one is a stray: neither leaves", () => {
    const line = withOneAddedBehind(240);
    expect(line.where("")).toEqual(["end"]);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("breach")).toEqual([]);
  });

  test.each([260, 320, 380, 440])(
    "two strangers in a row, and a released parcel %i mm behind: its gate waits for the second one too",
    (gapMm) => {
      const line = new LineFixture().warmUp().release("A1");
      const at = inOneMoment(line);
      line.put({ code: "A1", atMs: at }).runTo(at + 450);
      // What the first makes unknown ends within the second.
      line.put({ code: "", atMs: 0, lengthMm: 60 }, { code: "", atMs: 0, lengthMm: 200 });
      const [released, first, second] = line.parcels;
      if (released === undefined || first === undefined || second === undefined) throw new Error("three parcels");
      second.frontMm = released.frontMm + gapMm + 200;
      first.frontMm = second.frontMm + 180 + 60;
      line.runTo(at + 9000);
      expect(line.where("")).toEqual(["end", "end"]);
    },
  );

  test("an eye that stays dark: what is between it and the eye before may stand, and no gate there goes out", () => {
    const layout = oneGateLayout();
    const [belt] = layout.belts;
    const behind = { ...(belt?.eyes[1] as NonNullable<typeof belt>["eyes"][number]), id: "behind", atUm: 3_400_000 };
    const eyes = [...(belt?.eyes ?? []), behind].sort((a, b) => a.atUm - b.atUm);
    const line = new LineFixture({ ...layout, belts: [{ ...(belt as NonNullable<typeof belt>), eyes }] }).warmUp();
    line.release("A1");
    const at = inOneMoment(line);
    line.put({ code: "X1", atMs: at }, { code: "X2", atMs: at + 360 }, { code: "A1", atMs: at + 720 });
    // The first one sticks in the eye behind the gate; the second stands in front of the gate, where no eye sees it.
    line.runTo(at + 1500).holdAt(3450);
    line.runTo(at + 4000).holdAt(null);
    line.runTo(at + 9000);
    expect(line.facts("breach")).toEqual([]);
    expect([...line.where("X2"), ...line.where("A1")]).toEqual(["end", "end"]);
  });

  test("parcels closer than the proved gap both ride to the safe end", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 200 }).runTo(at + 7000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("two stuck together are longer than a parcel and ride to the safe end", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.put({ code: "A1", atMs: inOneMoment(line), lengthMm: 480 }).runTo(line.nowMs + 7000);
    expect(line.ends()[0]).toMatchObject({ chuteId: "end", reason: "ITEM_TOO_LONG" });
  });

  test("a counter that jumps loses every position on the belt", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 900);
    line.send({ kind: "belt", beltId: "b", stamp: { atNs: line.nowMs * 1e6, count: 77 }, errorNs: 0 });
    line.runTo(at + 7000);
    expect(line.where("A1")).toEqual(["end"]);
  });
});

describe("gates", () => {
  test("a refused command gives the piece back, and the parcel rides on", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.outcome = "refused";
    line.put({ code: "A1", atMs: inOneMoment(line) }).runTo(line.nowMs + 7000);
    expect(line.facts("giveBack").map((entry) => entry.why)).toEqual(["refused"]);
    expect(line.ends()).toEqual([{ end: "arrived", chuteId: "end", reason: "GATE_REFUSED" }]);
  });

  test("a command in doubt is voided, spends its piece and keeps the gate from the next parcel", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    line.outcome = "inDoubt";
    line.gateMoves = false;
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 400 }).runTo(at + 3000);
    expect(line.outputs.some((output) => output.kind === "withdraw" && output.gateId === "g1")).toBe(true);
    expect(line.facts("lastLook").filter((look) => look.go)).toHaveLength(1);
    line.runTo(at + 7000);
    expect(line.where("A2")).toEqual(["end"]);
  });

  test("an outcome that comes when the parcel is past every eye still leaves it with one end", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.outcome = "none";
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at, hiddenFrom: ["last"] }).runTo(at + 2950);
    line.send({ kind: "command", id: line.facts("permit")[0]?.n ?? 0, outcome: "refused" });
    line.runTo(at + 8000);
    expect(line.facts("end")).toHaveLength(1);
    expect(line.core.snapshot(0).belts[0]?.items).toEqual([]);
  });

  test("a permitted parcel whose chute's eye speaks too late is a late arrival and no breach", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at, hiddenFrom: ["out-eye"] }).runTo(at + 3500);
    // That customs had released it does not say why nobody saw it arrive.
    expect(line.ends()).toEqual([{ end: "divertedUnseen", chuteId: "out", reason: "CHUTE_EYE_SILENT" }]);
    const stamp = { atNs: line.nowMs * 1e6, count: null };
    line.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
    expect(line.facts("breach")).toEqual([]);
    line.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
    expect(line.facts("breach")).toHaveLength(1);
  });

  test("a gate out without a permit is withdrawn, and stops the belt before a parcel can reach it", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.gateMoves = false;
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 300);
    line.send({ kind: "gate", gateId: "g1", position: "out" });
    line.runTo(at + 1300);
    expect(line.outputs.some((output) => output.kind === "withdraw" && output.gateId === "g1")).toBe(true);
    expect(line.facts("linePermit").filter((entry) => entry.permit === "run")).toMatchObject([
      { permit: "run", allowed: false, why: "GATE_NOT_HOME:g1" },
    ]);
  });

  test("a parcel in an outbound chute that nobody sent there is a breach, and it stays one over a restart", () => {
    const line = new LineFixture().warmUp();
    line.send({
      kind: "eye",
      eyeId: "out-eye",
      edge: "dark",
      after: { atNs: 0, count: null },
      upTo: { atNs: line.nowMs * 1e6, count: null },
    });
    expect(line.facts("breach")).toHaveLength(1);
    expect(line.facts("linePermit").filter((entry) => entry.permit === "run")).toMatchObject([
      { permit: "run", allowed: false },
    ]);
    const again = new LineFixture(line.layout, { entries: line.entries });
    expect(again.core.snapshot(0).belts[0]?.runPermit).toBe(false);
    expect(again.outputs.filter((output) => output.kind === "runPermit").at(-1)).toMatchObject({ allowed: false });
  });
});

describe("a restart", () => {
  test("spends what was reserved, ends every item once, and sorts what comes in after", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }, { code: "A9", atMs: at + 400 }).runTo(at + 1300);
    const again = new LineFixture(line.layout, { entries: line.entries });
    expect(again.facts("end").map((end) => [end.end, end.reason, end.possiblyOutbound])).toEqual([
      ["lost", "ITEM_RESTART", true],
      ["lost", "ITEM_RESTART", false],
    ]);
    again.release("A1").release("A2");
    again.warmUp().put({ code: "A1", atMs: again.nowMs + 100 }, { code: "A2", atMs: again.nowMs + 500 });
    again.runTo(again.nowMs + 7000);
    expect(again.where("A1")).toEqual(["end"]);
    expect(again.where("A2")).toEqual(["out"]);
    expect(again.facts("run")).toMatchObject([{ run: 2, restored: true }]);
    const numbers = [...line.entries, ...again.entries].map((entry) => entry.n);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  test("a parcel that was under way into its chute when the controller died arrives as that parcel, and is no breach", () => {
    const line = new LineFixture().warmUp().release("A1");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at + 1450);
    expect(line.facts("lastLook").map((look) => look.go)).toEqual([true]);
    const again = new LineFixture(line.layout, { entries: line.entries });
    again.runTo(100);
    const stamp = { atNs: again.nowMs * 1e6, count: null };
    again.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
    expect(again.facts("breach")).toEqual([]);
    again.runTo(6000);
    again.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
    expect(again.facts("breach")).toHaveLength(1);
  });

  test("while the belt cannot be seen a telegram names nobody: the follower's code is not the parcel's", () => {
    const line = new LineFixture().warmUp().release("A2");
    const at = inOneMoment(line);
    line.put({ code: "", atMs: at }, { code: "A2", atMs: at + 400 }).runTo(at + 350);
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.runTo(at + 950);
    line.connect();
    line.runTo(at + 8000);
    expect(line.facts("telegram").map((telegram) => telegram.itemId)).toEqual([null]);
    expect(line.where("")).toEqual(["end"]);
    expect(line.facts("permit")).toEqual([]);
  });

  test("a device that comes back has seen nothing meanwhile: what came in then is unknown", () => {
    const line = new LineFixture().warmUp().release("A1").release("A2");
    const at = inOneMoment(line);
    line.put({ code: "A1", atMs: at }).runTo(at - 20);
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.runTo(at + 150);
    line.connect();
    // The first one after it proves that nothing stands on its way.
    line.put({ code: "X", atMs: line.nowMs + 1000 }, { code: "A2", atMs: line.nowMs + 1500 });
    line.runTo(line.nowMs + 8000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.where("A2")).toEqual(["out"]);
    expect(line.facts("breach")).toEqual([]);
  });
});
