// The checkers of the law: each is silent on a clean run and speaks on the one thing that it is there for.
import { describe, expect, test } from "vitest";
import { delivered } from "../../../simulators/world/checkers/delivered.ts";
import { viewJournal } from "../../../simulators/world/checkers/journal-view.ts";
import { mixedStreams } from "../../../simulators/world/checkers/mixed-streams.ts";
import { oneEnd } from "../../../simulators/world/checkers/one-end.ts";
import { reportRun } from "../../../simulators/world/checkers/report.ts";
import { spentTwice } from "../../../simulators/world/checkers/spent-twice.ts";
import { trueEnds } from "../../../simulators/world/checkers/true-ends.ts";
import { unaskedSwing } from "../../../simulators/world/checkers/unasked-swing.ts";
import { lateHolds, unreleasedOutbound } from "../../../simulators/world/checkers/unreleased-outbound.ts";
import { writtenBeforeMoved } from "../../../simulators/world/checkers/written-before-moved.ts";
import { wrongChute } from "../../../simulators/world/checkers/wrong-chute.ts";
import { customsSays, Run } from "./checked-run.ts";

const MS = 1_000_000;
const { hold, lift, release } = customsSays;

test("a clean run: nothing to say, and the report counts it", () => {
  const run = new Run();
  run.sendsOut("p1");
  run.ridesToEnd("p2", { fate: "pending", statements: [release({ status: "pending" })] });
  expect(reportRun(run.evidence())).toEqual({
    parcels: 2,
    perChute: { out: 1, end: 1 },
    removed: 0,
    onBelt: 0,
    reasons: { RELEASED: 1, PENDING: 1 },
    ends: { arrived: 2 },
    unreleasedOutbound: 0,
    lateHolds: 0,
    misdiverted: 0,
    released: { due: 1, delivered: 1 },
    findings: [],
    missed: [],
  });
});

describe("unreleased outbound (law 1, 2)", () => {
  const found = (make: (run: Run) => void) => {
    const run = new Run();
    make(run);
    return unreleasedOutbound(run.evidence()).map(({ clause, parcelId }) => ({ clause, parcelId }));
  };

  test("never released", () => {
    expect(found((run) => run.sendsOut("p1", { statements: [] }))).toEqual([{ clause: 1, parcelId: "p1" }]);
    const pending = { statements: [release({ status: "pending" })] };
    expect(found((run) => run.sendsOut("p1", pending))).toEqual([{ clause: 1, parcelId: "p1" }]);
  });

  test("released only after its gate's command", () => {
    const late = { statements: [release({ sentNs: 5001 * MS })] };
    expect(found((run) => run.sendsOut("p1", late, { commandNs: 5000 * MS }))).toEqual([{ clause: 1, parcelId: "p1" }]);
  });

  test("a release taken back before the last look", () => {
    const back = { statements: [release({}), release({ status: "inspect", sentNs: 3000 * MS })] };
    expect(found((run) => run.sendsOut("p1", back))).toEqual([{ clause: 1, parcelId: "p1" }]);
  });

  test("a hold acknowledged before the last look is a breach, one that came later is a late hold", () => {
    const heldAt = (acknowledgedNs: number) => (run: Run) =>
      run.sendsOut(
        "p1",
        { statements: [release({}), hold({ acknowledgedNs })] },
        { commandNs: 5000 * MS, lookNs: 4990 * MS },
      );
    expect(found(heldAt(4990 * MS))).toEqual([{ clause: 2, parcelId: "p1" }]);
    expect(found(heldAt(4991 * MS))).toEqual([]);
    const run = new Run();
    heldAt(4991 * MS)(run);
    expect(lateHolds(run.evidence())).toEqual(["p1"]);
  });

  test("without the line's own word the last look counts as 50 ms before the command", () => {
    const heldAt = (acknowledgedNs: number) => (run: Run) =>
      run.sendsOut("p1", { statements: [release({}), hold({ acknowledgedNs })] }, { commandNs: 5000 * MS });
    expect(found(heldAt(4949 * MS))).toHaveLength(1);
    expect(found(heldAt(4951 * MS))).toEqual([]);
  });

  test("no command at all: the state at the passage counts", () => {
    const run = new Run();
    run.sendsOut("p1", { statements: [release({}), hold({ acknowledgedNs: 5199 * MS })] }, { passedNs: 5200 * MS });
    run.commands.length = 0;
    expect(unreleasedOutbound(run.evidence())).toHaveLength(1);
  });

  test("a lifted hold does not hold, another authority's still does", () => {
    const other = hold({ reference: "H2" });
    expect(found((run) => run.sendsOut("p1", { statements: [release({}), hold({}), lift({})] }))).toEqual([]);
    expect(found((run) => run.sendsOut("p1", { statements: [release({}), hold({}), other, lift({})] }))).toHaveLength(
      1,
    );
  });

  test("unreadable, or read with a second code", () => {
    expect(found((run) => run.sendsOut("p1", { codes: [] }))).toEqual([{ clause: 1, parcelId: "p1" }]);
    expect(found((run) => run.sendsOut("p1", { codes: ["W-p1", "X"] }))).toEqual([{ clause: 1, parcelId: "p1" }]);
  });
});

test("spent twice (law 3): the second parcel on one piece, not the second of two pieces", () => {
  const run = new Run();
  run.sendsOut("p1");
  run.sendsOut("p2", { waybill: "W-p1", copyOf: "p1", statements: [] });
  expect(spentTwice(run.evidence())).toMatchObject([{ clause: 3, parcelId: "p2" }]);
  const two = new Run();
  two.sendsOut("p1", { statements: [release({ pieces: 2 })] });
  two.sendsOut("p2", { waybill: "W-p1", statements: [] });
  expect(spentTwice(two.evidence())).toEqual([]);
});

test("mixed streams (law 4): in an outbound chute and in storage, not at the shared end", () => {
  const run = new Run();
  run.sendsOut("p1", { stream: "cbec" });
  run.sendsOut("p2", { direction: "export" }, { chuteId: "hold", gateId: "g2" });
  run.ridesToEnd("p3", { stream: "cbec" });
  expect(mixedStreams(run.evidence())).toMatchObject([
    { clause: 4, parcelId: "p1" },
    { clause: 4, parcelId: "p2" },
  ]);
});

test("unasked swing (law 5): a gate that went out without a command, once for each", () => {
  const run = new Run();
  run.sendsOut("p1");
  run.swings.push({ gateId: "g1", chuteId: "out", fromNs: 9000 * MS, untilNs: null });
  expect(unaskedSwing(run.evidence())).toMatchObject([{ clause: 5 }]);
  run.swings.push({ gateId: "g2", chuteId: "hold", fromNs: 9000 * MS, untilNs: null });
  expect(unaskedSwing(run.evidence())).toHaveLength(1);
});

test("written before moved (law 7): no entry, another gate's entry, carried out twice, durable too late", () => {
  const withCommand = (change: (run: Run) => void) => {
    const run = new Run();
    run.sendsOut("p1", {}, { commandNs: 5000 * MS });
    change(run);
    return writtenBeforeMoved(run.evidence()).map(({ detail }) => detail);
  };
  const [permit] = (() => {
    const run = new Run();
    run.sendsOut("p1");
    return run.commands.map(({ sequence }) => sequence);
  })();
  expect(withCommand(() => undefined)).toEqual([]);
  const command = { gateId: "g1", atNs: 5000 * MS, lookNs: null };
  expect(withCommand((run) => run.commands.push({ ...command, sequence: 999 }))).toEqual([
    expect.stringMatching(/no permit entry/),
  ]);
  expect(withCommand((run) => run.commands.push({ ...command, sequence: permit ?? 0 }))).toEqual([
    expect.stringMatching(/twice/),
  ]);
  expect(
    withCommand((run) => {
      for (const one of run.commands) one.gateId = "g2";
    }),
  ).toEqual([expect.stringMatching(/permit for gate g1/)]);
  expect(
    withCommand((run) => {
      run.durableNs = 5001 * MS;
    }),
  ).toEqual([expect.stringMatching(/before its entry was durable/)]);
});

test("wrong chute (law 7, 8): without a permit, with another parcel's, and a copy on a used one", () => {
  const run = new Run();
  run.sendsOut("p1");
  run.sendsOut("p2", {}, { isPermitted: false });
  run.sendsOut("p3", {}, { isPermitted: false, chuteId: "hold", gateId: "g2" });
  run.sendsOut("p4", { waybill: "W-p1", copyOf: "p1" }, { isPermitted: false });
  expect(wrongChute(run.evidence())).toMatchObject([
    { clause: 7, parcelId: "p2" },
    { clause: 8, parcelId: "p3" },
    { clause: 7, parcelId: "p4" },
  ]);
});

test("one end (law 9): two ends, none at the end of the run, and an item too many", () => {
  const run = new Run();
  run.sendsOut("p1");
  run.journal.push({ ...run.journal.at(-1), n: 900 });
  expect(oneEnd(run.evidence())).toMatchObject([{ clause: 9, detail: "item 1 has 2 ends" }]);
  const lost = new Run();
  lost.sendsOut("p1");
  lost.journal.push({ n: 901, kind: "item", itemId: 77 });
  expect(oneEnd({ ...lost.evidence(), isComplete: false })).toMatchObject([
    { detail: expect.stringMatching(/one parcel was taken for two/) as string },
  ]);
  expect(oneEnd(lost.evidence())).toHaveLength(2);
});

test("true ends (law 9): the journal saw it in one chute, it lies in another or was taken off", () => {
  const run = new Run();
  run.sendsOut("p1", {}, { claims: "end" });
  run.sendsOut("p2");
  expect(trueEnds(run.evidence())).toMatchObject([
    { parcelId: "p1", detail: "the journal says arrived in end, it is in out" },
  ]);
  const removed = new Run();
  removed.sendsOut("p1", { end: { kind: "removed", atNs: 1, frontUm: 1 } });
  expect(trueEnds(removed.evidence())).toMatchObject([{ parcelId: "p1" }]);
});

test("delivered: a released, readable parcel at the safe end is a miss; one taken off, held, late or copied is not", () => {
  const run = new Run();
  run.ridesToEnd("miss");
  run.ridesToEnd("dumb", { codes: [] });
  run.ridesToEnd("held", { statements: [release({}), hold({})] });
  run.ridesToEnd("late", { statements: [release({ sentNs: 4000 * MS })] });
  run.ridesToEnd("copied");
  run.ridesToEnd("copy", { copyOf: "copied" });
  run.ridesToEnd("gone", { end: { kind: "removed", atNs: 1, frontUm: 1 } });
  run.sendsOut("good");
  expect(delivered(run.evidence())).toMatchObject({ due: 2, delivered: 1, missed: [{ parcelId: "miss" }] });
});

test("delivered: a parcel whose belt leads to no chute for it is nobody's miss", () => {
  const run = new Run();
  run.ridesToEnd("a stranger on this belt");
  const evidence = run.evidence();
  const onBelts = (beltIds: readonly string[]) => ({
    ...evidence,
    truth: { ...evidence.truth, chutes: evidence.truth.chutes.map((chute) => ({ ...chute, beltIds })) },
  });
  expect(delivered(onBelts(["another"]))).toMatchObject({ due: 0, missed: [] });
  expect(delivered(onBelts(["another", "b"]))).toMatchObject({ due: 1, delivered: 0 });
});

test("the journal's lines are judged, not believed: a broken entry is named", () => {
  expect(() => viewJournal([{ kind: "permit", n: 5, itemId: 1, gateId: "g1" }])).toThrow(
    /permit 5: chuteId is not a text/,
  );
  expect(() => viewJournal([7])).toThrow(/not a JSON object/);
  expect(viewJournal([{ kind: "segment" }, { kind: "checkpoint" }]).permits.size).toBe(0);
});
