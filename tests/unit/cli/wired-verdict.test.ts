// A wired run is judged: which released parcels missed their chute because the machine was held up, and which for no such reason.
import { expect, test } from "vitest";
import type { RigStatus } from "../../../simulators/wired/rig-messages.ts";
import { reasonsOfParcels } from "../../../src/cli/demo/reasons-of-parcels.ts";
import { judgeWired } from "../../../src/cli/simulate/wired/wired-verdict.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { Run } from "../simulators/checked-run.ts";

const S = 1e9;
/** No fault was played: the line counts as settled before. */
const FED_NS = 15 * S;

type Fields = Record<string, unknown>;

const entriesOf = (run: Run, more: readonly Fields[] = []): LineEntry[] =>
  [...run.journal, ...more].map((fields, index) => ({
    ...{ atNs: 20 * S, refusals: [], looks: [] },
    ...fields,
    n: index < run.journal.length ? fields["n"] : 90 + index,
  })) as never;

const telegram = (codes: string[], of: { itemId: number | null; spoiled?: number[] }): Fields => ({
  ...{ kind: "telegram", scannerId: "scan", result: "codes", codes },
  ...{ spoiled: [], ...of },
});

const end = (itemId: number, reason: string, waybill: string | null = null): Fields => ({
  ...{ kind: "end", itemId, end: "arrived", chuteId: "end", possiblyOutbound: false, reason, waybill },
});

/** Three released parcels come after everything had settled: one is sent out, two ride to the safe end. */
function twoMissed(ends: (run: Run) => Fields[], heldUp: readonly string[]) {
  const run = new Run();
  run.sendsOut("p1", { fedNs: FED_NS }, { commandNs: 20 * S, passedNs: 20.2 * S });
  run.sendsOut("p2", { fedNs: FED_NS + 1 }, { commandNs: 22 * S, passedNs: 22.2 * S });
  run.sendsOut("p3", { fedNs: FED_NS + 2 }, { commandNs: 24 * S, passedNs: 24.2 * S });
  for (const id of ["p4", "p5"]) run.ridesToEnd(id, { fedNs: FED_NS + 3 });
  const own = ["W-p4", "W-p5"];
  const kept = run.journal.filter((entry) => entry["kind"] !== "end" || !own.includes(entry["waybill"] as string));
  run.journal.splice(0, run.journal.length, ...kept);
  const entries = entriesOf(run, ends(run));
  const evidence = run.evidence();
  const arrivals = run.commands.map(({ gateId, atNs, sequence }) => ({
    ...{ deviceId: "io", gateId, atNs, sequence },
    ...{ verdict: 1, count: null },
  }));
  return judgeWired({
    ...{ seed: 1, epochNs: 0n, overNs: BigInt(60 * S), planned: [], finished: true, exitCode: 0 },
    evidence: {
      ...evidence,
      entries,
      worldNs: ({ atNs }) => atNs,
      records: { arrivals, telegrams: [], lost: 0, pauses: [], befallen: {} },
    },
    status: { atNs: 60 * S, stalls: 0, worstStallMs: 0 } as RigStatus,
    faults: { played: [], counts: {} },
    heldUp: new Set(heldUp),
  });
}

test("a telegram that was held back and names the next parcel too: both of them miss their chute because of the machine", () => {
  const conflict = (): Fields[] => [
    telegram(["W-p4", "W-p5"], { itemId: 5 }),
    end(4, "NO_READ"),
    end(5, "READ_CONFLICT"),
  ];
  const judged = twoMissed(conflict, ["READ_CONFLICT"]);
  expect(judged).toMatchObject({ violations: [], failures: [], heldUpAfterwards: 2, dueAfterwards: 5 });
  // A machine of which nothing is known brings nothing about.
  const failure = "no recovery: 2 released parcels missed their chute after the last fault";
  expect(twoMissed(conflict, [])).toMatchObject({ failures: [failure], heldUpAfterwards: 0 });
});

test("a parcel whose own end says why is not excused by a conflict of its neighbour", () => {
  const judged = twoMissed(
    () => [telegram(["W-p4", "W-p5"], { itemId: 5 }), end(4, "ITEM_NOT_SEEN", "W-p4"), end(5, "READ_CONFLICT")],
    ["READ_CONFLICT"],
  );
  expect(judged.failures).toEqual(["no recovery: 1 released parcels missed their chute after the last fault"]);
  expect(judged).toMatchObject({ heldUpAfterwards: 1 });
});

test("reasons of a parcel: of its own name, else of each nameless item that its telegrams named or spoiled, else of nobody", () => {
  const entries = [
    ...[telegram(["OWN"], { itemId: 1 }), end(1, "RELEASED", "OWN")],
    ...[telegram(["SPOILS"], { itemId: null, spoiled: [2, 3] }), end(2, "READ_CONFLICT"), end(3, "INSPECT", "OTHER")],
    telegram(["STRAY"], { itemId: null }),
    telegram(["TAKEN"], { itemId: 3 }),
    telegram(["]C0LABEL"], { itemId: 2 }),
  ] as unknown as LineEntry[];
  const reasonsOf = reasonsOfParcels(entries);
  const of = (waybill: string, codes: string[] = []): readonly string[] =>
    reasonsOf({ waybill, reads: [{ scannerId: "scan", atNs: 0, codes }] });
  expect(of("OWN")).toEqual(["RELEASED"]);
  expect(of("SPOILS")).toEqual(["READ_CONFLICT"]);
  expect(of("STRAY")).toEqual(["SCANNER_STRAY_TELEGRAM"]);
  expect(of("TAKEN")).toEqual([]);
  expect(of("LABEL", ["]C0LABEL"])).toEqual(["READ_CONFLICT"]);
  expect(of("NEVER-READ")).toEqual([]);
});
