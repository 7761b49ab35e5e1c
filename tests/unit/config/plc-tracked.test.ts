// A belt that its PLC tracks: what compiles, what is wired, and each incomplete or unsafe site is refused at its place.
import { describe, expect, test } from "vitest";
import { wiringOf } from "../../../src/config/wiring.ts";
import { checked, edited, exampleTexts, loadedSite } from "./example-site.ts";

const site = "plc-tracked";

describe("the example", () => {
  const loaded = loadedSite(exampleTexts(site));
  const [belt] = loaded.layout.belts;

  test("is proved without a finding", () => {
    expect(checked(exampleTexts(site))).toEqual([]);
  });

  test("says who tracks, how early destinations go out, and where the PLC's word is final", () => {
    expect(belt?.tracker).toEqual({ deviceId: "plc1", aheadNs: 400_000_000 });
    expect(belt?.gates[0]).toMatchObject({ finalUm: 150_000, lateCommand: "excluded", fallsByItself: true });
    expect(belt?.eyes.find(({ role }) => role === "induction")).toMatchObject({
      ...{ sampleNs: 5_000_000, silenceNs: 5_000_000, apartNs: 0 },
    });
  });

  test("wires telegram, status, reports and codes, the chutes' mouths, and none of the belt's eyes", () => {
    const wiring = wiringOf(loaded, "plc1");
    expect(wiring.eyes.map(({ input }) => input)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(wiring.tracker).toMatchObject({ beltId: "belt1", register: 100, slots: 8, safeEndChuteId: "abnormal" });
    expect(wiring.tracker?.codes).toMatchObject({ "out-express-import": 1, "hold-cbec-export": 9 });
    expect(wiringOf(loaded, "permits").tracker).toBeUndefined();
  });

  test("a belt that Coline tracks has neither", () => {
    const other = loadedSite(exampleTexts("common-line"));
    expect(other.layout.belts[0]).not.toHaveProperty("tracker");
    expect(wiringOf(other, "plc1")).not.toHaveProperty("tracker");
  });
});

test.each([
  {
    situation: "tracking without registers for it",
    replace: "    tracker: { register: 100, status: 6, reports: 20, slots: 8, cycleMs: 5, aheadMs: 400 }\n",
    by: "",
    code: "CONFIG_TRACKER_INCOMPLETE",
    path: "belts[0].tracking",
    right: "tracker: {…} in the device",
  },
  {
    situation: "a gate of another kind",
    replace: "drive: { kind: destination, codes: { inspection: 5 }, finalMm: 150 }",
    by: "drive: { kind: coil, coil: 3 }",
    code: "CONFIG_TRACKER_INCOMPLETE",
    path: "belts[0].gates[4].drive.kind",
    right: "destination",
  },
  {
    situation: "destinations on a belt that Coline tracks",
    replace: "    tracking: plc\n",
    by: "",
    code: "CONFIG_TRACKER_INCOMPLETE",
    path: "belts[0].gates[0].drive.kind",
    right: 'mailbox or coil, or tracking: plc on belt "belt1"',
  },
  {
    situation: "one code for two chutes",
    replace: "codes: { inspection: 5 }",
    by: "codes: { inspection: 4 }",
    code: "CONFIG_TRACKER_INCOMPLETE",
    path: "belts[0].gates[4].drive.codes.inspection",
    right: "a code of its own",
  },
  {
    situation: "a chute without a code",
    replace: "codes: { inspection: 5 }",
    by: "codes: {}",
    code: "CONFIG_POSITION_MISSING",
    path: "belts[0].gates[4].drive.codes",
    right: '"inspection: <position code>"',
  },
  {
    situation: "a counter of 16 bits",
    replace: "register: 2, bits: 32",
    by: "register: 3, bits: 16",
    code: "CONFIG_TRACKER_INCOMPLETE",
    path: "belts[0].encoder.bits",
    right: "32",
  },
  {
    situation: "an eye of another device",
    replace: "role: end, atMm: 13800, device: plc1",
    by: "role: end, atMm: 13800, device: permits",
    code: "CONFIG_TRACKER_INCOMPLETE",
    path: "belts[0].eyes[4].device",
    right: '"plc1"',
  },
  {
    situation: "a PLC that would take a telegram only in pieces",
    replace: "    pollMs: 5\n",
    by: "    pollMs: 5\n    writes: single\n",
    code: "CONFIG_WRITES_TOO_MANY",
    path: "belts[0].gates[0].drive.kind",
    right: undefined,
  },
  {
    situation: "an eye whose edges the PLC is to keep for Coline",
    replace: "role: end, atMm: 13800,",
    by: "role: end, atMm: 13800, latch: { register: 90, scanMs: 1 },",
    code: "CONFIG_TRACKER_EYES",
    path: "belts[0].eyes[4].latch",
    right: "no latch",
  },
  {
    situation: "an eye that Coline is to debounce",
    replace: "role: end, atMm: 13800,",
    by: "role: end, atMm: 13800, debounceMs: 5,",
    code: "CONFIG_TRACKER_EYES",
    path: "belts[0].eyes[4].debounceMs",
    right: "a debounce in the PLC's program",
  },
  {
    situation: "an eye by which Coline is to see parcels side by side",
    replace: "role: track, atMm: 2600,",
    by: "role: width, atMm: 200,",
    code: "CONFIG_TRACKER_EYES",
    path: "belts[0].eyes[1].role",
    right: "no such eye, and a PLC that does",
  },
  {
    situation: "reports in the registers of the status",
    replace: "reports: 20,",
    by: "reports: 19,",
    code: "CONFIG_ADDRESS_TWICE",
    path: "devices[0].tracker.reports",
    right: "50 input registers of its own",
  },
  {
    situation: "a PLC that decides later than its gate can move",
    replace: "codes: { inspection: 5 }, finalMm: 150",
    by: "codes: { inspection: 5 }, finalMm: 100",
    code: "CONFIG_LAST_WORD_TOO_LATE",
    path: "belts[0].gates[4].drive.finalMm",
    right: "at least 110, where the PLC's program does so",
  },
  {
    situation: "the run permit on the PLC that may not listen",
    replace: "runPermit: { device: permits, coil: 0, feedback: 0 }",
    by: "runPermit: { device: plc1, coil: 0 }",
    code: "CONFIG_RECALL_NOT_STOPPED",
    path: "belts[0].runPermit.device",
    right: "a run permit on another device with a watchdog",
  },
  {
    situation: "too few slots for a reply that stays out",
    replace: "slots: 8",
    by: "slots: 4",
    code: "CONFIG_REPORTS_TOO_FEW",
    path: "devices[0].tracker.slots",
    right: "6",
  },
  {
    situation: "a destination that is sent before the gap behind the parcel is seen",
    replace: "aheadMs: 400",
    by: "aheadMs: 1200",
    code: "CONFIG_BUDGET_GAP_NOT_SEEN",
    path: "belts[0].gates[0].atMm",
    right: undefined,
  },
  {
    situation: "a gate too near to its station for a telegram and a copy of it",
    replace: "id: g1, atMm: 3200,",
    by: "id: g1, atMm: 1600,",
    code: "CONFIG_BUDGET_GATE_TOO_NEAR",
    path: "belts[0].gates[0].atMm",
    right: undefined,
  },
])("$situation is refused at its place", ({ replace, by, code, path, right }) => {
  const { texts } = edited("line.yaml", replace, by, site);
  const found = checked(texts).filter((problem) => problem.code === code);
  expect(found[0]?.path).toBe(path);
  if (right !== undefined) expect(found[0]?.right).toBe(right);
});

test("a full chute whose parcels would go on to a less strict place is refused here too", () => {
  const to = "to: [hold-express-import] }";
  const { texts } = edited("chutes.yaml", to, "to: [inspection, hold-express-import] }", site);
  expect(checked(texts).map(({ code }) => code)).toContain("CONFIG_OVERFLOW_LOOSER");
});
