// A parcel that customs wants back and that nobody has seen since it was let go: it may have left, and people are told.
import { describe, expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";
import { TrackedFixture } from "./tracked-fixture.ts";

/** No chute has an eye at its mouth. */
function blindChutes(): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({ ...belt, eyes: belt.eyes.filter(({ role }) => role !== "chute") }));
  return { ...layout, belts, chutes: layout.chutes.map((chute) => ({ ...chute, eyeId: null })) };
}

const isLocked = ({ core }: Pick<LineFixture, "core">) =>
  core.snapshot(0).chutes.find(({ id }) => id === "out")?.locked;

/** The command for `A1` has just gone out, and its gate could still be called home. */
function justFired(line = new LineFixture(blindChutes()).warmUp()): LineFixture {
  line.release("A1").put({ code: "A1", atMs: line.nowMs + 100 });
  while (line.facts("lastLook").length === 0) line.runTo(line.nowMs + 1);
  return line;
}

/** As above, and then a second parcel is read under its label, which calls it back; its gate does not obey. */
function calledBackForItsLabel(): LineFixture {
  const first = new LineFixture(blindChutes()).warmUp();
  const startMs = first.nowMs;
  const firedAfterMs = justFired(first).nowMs - startMs;
  const line = new LineFixture(blindChutes()).warmUp();
  // Its telegram comes half a second after its front was at the induction eye.
  line.put({ code: "A1", atMs: startMs + 100 }, { code: "A1", atMs: startMs + firedAfterMs + 1 - 500 });
  line.release("A1");
  while (line.facts("lastLook").length === 0) line.runTo(line.nowMs + 1);
  line.gateMoves = false;
  line.runTo(line.nowMs + 3);
  expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["ITEM_LABEL_DUPLICATED"]);
  return line;
}

describe("into a chute without an eye, by a gate that did not obey its withdrawal", () => {
  test("called back by a hold, it is a late hold", () => {
    const line = justFired();
    line.gateMoves = false;
    line.hold("A1").hint("A1");
    expect(line.facts("withdraw").map(({ why }) => why)).toEqual(["RECALLED"]);
    line.runTo(line.nowMs + 4000);
    expect(line.where("A1")).toEqual(["out"]);
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
    expect(isLocked(line)).toBe(true);
  });

  test("called back for a doubt and held after that, it is a late hold", () => {
    const line = calledBackForItsLabel();
    line.hold("A1").hint("A1");
    line.runTo(line.nowMs + 4000);
    expect(line.where("A1")[0]).toBe("out");
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
    expect(isLocked(line)).toBe(true);
  });

  test("called back for a doubt and never held, nobody is asked for it", () => {
    const line = calledBackForItsLabel();
    line.runTo(line.nowMs + 4000);
    expect(line.facts("end").map(({ end }) => end)).toContain("lost");
    expect(line.facts("lateHold")).toEqual([]);
    expect(isLocked(line)).toBe(false);
  });
});

test("called back in time and seen behind its gate, it is no late hold, though nobody sees it after that", () => {
  const line = justFired();
  line.hold("A1").hint("A1");
  line.runTo(line.nowMs + 300);
  for (const parcel of line.parcels) parcel.where = "store";
  line.runTo(line.nowMs + 4000);
  expect(line.ends()).toMatchObject([{ end: "lost" }]);
  expect(line.facts("lateHold")).toEqual([]);
});

test("on its way out when the controller died, and held by the time it is back, it is a late hold without any hint", () => {
  const line = justFired();
  line.runTo(line.nowMs + 60);
  const customs = new LineFixture(line.layout).release("A1").hold("A1");
  const store = { look: (company: string, waybill: string) => customs.lookAt(company, waybill) };
  const next = new LineFixture(line.layout, line, { store });
  expect(next.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
  expect(isLocked(next)).toBe(true);
});

test("recalled by a hold, and lost by the PLC that has not said whether it heard: it is a late hold", () => {
  const line = new TrackedFixture();
  line.answersRecalls = "lost";
  line.how = "lost";
  line.release("A1").put("A1");
  while (line.telegrams.length === 0) line.run(1);
  line.run(20);
  line.hold("A1");
  line.run(5000);
  expect(line.ends()).toMatchObject([{ end: "lost", reason: "PLC_LOST_PARCEL" }]);
  expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
});

describe.each([
  { of: "every entry", isWhole: true },
  { of: "the checkpoint that the last run began with, and its entries", isWhole: false },
])(
  "a parcel that was let go and lost with the belt's position, and slides into its chute after a restart from $of",
  (o) => {
    function lostAtItsGate(): LineFixture {
      const line = justFired(new LineFixture().warmUp());
      while (line.where("A1")[0] === "belt") line.runTo(line.nowMs + 1);
      line.runTo(line.nowMs + 20);
      line.counterMm += 777_777;
      while (line.ends().length === 0) line.runTo(line.nowMs + 1);
      expect(line.ends().at(-1)).toMatchObject({ end: "lost", reason: "ITEM_BELT_UNKNOWN" });
      return line;
    }

    /** It slides already when the counter jumps; so much later the process dies. */
    function restarted({ afterMs }: { afterMs: number }): LineFixture {
      const line = lostAtItsGate();
      line.runTo(line.nowMs + afterMs);
      // Something is said at the end, so that the journal knows how late it is.
      line.send({ kind: "scanner", scannerId: "scan", state: "silent" });
      // What a command's answer has said stands before the rest of what had asked for it.
      return again(line);
    }

    /** The process that wrote the last of these has died, and the next one starts. */
    function again(...runs: LineFixture[]): LineFixture {
      const read = o.isWhole ? runs : runs.slice(-1);
      const entries = read.flatMap((run) => run.entries.toSorted((a, b) => a.n - b.n));
      const checkpoint = o.isWhole ? null : (runs.at(-1)?.checkpointBefore ?? null);
      return new LineFixture(runs[0]?.layout, { entries, checkpoint }, { run: runs.length + 1 });
    }

    test("is no breach there; a second one is", () => {
      const line = restarted({ afterMs: 200 });
      line.edge("out-eye", "dark");
      expect(line.facts("breach")).toEqual([]);
      line.edge("out-eye", "light");
      line.edge("out-eye", "dark");
      expect(line.facts("breach")).toMatchObject([{ chuteId: "out" }]);
    });

    test("is no breach either when the process dies twice; a second one is", () => {
      const line = lostAtItsGate();
      const next = again(line);
      next.runTo(next.nowMs + 100);
      const last = again(line, next);
      last.edge("out-eye", "dark");
      expect(last.facts("breach")).toEqual([]);
      expect(last.facts("lateArrival")).toMatchObject([{ chuteId: "out", itemId: 1, came: true }]);
      last.edge("out-eye", "light");
      last.edge("out-eye", "dark");
      expect(last.facts("breach")).toMatchObject([{ chuteId: "out" }]);
    });

    test("and has arrived when the process dies once more: what comes then is a breach", () => {
      const line = lostAtItsGate();
      const next = again(line);
      next.edge("out-eye", "dark");
      next.edge("out-eye", "light");
      const last = again(line, next);
      last.edge("out-eye", "dark");
      expect(last.facts("breach")).toMatchObject([{ chuteId: "out" }]);
    });

    test("and has arrived before the process died: what comes then is a breach", () => {
      const line = lostAtItsGate();
      line.runTo(line.nowMs + 100);
      line.edge("out-eye", "dark");
      expect(line.facts("lateArrival")).toHaveLength(1);
      line.edge("out-eye", "light");
      const next = again(line);
      next.edge("out-eye", "dark");
      expect(next.facts("breach")).toMatchObject([{ chuteId: "out" }]);
    });

    test("is not waited for any more when that was long ago", () => {
      const line = restarted({ afterMs: 11_000 });
      line.edge("out-eye", "dark");
      expect(line.facts("breach")).toMatchObject([{ chuteId: "out" }]);
    });

    test("is not waited for any more after a restart when its time was over before", () => {
      const line = lostAtItsGate();
      const next = again(line);
      next.runTo(next.nowMs + 5_000);
      expect(next.facts("lateArrival")).toMatchObject([{ chuteId: "out", itemId: 1, came: false }]);
      const last = again(line, next);
      last.edge("out-eye", "dark");
      expect(last.facts("breach")).toMatchObject([{ chuteId: "out" }]);
    });

    test("is waited for after a restart from a checkpoint that was made while it slid, as long as it may slide", () => {
      const line = lostAtItsGate();
      const checkpoint = line.core.checkpoint();
      const made = line.entries.length;
      const goOn = (afterMs: number): LineFixture => {
        line.runTo(line.nowMs + afterMs);
        line.send({ kind: "scanner", scannerId: "scan", state: line.nowMs % 2 === 0 ? "silent" : "up" });
        return new LineFixture(line.layout, { entries: line.entries.slice(made), checkpoint }, { run: 2 });
      };
      const next = goOn(201);
      next.edge("out-eye", "dark");
      expect(next.facts("breach")).toEqual([]);
      const late = goOn(11_000);
      late.edge("out-eye", "dark");
      expect(late.facts("breach")).toMatchObject([{ chuteId: "out" }]);
    });
  },
);

describe("what nobody waits for while the controller runs is not waited for after a restart either", () => {
  const restarted = (line: LineFixture): LineFixture =>
    new LineFixture(line.layout, { entries: line.entries.toSorted((a, b) => a.n - b.n) }, { run: 2 });

  test("it missed its gate, was seen behind it, and then lost", () => {
    const line = new LineFixture().warmUp().release("A1");
    line.put({ code: "A1", atMs: line.nowMs + 100, bounces: true, hiddenFrom: ["last", "past2"] });
    line.runTo(line.nowMs + 6000);
    expect(line.ends().at(-1)).toMatchObject({ end: "lost", reason: "GATE_MISSED_ITEM" });
    const next = restarted(line);
    next.edge("out-eye", "dark");
    expect(next.facts("breach")).toMatchObject([{ chuteId: "out" }]);
  });

  test("it was called back for a hold, and lost with the belt's position", () => {
    const line = justFired(new LineFixture().warmUp());
    line.hold("A1").hint("A1");
    line.runTo(line.nowMs + 2);
    line.counterMm += 777_777;
    while (line.ends().length === 0) line.runTo(line.nowMs + 1);
    const next = restarted(line);
    next.edge("out-eye", "dark");
    expect(next.facts("breach")).toMatchObject([{ chuteId: "out" }]);
  });
});
