// A new line among customs' parcels: nothing leaves until a test parcel has come to each chute, then the line sorts.
import { expect, test } from "vitest";
import { commissioningDeeds } from "../../simulators/virtual/commissioning-deeds.ts";
import { fromCheckpoint } from "../../src/line/checkpoint.ts";
import { createLine } from "../../src/line/core.ts";
import { exampleSite, judgedRun } from "./virtual-run.ts";

const S = 1e9;
/** Parcels far enough apart that a test parcel is alone among test parcels, and the safe end never fills. */
const flows = (["express", "cbec"] as const).map((stream) => ({ weight: 1, stream, direction: "import" as const }));
const plan = { perHour: 1200, traffic: { noReadShare: 0, secondCodeShare: 0, flows } };

test("small-line is commissioned while it carries parcels, and lets them go from then on, over a restart too", () => {
  const site = exampleSite("small-line");
  const deeds = commissioningDeeds(site.layout, { fromNs: 3 * S, everyNs: 10 * S });
  const { run, report, breaches } = judgedRun({
    ...{ site, seed: 1, parcels: 30, plan, mustCommission: true, ...deeds },
    faults: [{ kind: "kill", atNs: 60 * S }],
  });
  expect([report.findings, breaches, run.finished]).toEqual([[], 0, true]);
  expect(run.snapshot.commissioning).toMatchObject({ isComplete: true });
  const proofs = run.entries.flatMap(({ entry }) => (entry.kind === "proof" ? [entry.chuteId] : []));
  expect(proofs.sort()).toEqual(["abnormal", "inspection", "out-cbec", "out-express"]);
  expect(report.reasons["LAW_NOT_COMMISSIONED"]).toBeGreaterThan(3);
  expect(report.perChute["out-express"]).toBeGreaterThan(1);
  expect(report.perChute["out-cbec"]).toBeGreaterThan(1);
});

test("a line whose PLC tracks is commissioned by what the PLC reports, and lets parcels go from then on", () => {
  const example = exampleSite("plc-tracked");
  const site = { ...example, layout: { ...example.layout, commissioning: { plantHash: "a plant" } } };
  const deeds = commissioningDeeds(site.layout, { fromNs: 3 * S, everyNs: 9.5 * S });
  const { run, report, breaches } = judgedRun({
    ...{ site, seed: 4, parcels: 54, plan: { ...plan, perHour: 1800 }, mustCommission: true, ...deeds },
  });
  expect([report.findings, breaches, run.finished]).toEqual([[], 0, true]);
  expect(run.snapshot.commissioning).toMatchObject({ isComplete: true });
  const tests = run.entries.flatMap(({ entry }) => (entry.kind === "testEnd" ? [entry] : []));
  expect(tests.map(({ isProved }) => isProved)).toEqual(site.layout.chutes.map(() => true));
  // The belt's end needs no telegram; every other one was answered.
  const [atEnd, ...sent] = tests;
  expect(atEnd).toMatchObject({ chuteId: "abnormal", firedNs: null, answeredNs: null });
  for (const { firedNs, answeredNs } of sent) expect(answeredNs ?? 0).toBeGreaterThan(firedNs ?? Infinity);
  const outbound = Object.entries(report.perChute).filter(([chuteId]) => chuteId.startsWith("out-"));
  expect(outbound.reduce((sum, [, parcels]) => sum + parcels, 0)).toBeGreaterThan(4);
});

test("a line with a chute that is left keeps everything in", () => {
  const site = exampleSite("small-line");
  const { inputs, incidents } = commissioningDeeds(site.layout, { fromNs: 3 * S, everyNs: 10 * S });
  const { run, report } = judgedRun({
    ...{ site, seed: 2, parcels: 24, plan, mustCommission: true },
    ...{ inputs: inputs.slice(0, -1), incidents: incidents.slice(0, -1) },
  });
  expect(report.findings).toEqual([]);
  expect(run.snapshot.commissioning?.isComplete).toBe(false);
  const left = run.truth.parcels.filter(({ end }) => end.kind === "chute" && end.chuteId.startsWith("out-"));
  expect(new Set(left.map(({ fate }) => fate))).toEqual(new Set(["test"]));
});

test("what a commissioning does is the same in a core that looks at everything, and in one that is cut and restored", () => {
  const site = exampleSite("small-line");
  const deeds = commissioningDeeds(site.layout, { fromNs: 3 * S, everyNs: 10 * S, isCareless: true });
  let inputs = 0;
  const { report } = judgedRun({
    ...{ site, seed: 3, parcels: 20, plan, mustCommission: true, ...deeds },
    core: (o) => {
      const whole = createLine(o);
      const copied = () => fromCheckpoint(JSON.parse(JSON.stringify(whole.checkpoint())));
      let other = createLine({ ...o, state: copied(), looksAtAll: true });
      return {
        ...whole,
        handle(input, atNs) {
          inputs += 1;
          if (inputs % 397 === 0) other = createLine({ ...o, state: copied(), looksAtAll: true });
          const outputs = whole.handle(input, atNs);
          expect(other.handle(input, atNs)).toEqual(outputs);
          return outputs;
        },
      };
    },
  });
  expect(report.findings).toEqual([]);
});
