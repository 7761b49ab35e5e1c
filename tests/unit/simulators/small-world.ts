// A small line for tests of the world: one belt of 6 m, one scanner, two gates, and hands on its terminals.
import { listedParcels, type ParcelPlan } from "../../../simulators/world/parcel.ts";
import type { WorldPlan } from "../../../simulators/world/plan.ts";
import { World } from "../../../simulators/world/world.ts";

export const MS = 1_000_000;
export const OUT = "out";
export const HOLD = "hold";

/** Output terminals of device "io". */
export const TERMINAL = { run: 0, infeed: 1, gateOut: 2, gateHold: 3 } as const;
/** Its input terminals. */
export const INPUT = { induction: 0, outEye: 1, gateHome: 2, gateIsOut: 3, driven: 4, outNotFull: 5, last: 6 } as const;

export const smallPlan: WorldPlan = {
  seed: 7,
  stepNs: MS,
  belts: [
    {
      id: "b",
      lengthUm: 6_000_000,
      speedUmPerS: 2_000_000,
      startUpNs: 0,
      coastUm: 500_000,
      encoder: { umPerCount: 1000, bits: 32, startCount: 2 ** 32 - 500 },
      slipUmPerM: 0,
      eyes: [
        { id: "induction", atUm: 200_000 },
        { id: "last", atUm: 5_900_000 },
      ],
      scanners: [{ id: "scan", atUm: 1_000_000, readDelayNs: 50 * MS }],
      gates: [
        { id: "g1", atUm: 3_000_000, sweptUm: 200_000, travelNs: 50 * MS, chuteIds: [OUT] },
        { id: "g2", atUm: 4_500_000, sweptUm: 200_000, travelNs: 50 * MS, chuteIds: [HOLD] },
      ],
      safeEndChuteId: "end",
      startAfterNs: 100 * MS,
    },
  ],
  chutes: [
    {
      id: OUT,
      zone: { kind: "outbound", stream: "express", direction: "import" },
      slideMinNs: 300 * MS,
      slideMaxNs: 300 * MS,
      capacityItems: 2,
    },
    {
      id: HOLD,
      zone: { kind: "storage", stream: "express", direction: "import" },
      slideMinNs: 300 * MS,
      slideMaxNs: 400 * MS,
      capacityItems: null,
    },
    { id: "end", zone: { kind: "abnormal" }, slideMinNs: 0, slideMaxNs: 0, capacityItems: null },
  ],
  devices: [
    {
      id: "io",
      ioWatchdogNs: 200 * MS,
      inputs: [
        { terminal: INPUT.induction, senses: { kind: "eye", eyeId: "induction" } },
        { terminal: INPUT.outEye, senses: { kind: "chuteEye", chuteId: OUT } },
        { terminal: INPUT.gateHome, senses: { kind: "gateHome", gateId: "g1" } },
        { terminal: INPUT.gateIsOut, senses: { kind: "gateOut", gateId: "g1" } },
        { terminal: INPUT.driven, senses: { kind: "beltDriven", beltId: "b" } },
        { terminal: INPUT.outNotFull, senses: { kind: "chuteNotFull", chuteId: OUT } },
        { terminal: INPUT.last, senses: { kind: "eye", eyeId: "last" } },
      ],
      outputs: [
        { terminal: TERMINAL.run, drives: { kind: "runPermit", beltId: "b" } },
        { terminal: TERMINAL.infeed, drives: { kind: "infeedPermit", beltId: "b" } },
        { terminal: TERMINAL.gateOut, drives: { kind: "gate", gateId: "g1", chuteId: OUT } },
        { terminal: TERMINAL.gateHold, drives: { kind: "gate", gateId: "g2", chuteId: HOLD } },
      ],
      counters: [{ counter: 0, beltId: "b" }],
    },
  ],
};

export function parcel(id: string, over: Partial<ParcelPlan> = {}): ParcelPlan {
  return {
    id,
    beltId: "b",
    lengthUm: 200_000,
    pitchUm: 720_000,
    company: "EMS",
    waybill: `W-${id}`,
    otherCodes: [],
    unreadable: false,
    stream: "express",
    direction: "import",
    fate: "withoutRecord",
    copyOf: null,
    statements: [],
    ...over,
  };
}

/** A world with a hand on the terminals: it commits each millisecond, as a PLC does, unless told to stop. */
export function smallWorld(parcels: readonly ParcelPlan[], plan: WorldPlan = smallPlan) {
  const world = new World(plan, new Map([["b", listedParcels(parcels)]]));
  const io = world.terminals("io");
  const hand = {
    world,
    io,
    commits: true,
    set(terminal: number, on: boolean): void {
      io.output(terminal, on);
    },
    /** Moves on until `when` says so, at most `maxMs`; the time at which it did, ns. */
    until(when: () => boolean, maxMs = 20_000): number {
      for (let ms = 0; ms < maxMs; ms += 1) {
        if (hand.commits) io.commit();
        world.advance(world.nowNs + plan.stepNs);
        io.refresh();
        if (when()) return world.nowNs;
      }
      throw new Error(`not within ${maxMs} ms`);
    },
    run(ms: number): void {
      const endNs = world.nowNs + ms * MS;
      hand.until(() => world.nowNs >= endNs, ms + 1);
    },
    frontOf(id: string): number {
      const end = world.truth().parcels.find((one) => one.id === id)?.end;
      return end?.kind === "onBelt" ? end.frontUm : Number.NaN;
    },
    endOf(id: string) {
      return world.truth().parcels.find((one) => one.id === id)?.end;
    },
  };
  hand.set(TERMINAL.run, true);
  hand.set(TERMINAL.infeed, true);
  return hand;
}
