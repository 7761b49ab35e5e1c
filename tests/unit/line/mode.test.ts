// The table of modes: each by itself, the order of weight among them, and what each allows, over every combination.
import fc from "fast-check";
import { expect, test } from "vitest";
import { infeedHeldBy, MODES, type ModeFacts, modeOf, permitRefusedBy } from "../../../src/line/mode.ts";

const well: ModeFacts = {
  unsafe: [],
  isManual: false,
  hasRunPermit: true,
  moves: true,
  isCleared: true,
  lacks: [],
};

test.each<[string, Partial<ModeFacts>, string]>([
  ["running", {}, "MODE_RUNNING"],
  ["degraded", { lacks: ["plc1", "feed"] }, "MODE_DEGRADED:plc1,feed"],
  ["purging", { isCleared: false, lacks: ["scan1"] }, "MODE_PURGING"],
  ["stopped", { moves: false, isCleared: false }, "MODE_STOPPED"],
  ["stopped", { moves: false, hasRunPermit: false }, "MODE_STOPPED"],
  ["stopping", { hasRunPermit: false }, "MODE_STOPPING"],
  ["manual", { isManual: true, hasRunPermit: false }, "MODE_MANUAL"],
  ["safe", { unsafe: ["SIGNAL_EMERGENCY_STOP", "SIGNAL_NO_AIR"], isManual: true }, "SIGNAL_EMERGENCY_STOP"],
])("%s: %j", (mode, facts, why) => {
  expect(modeOf({ ...well, ...facts })).toEqual({ mode, why });
});

test("whatever the plant says, there is one mode, and what makes it worse never makes it freer", () => {
  const facts = fc.record<ModeFacts>({
    unsafe: fc.subarray(["SIGNAL_EMERGENCY_STOP", "SIGNAL_NO_AIR", "BELT_BLIND"]),
    isManual: fc.boolean(),
    hasRunPermit: fc.boolean(),
    moves: fc.boolean(),
    isCleared: fc.boolean(),
    lacks: fc.subarray(["plc1", "scan1"]),
  });
  const worse: readonly ((f: ModeFacts) => ModeFacts)[] = [
    (f) => ({ ...f, unsafe: [...f.unsafe, "SIGNAL_DRIVE_FAULT"] }),
    (f) => ({ ...f, isManual: true }),
    (f) => ({ ...f, isCleared: false }),
    (f) => ({ ...f, lacks: [...f.lacks, "feed"] }),
  ];
  const freedom = (f: ModeFacts): number => MODES.indexOf(modeOf(f).mode);
  fc.assert(
    fc.property(facts, fc.constantFrom(...worse), (f, change) => {
      expect(freedom(change(f))).toBeLessThanOrEqual(freedom(f));
      const { mode, why } = modeOf(f);
      if (f.isManual && f.unsafe.length === 0) expect(permitRefusedBy({ mode, why })).toBe("LAW_MODE_MANUAL");
      if (f.unsafe.some((code) => code.startsWith("SIGNAL_"))) expect(infeedHeldBy(mode)).toBe("MODE_SAFE");
    }),
  );
});
