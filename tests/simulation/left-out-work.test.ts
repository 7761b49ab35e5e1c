// What the virtual line and the line core leave out is nothing that anybody could see: the same run, done in full, is
// the same journal, byte for byte, and each input gives the same outputs.
import { expect, test } from "vitest";
import { simulate } from "../../simulators/virtual/simulate.ts";
import type { Simulated, SimulationOptions } from "../../simulators/virtual/simulation.ts";
import type { Site } from "../../src/config/load.ts";
import { fromCheckpoint, toCheckpoint } from "../../src/line/checkpoint.ts";
import { createLine } from "../../src/line/core.ts";
import { howOften } from "../how-often.ts";
import { edited, exampleTexts, loadedSite } from "../unit/config/example-site.ts";
import { drawnFaults, exampleSite } from "./virtual-run.ts";

const LIMIT_NS = 120e9;

/** A scanner before the induction eye, and eyes that are debounced. */
function trackedOtherwise(): Site {
  const { texts } = edited("line.yaml", "role: induction, atMm: 200", "role: induction, atMm: 1700");
  const line = texts["line.yaml"].replace("gapMm: 450", "gapMm: 520");
  return loadedSite({ ...texts, "line.yaml": line.replaceAll(/role: (induction|track|end),/g, "$&debounceMs: 5,") });
}

/** Track and end eyes whose edges the PLC keeps, each in registers of its own. */
function keptEdges(): Site {
  const texts = exampleTexts("common-line");
  let register = 55;
  const latched = texts["line.yaml"].replaceAll(/role: (track|end),/g, (role) => {
    register += 5;
    return `${role} latch: { register: ${register}, scanMs: 1 },`;
  });
  return loadedSite({ ...texts, "line.yaml": latched });
}

const sites = {
  "common-line": exampleSite("common-line"),
  "plain-coils": exampleSite("plain-coils"),
  "tracked otherwise": trackedOtherwise(),
  "plc-tracked": exampleSite("plc-tracked"),
  "kept edges": keptEdges(),
} as const;
const cases = [
  ...(["common-line", "plain-coils"] as const).flatMap((site) =>
    howOften({ usually: [4, 31], long: [4, 16, 31, 57, 73] }).map((seed) => ({ site, seed })),
  ),
  ...howOften({ usually: [4], long: [4, 31] }).map((seed) => ({ site: "tracked otherwise" as const, seed })),
  ...howOften({ usually: [31], long: [4, 31] }).map((seed) => ({ site: "kept edges" as const, seed })),
  ...howOften({ usually: [16], long: [4, 16, 57] }).map((seed) => ({ site: "plc-tracked" as const, seed })),
];

function runOf(o: Partial<Omit<SimulationOptions, "site">> & { site: keyof typeof sites; seed: number }): Simulated {
  const { site, seed, ...rest } = o;
  const faults = drawnFaults(seed, sites[site]);
  return simulate({ parcels: 40, faults, limitNs: LIMIT_NS, ...rest, site: sites[site], seed });
}

const seenOf = (run: Simulated) => ({
  journal: [...run.disk.values()].map(({ bytes }) => bytes.toString("utf8")),
  truth: run.truth,
  arrivals: run.arrivals,
  snapshot: run.snapshot,
});

test.each(cases)(
  "$site, seed $seed: steps and cycles that are left out would have changed nothing",
  ({ site, seed }) => {
    expect(seenOf(runOf({ site, seed }))).toEqual(seenOf(runOf({ site, seed, everyStep: true })));
  },
);

test("parcels that slip on the belt: each is where it would be, had every step been taken", () => {
  const slipping = { site: "common-line", seed: 3, plan: { slipMmPerM: 3 } } as const;
  expect(seenOf(runOf(slipping))).toEqual(seenOf(runOf({ ...slipping, everyStep: true })));
});

test.each(cases)(
  "$site, seed $seed: a core that looks at every parcel says the same to each input",
  ({ site, seed }) => {
    let inputs = 0;
    runOf({
      site,
      seed,
      core: (o) => {
        const core = createLine(o);
        const thorough = createLine({ ...o, state: fromCheckpoint(toCheckpoint(o.state)), looksAtAll: true });
        return {
          ...core,
          handle(input, atNs) {
            inputs += 1;
            const outputs = core.handle(input, atNs);
            expect(outputs, `seed ${seed}, at ${atNs}: ${JSON.stringify(input)}`).toEqual(thorough.handle(input, atNs));
            return outputs;
          },
        };
      },
    });
    expect(inputs).toBeGreaterThan(1000);
  },
);
