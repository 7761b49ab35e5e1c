// The whole line in virtual time with a PLC that tracks: what leaves, what stays, and what its troubles may not do.
import { describe, expect, test } from "vitest";
import type { Tracker } from "../../simulators/wired/plc/tracker.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import { replayJournal } from "../../src/replay/replay.ts";
import { howOften } from "../how-often.ts";
import { folderOf } from "./resealed.ts";
import { SMALL, same } from "./small-segments.ts";
import { drawnFaults, exampleSite, type JudgedRun, judgedRun } from "./virtual-run.ts";

const site = exampleSite("plc-tracked");
const S = 1e9;

const facts = <K extends LineEntry["kind"]>({ run }: JudgedRun, kind: K): Extract<LineEntry, { kind: K }>[] =>
  run.entries.flatMap(({ entry }) => (entry.kind === kind ? [entry as Extract<LineEntry, { kind: K }>] : []));

const trouble = (atS: number, make: (tracker: Tracker) => void) => ({ atNs: atS * S, deviceId: "plc1", make });

const during = (fromS: number, forS: number, make: (tracker: Tracker, isOn: boolean) => void) => [
  trouble(fromS, (tracker) => make(tracker, true)),
  trouble(fromS + forS, (tracker) => make(tracker, false)),
];

describe("without faults", () => {
  test.each(howOften({ usually: [1], long: [1, 2, 3] }))(
    "seed %i: every released, readable parcel is in its chute, and the law is kept",
    (seed) => {
      const judged = judgedRun({ site, seed, parcels: 60 });
      const { run, report, breaches } = judged;
      expect(run.finished).toBe(true);
      expect(report.findings).toEqual([]);
      expect(report.missed).toEqual([]);
      expect(report.released.due).toBeGreaterThan(30);
      expect(breaches).toBe(0);
      expect(run.snapshot.belts.flatMap(({ items }) => items)).toEqual([]);
      // No gate of the belt was ever told to move: its PLC moves them.
      expect(facts(judged, "gate")).toEqual([]);
      expect(facts(judged, "item").every(({ trackingId }) => trackingId !== undefined)).toBe(true);
    },
  );

  test("the journal can be decided again", () => {
    const { run } = judgedRun({ site, seed: 4, parcels: 30, journalLimits: SMALL });
    const replayed = replayJournal({ folder: folderOf(run.disk), fromRun: null });
    expect(replayed).toMatchObject({ ...same, checkpoints: { different: 0 } });
    expect(replayed.decisions).toBeGreaterThan(20);
  });
});

describe("with faults drawn from the seed", () => {
  test.each(howOften({ usually: [16, 31], long: [10, 15, 16, 24, 31, 57, 73, 148] }))(
    "seed %i: nothing of the law is broken, and the line sorts on",
    (seed) => {
      const faults = drawnFaults(seed, site);
      const { run, report, breaches, missedAfterwards } = judgedRun({
        ...{ site, seed, parcels: 60, faults },
        journalLimits: SMALL,
      });
      const said = `seed ${seed}: ${JSON.stringify(faults)}`;
      expect(report.findings, said).toEqual([]);
      expect(breaches, said).toBe(0);
      expect(run.finished, said).toBe(true);
      expect(missedAfterwards, said).toEqual([]);
      const replayed = replayJournal({ folder: folderOf(run.disk), fromRun: null });
      expect(replayed.difference, said).toBeNull();
    },
  );
});

describe("trouble in the PLC's tracking", () => {
  test("it says no verdict for a while: telegrams go out again under their number, each is acted upon once", () => {
    const trackerTrouble = during(6, 4, (tracker, isOn) => {
      tracker.trouble.isMute = isOn;
    });
    const judged = judgedRun({ site, seed: 21, parcels: 60, trackerTrouble });
    expect(judged.report.findings).toEqual([]);
    expect(judged.breaches).toBe(0);
    const looks = facts(judged, "lastLook").filter(({ go }) => go);
    expect(looks.length).toBeGreaterThan(new Set(looks.map(({ permit }) => permit)).size);
    const sequences = judged.run.arrivals.map(({ sequence }) => sequence);
    expect(sequences.length).toBe(new Set(sequences).size);
  });

  test("it looks at no telegram for a while: those parcels ride to the safe end, and pieces are free again", () => {
    const trackerTrouble = during(6, 4, (tracker, isOn) => {
      tracker.trouble.isDeaf = isOn;
    });
    const judged = judgedRun({ site, seed: 22, parcels: 60, trackerTrouble });
    expect(judged.report.findings).toEqual([]);
    expect(judged.breaches).toBe(0);
    expect(facts(judged, "end").some(({ reason }) => reason === "DESTINATION_UNANSWERED")).toBe(true);
  });

  test("it starts anew without a word and knows nobody: all of them are recalled, nobody is sent by another's number", () => {
    const trackerTrouble = [trouble(8, (tracker) => tracker.forget(9))];
    const judged = judgedRun({ site, seed: 23, parcels: 60, trackerTrouble });
    expect(judged.run.finished).toBe(true);
    expect(judged.report.findings).toEqual([]);
    expect(judged.breaches).toBe(0);
    expect(facts(judged, "alarm").some(({ code }) => code === "PLC_FORGOT_PARCELS")).toBe(true);
    expect(judged.report.released.delivered).toBeGreaterThan(judged.report.released.due / 2);
  });

  test("it writes each report twice: one item and one end for each parcel", () => {
    const trackerTrouble = [
      trouble(0.1, (tracker) => {
        tracker.trouble.reportsTwice = true;
      }),
    ];
    const judged = judgedRun({ site, seed: 24, parcels: 40, trackerTrouble });
    expect(judged.report.findings).toEqual([]);
    expect(judged.report.missed).toEqual([]);
    expect(judged.breaches).toBe(0);
  });

  test("it diverts a parcel elsewhere and says so: the journal knows it, and an outbound chute is a breach", () => {
    const trackerTrouble = [
      trouble(8, (tracker) => {
        tracker.trouble.misdivertsNext = true;
      }),
    ];
    const judged = judgedRun({ site, seed: 25, parcels: 40, trackerTrouble });
    const misdiverted = facts(judged, "end").filter(({ end }) => end === "misdiverted");
    expect(misdiverted).toHaveLength(1);
    expect(judged.breaches).toBe(misdiverted.filter(({ possiblyOutbound }) => possiblyOutbound).length);
  });
});

describe("a hold while the parcel rides to its destination", () => {
  test.each(howOften({ usually: [31], long: [31, 32, 33] }))(
    "seed %i: recalled in time, or a late hold; never a breach",
    (seed) => {
      const faults = Array.from({ length: 8 }, (_, i) => ({
        atNs: (5 + 2 * i) * S,
        kind: "holdRiding" as const,
        beltId: "belt1",
        atUm: 2_300_000 + 400_000 * i,
      }));
      const judged = judgedRun({ site, seed, parcels: 60, faults });
      expect(judged.report.findings).toEqual([]);
      expect(judged.breaches).toBe(0);
      expect(
        facts(judged, "withdraw").some(({ trackingId, why }) => trackingId !== undefined && why === "RECALLED"),
      ).toBe(true);
    },
  );
});
