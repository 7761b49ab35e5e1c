// A plant that misbehaves: the inputs of a recorded run, with what no plant should do put between, in place of or on top.
import fc from "fast-check";
import { simulate } from "../../simulators/virtual/simulate.ts";
import type { Site } from "../../src/config/load.ts";
import type { LineCommand } from "../../src/line/command.ts";
import { createLine } from "../../src/line/core.ts";
import { SIGNAL_NAMES } from "../../src/line/layout.ts";
import type { Look, ReleasePort } from "../../src/line/release.ts";
import type { CommandOutcome, LineInput, PlcReport } from "../../src/line/step.ts";

export interface PlantInput {
  atNs: number;
  input: LineInput;
}

export interface PlantRecording {
  /** What the plant said of itself; what answers the core's own outputs is left to whoever plays it. */
  inputs: readonly PlantInput[];
  /** The last word of customs on each parcel that was asked for, by `company/waybill`. */
  looks: ReadonlyMap<string, Look>;
}

export function recordPlant(site: Site, o: { seed: number; parcels: number }): PlantRecording {
  const inputs: PlantInput[] = [];
  const looks = new Map<string, Look>();
  simulate({
    ...{ site, seed: o.seed, parcels: o.parcels, limitNs: 120e9 },
    core(options) {
      const releases: ReleasePort = {
        look(company, waybill) {
          const look = options.releases.look(company, waybill);
          looks.set(`${company}/${waybill}`, look);
          return look;
        },
      };
      const core = createLine({ ...options, releases });
      return {
        ...core,
        handle(input, atNs) {
          if (!ANSWERS.includes(input.kind)) inputs.push({ atNs, input });
          return core.handle(input, atNs);
        },
      };
    },
  });
  return { inputs, looks };
}

const ANSWERS: readonly LineInput["kind"][] = ["durable", "lastLook", "command", "withdrawal", "wake"];

/** One thing that goes wrong, at a share of the recording, 0..1. */
export interface Oddity {
  at: number;
  what:
    | { kind: "input"; input: LineInput }
    /** An edge where the belt is now, or a little off. */
    | { kind: "edge"; eyeId: string; edge: "dark" | "light"; offCounts: number }
    | { kind: "lose"; inputs: number }
    /** Eyes say nothing of their next edges. */
    | { kind: "hide"; edges: number }
    | { kind: "repeat" }
    /** The counter goes on from elsewhere. */
    | { kind: "jump"; counts: number }
    | { kind: "stand"; inputs: number }
    | { kind: "customs"; word: number }
    | { kind: "silence"; isSilent: boolean }
    | { kind: "answers"; outcome: CommandOutcome | "none" }
    | { kind: "disk"; isStalled: boolean };
}

/** @param o.waybills that are read in the recording */
export function oddities(site: Site, o: { waybills: readonly string[] }): fc.Arbitrary<Oddity[]> {
  const what = fc.oneof(
    inputs(site, o.waybills).map((input) => ({ kind: "input" as const, input })),
    commands(site).map((input) => ({ kind: "input" as const, input })),
    fc.record({
      kind: fc.constant("edge" as const),
      eyeId: fc.constantFrom(...site.layout.belts.flatMap(({ eyes }) => eyes.map(({ id }) => id)), "nobody's"),
      edge: fc.constantFrom("dark" as const, "light" as const),
      offCounts: fc.integer({ min: -40, max: 40 }),
    }),
    fc.record({ kind: fc.constant("lose" as const), inputs: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ kind: fc.constant("hide" as const), edges: fc.integer({ min: 1, max: 4 }) }),
    fc.constant({ kind: "repeat" as const }),
    fc.record({ kind: fc.constant("jump" as const), counts: fc.integer({ min: -3000, max: 3000 }) }),
    fc.record({ kind: fc.constant("stand" as const), inputs: fc.integer({ min: 50, max: 800 }) }),
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("customs" as const), word: fc.nat(1000) }) },
    fc.record({ kind: fc.constant("silence" as const), isSilent: fc.boolean() }),
    fc.record({
      kind: fc.constant("answers" as const),
      outcome: fc.constantFrom(
        "done" as const,
        "notSent" as const,
        "refused" as const,
        "inDoubt" as const,
        "tooLate" as const,
        "unknownParcel" as const,
        "none" as const,
      ),
    }),
    fc.record({ kind: fc.constant("disk" as const), isStalled: fc.boolean() }),
  );
  return fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), what }), { maxLength: 40 });
}

function inputs({ layout, line }: Site, waybills: readonly string[]): fc.Arbitrary<LineInput> {
  const scannerId = fc.constantFrom(...line.scanners.map(({ id }) => id));
  const deviceId = fc.constantFrom(...line.devices.map(({ id }) => id));
  const gateId = fc.constantFrom(...layout.belts.flatMap(({ gates }) => gates.map(({ id }) => id)));
  const signals = layout.belts.flatMap((belt) => SIGNAL_NAMES.flatMap((name) => belt.signals[name]?.inputId ?? []));
  const full = layout.chutes.flatMap(({ fullInputId }) => fullInputId ?? []);
  return fc.oneof(
    fc.record({ kind: fc.constant("device" as const), deviceId, connected: fc.boolean(), armed: fc.boolean() }),
    fc.record({
      kind: fc.constant("signal" as const),
      inputId: fc.constantFrom(...signals, ...full, "nobody's"),
      value: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("scanner" as const),
      scannerId,
      state: fc.constantFrom("up" as const, "down" as const, "silent" as const),
    }),
    fc.record({
      kind: fc.constant("gate" as const),
      gateId,
      position: fc.constantFrom("home" as const, "out" as const, "between" as const, "unknown" as const),
    }),
    fc.record({
      kind: fc.constant("storage" as const),
      state: fc.constantFrom("ok" as const, "slow" as const, "full" as const),
    }),
    fc.record({
      kind: fc.constant("withdrawal" as const),
      id: fc.nat(300),
      outcome: fc.constantFrom("done" as const, "inDoubt" as const, "tooLate" as const, "unknownParcel" as const),
    }),
    reports(layout),
    fc.record({ kind: fc.constant("lastLook" as const), id: fc.nat(300) }),
    fc
      .constantFrom("a", "b")
      .map((name) => ({ kind: "layout" as const, layout: { ...layout, hash: `${layout.hash}-${name}` } })),
    fc.record({
      kind: fc.constant("telegram" as const),
      scannerId,
      telegram: fc.array(fc.constantFrom(...waybills, "?"), { maxLength: 3 }).map((texts) => ({
        kind: texts.length === 0 ? ("noRead" as const) : ("codes" as const),
        codes: texts.map((text) => ({ text, symbology: null })),
        rawHex: "",
        ...{ firstByteNs: 0, lastByteNs: 0, arrivedAfterNs: 0 },
      })),
    }),
  );
}

/** Of parcels that are on the belt, or nearly; a belt whose eyes are ours takes none. */
function reports({ belts, chutes }: Site["layout"]): fc.Arbitrary<LineInput> {
  const trackingId = fc.integer({ min: 0x1_0000, max: 0x1_0014 });
  const report: fc.Arbitrary<PlcReport> = fc.oneof(
    fc.record({ kind: fc.constantFrom("came" as const, "passed" as const), trackingId, count: fc.nat(0xffff_ffff) }),
    fc.record({
      kind: fc.constant("ended" as const),
      trackingId,
      how: fc.constantFrom("seen" as const, "unseen" as const, "lost" as const),
      chuteId: fc.constantFrom(null, ...chutes.map(({ id }) => id)),
    }),
    fc.record({ kind: fc.constant("forgot" as const), why: fc.constantFrom("restarted" as const, "missed" as const) }),
  );
  return fc.record({
    kind: fc.constant("report" as const),
    beltId: fc.constantFrom(...belts.map(({ id }) => id)),
    report,
  });
}

function commands({ layout }: Site): fc.Arbitrary<LineInput> {
  const chuteId = fc.constantFrom(...layout.chutes.map(({ id }) => id));
  const beltId = fc.constantFrom(null, ...layout.belts.map(({ id }) => id));
  const gateId = fc.constantFrom(...layout.belts.flatMap(({ gates }) => gates.map(({ id }) => id)));
  const streams = layout.chutes.flatMap(({ alsoFor }) => alsoFor);
  const what: fc.Arbitrary<LineCommand> = fc.oneof(
    fc.record({ command: fc.constantFrom("stopLine" as const, "resumeReady" as const), beltId }),
    fc.record({
      command: fc.constantFrom(
        ...([
          "enableChute",
          "disableChute",
          "containerChanged",
          "lockChute",
          "unlockChute",
          "acknowledgeBreach",
        ] as const),
      ),
      chuteId,
    }),
    fc.record({ command: fc.constant("clearItem" as const), itemId: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ command: fc.constant("gateTested" as const), gateId }),
    fc.record({ command: fc.constant("jogGate" as const), gateId, chuteId }),
    fc.record({ command: fc.constantFrom("leaveChute" as const, "confirmArrival" as const), chuteId }),
    fc.record({
      command: fc.constant("guardChute" as const),
      ...{ chuteId, code: fc.constant("COLINE-TEST-01"), seconds: fc.constant(60) },
    }),
    ...(streams.length === 0
      ? []
      : [
          fc
            .tuple(chuteId, fc.constantFrom(...streams))
            .map(([id, to]) => ({ command: "changeChuteStream" as const, chuteId: id, ...to })),
        ]),
  );
  return fc.tuple(fc.uuid(), what).map(([id, asked]) => ({
    kind: "operator",
    tag: 1,
    request: { id, what: asked, who: "test", roles: ["operator", "officer"], untilNs: 1e15, eventAtMs: 0 },
  }));
}
