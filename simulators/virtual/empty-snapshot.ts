// The picture of a line whose controller is not there at the end of a simulation.
import type { LineSnapshot } from "../../src/line/step.ts";

export const emptySnapshot: LineSnapshot = {
  atNs: 0,
  layoutHash: "",
  belts: [],
  gates: [],
  chutes: [],
  alarms: [],
  counts: {},
  storage: "ok",
};
