// What a demo comes to: whose miss is the line's, whose the machine's, and what the report says of it.
import { describe, expect, test } from "vitest";
import type { RunReport } from "../../../simulators/world/checkers/report.ts";
import type { RunEvidence } from "../../../src/cli/demo/evidence.ts";
import type { RunFigures } from "../../../src/cli/demo/figures.ts";
import { heldUpParcels } from "../../../src/cli/demo/held-up.ts";
import { demoReport, judgeDemo } from "../../../src/cli/demo/report.ts";
import type { Site } from "../../../src/config/load.ts";

const MS = 1e6;
const none = { count: 0, p50: 0, p99: 0, p999: 0, max: 0 };
const figures: RunFigures = { latencyMs: none, decisionMs: none, releaseToChuteS: none, lateDropped: 0, permits: 100 };

const missed = (...ids: string[]) =>
  ids.map((parcelId) => ({ rule: "delivered", clause: 0, parcelId, detail: "in abnormal" }));

function report(change: Partial<RunReport> = {}): RunReport {
  return {
    ...{ parcels: 10, perChute: {}, removed: 0, onBelt: 0, reasons: {}, ends: {}, unreleasedOutbound: 0, lateHolds: 0 },
    ...{ misdiverted: 0, released: { due: 8, delivered: 8 }, findings: [], missed: [] },
    ...change,
  };
}

const judge = (o: { report: RunReport; late?: string[]; heldUp?: string[]; lateDropped?: number; load?: number }) =>
  judgeDemo({
    ...{ report: o.report, figures: { ...figures, lateDropped: o.lateDropped ?? 0 } },
    ...{
      late: new Set(o.late),
      heldUp: new Set(o.heldUp),
      reasonsOf: (parcelId) => (parcelId === "p1" ? ["LAW_LATE_BEHIND"] : []),
      simulator: { stalls: 1, worstStallMs: 40 },
      loadPerCpu: o.load ?? 0.5,
    },
  });

describe("the verdict", () => {
  test("without a miss: kept", () => {
    expect(judge({ report: report() })).toMatchObject({ verdict: "kept", findings: [] });
  });

  test("a miss that nobody has to answer for is the line's: broken", () => {
    expect(judge({ report: report({ missed: missed("p1") }) })).toMatchObject({ verdict: "broken" });
  });

  test("a miss says what the journal has as its reason, where it has one", () => {
    expect(judge({ report: report({ missed: missed("p1", "p2") }) }).findings).toEqual([
      "delivered: p1 in abnormal; the journal says LAW_LATE_BEHIND",
      "delivered: p2 in abnormal",
    ]);
  });

  test("a miss beside a belt that the machine held up is the machine's, and is told", () => {
    const result = judge({ report: report({ missed: missed("p1", "p2") }), heldUp: ["p1", "p2"] });
    expect(result).toMatchObject({ verdict: "heldUp", findings: [expect.stringContaining("2 released parcels")] });
    expect(demoReport(result)).toMatch(/law was kept.*try again when it has less to do/s);
  });

  test("one miss of the line's beside many of the machine's: broken all the same", () => {
    const result = judge({ report: report({ missed: missed("p1", "p2") }), heldUp: ["p1"] });
    expect(result.verdict).toBe("broken");
  });

  test("a miss on a machine that has far too much to do is broken, and says what may have been the cause", () => {
    const result = judge({ report: report({ missed: missed("p1") }), load: 12.04 });
    expect(result.verdict).toBe("broken");
    expect(demoReport(result)).toContain("12 times as much to do as it can; try again");
    expect(demoReport(judge({ report: report({ missed: missed("p1") }) }))).not.toContain("try again");
    expect(demoReport(judge({ report: report(), load: 12 }))).not.toContain("try again");
  });

  test("a broken clause is never the machine's", () => {
    const findings = [{ rule: "unreleased-outbound", clause: 1, parcelId: "p1", detail: "left" }];
    expect(judge({ report: report({ findings }), heldUp: ["p1"] }).verdict).toBe("broken");
  });

  test("late drops are counted, and more than one in a hundred permits are late", () => {
    expect(judge({ report: report({ missed: missed("p1") }), late: ["p1"], lateDropped: 1 }).verdict).toBe("kept");
    expect(judge({ report: report({ missed: missed("p1") }), late: ["p1"], lateDropped: 2 }).verdict).toBe("late");
  });
});

describe("parcels that the machine held up", () => {
  const line = { belts: [{ id: "counted", encoder: {} }, { id: "clocked" }] };
  const site = { line } as unknown as Pick<Site, "line">;
  const rode = (id: string, beltId: string, o: { fedMs: number; leftMs: number | null }) => ({
    ...{ id, beltId, fedNs: o.fedMs * MS },
    end: o.leftMs === null ? { kind: "onBelt", frontUm: 0 } : { kind: "chute", passedNs: o.leftMs * MS },
  });
  /** The world stood for 3 ms at its 1,000th, for 20 ms at its 2,000th. */
  const pauses = [
    { untilNs: 1003 * MS, totalNs: 3 * MS },
    { untilNs: 2023 * MS, totalNs: 23 * MS },
  ];
  const heldUp = (...parcels: ReturnType<typeof rode>[]) => [
    ...heldUpParcels({ truth: { parcels }, records: { pauses } } as unknown as RunEvidence, site),
  ];

  test("rode then, on a belt that counts by the clock", () => {
    expect(
      heldUp(
        rode("then", "clocked", { fedMs: 1500, leftMs: 2500 }),
        rode("still there", "clocked", { fedMs: 1500, leftMs: null }),
        rode("before", "clocked", { fedMs: 500, leftMs: 1900 }),
        rode("after", "clocked", { fedMs: 2100, leftMs: 3000 }),
      ),
    ).toEqual(["then", "still there"]);
  });

  test("are none on a belt with an encoder, which stands when the belt does", () => {
    expect(heldUp(rode("counted", "counted", { fedMs: 1500, leftMs: 2500 }))).toEqual([]);
  });
});
