// Draws the parcels of a shift: lengths and pitch, streams and carriers, and what customs will say of each.
import type { Fate, ParcelPlan, ParcelSource, StatementPlan } from "./parcel.ts";
import type { Direction, Stream } from "./plan.ts";
import { createRandom, type Random } from "./random.ts";
import { type Carrier, waybillNumber } from "./waybills.ts";

export interface TrafficPlan {
  seed: number;
  beltId: string;
  /** Tells apart the parcels of several belts: parcel k bears waybill number k × `stride` + `first`. */
  first: number;
  stride: number;
  /** Null: no end. */
  parcels: number | null;
  perHour: number;
  /**
   * The rate over the belt's running time, straight lines between the points, the last one kept; left out: `perHour`.
   * @remarks a belt that stands has no running time: what was missed is not made up for
   */
  rates?: readonly { atNs: number; perHour: number }[];
  /** No parcel is made beyond this running time, ns; left out: only `parcels` ends it. */
  untilNs?: number;
  /** How far each pitch may lie from the rate's own, as a share of it, 0..1; left out: not at all. */
  pitchSpread?: number;
  speedUmPerS: number;
  minLengthUm: number;
  maxLengthUm: number;
  /** Clear gap that the infeed guarantees. */
  minGapUm: number;
  /** Share of parcels that no scanner can read, 0..1. */
  noReadShare: number;
  /** Share of parcels with a second waybill on them, 0..1. */
  secondCodeShare: number;
  flows: readonly { weight: number; stream: Stream; direction: Direction }[];
  fates: readonly { weight: number; fate: Fate }[];
  /** Place of a parcel's front at which customs speaks of one that rides, drawn in [from, to], µm. */
  ridingUm: { fromUm: number; toUm: number };
  /** The same for releases alone, one of several ranges by weight; beyond the belt's end it never comes. */
  releasesUm?: readonly { weight: number; fromUm: number; toUm: number }[];
}

/** Half express, half cross-border; most of it released, and some of everything that must not leave. */
export const ORDINARY_SHIFT: Pick<TrafficPlan, "flows" | "fates" | "noReadShare" | "secondCodeShare"> = {
  noReadShare: 0.02,
  secondCodeShare: 0.01,
  flows: [
    { weight: 3, stream: "express", direction: "import" },
    { weight: 2, stream: "express", direction: "export" },
    { weight: 3, stream: "cbec", direction: "import" },
    { weight: 2, stream: "cbec", direction: "export" },
  ],
  fates: [
    { weight: 78, fate: "released" },
    { weight: 5, fate: "releasedRiding" },
    { weight: 2, fate: "heldRiding" },
    { weight: 5, fate: "inspect" },
    { weight: 3, fate: "held" },
    { weight: 3, fate: "pending" },
    { weight: 1, fate: "return" },
    { weight: 2, fate: "withoutRecord" },
    { weight: 1, fate: "copied" },
  ],
};

/** @throws RangeError when the rate leaves no room for the gap behind the longest parcel */
export function createTraffic(plan: TrafficPlan): ParcelSource {
  const most = Math.max(plan.perHour, ...(plan.rates ?? []).map(({ perHour }) => perHour));
  const neededUm = plan.maxLengthUm + plan.minGapUm;
  if (pitchOf(plan, most) < neededUm) {
    const fit = Math.floor((plan.speedUmPerS * 3600) / neededUm);
    throw new RangeError(
      `belt ${plan.beltId}: ${most} parcels an hour need a pitch of ${pitchOf(plan, most)} µm, the longest parcel and ` +
        `its gap take ${neededUm} µm; at most ${fit} an hour fit`,
    );
  }
  const random = createRandom(plan.seed).fork(plan.beltId);
  const spacing = random.fork("spacing");
  const flows = plan.flows.map((flow) => ({ weight: flow.weight, value: flow }));
  const fates = plan.fates.map(({ weight, fate }) => ({ weight, value: fate }));
  let made = 0;
  let copyable: ParcelPlan | null = null;
  let lastLengthUm = 0;
  let atUm = 0;
  const nextPitchUm = (): number => {
    const { rates, pitchSpread = 0 } = plan;
    const atNs = (atUm / plan.speedUmPerS) * 1e9;
    const pitchUm = pitchOf(plan, rates === undefined ? plan.perHour : rateAt(rates, atNs));
    if (pitchSpread === 0) return pitchUm;
    const spreadUm = Math.floor(pitchUm * pitchSpread);
    return Math.max(lastLengthUm + plan.minGapUm, pitchUm + spacing.integer(-spreadUm, spreadUm));
  };
  return {
    next: () => {
      if (made === plan.parcels) return null;
      const pitchUm = nextPitchUm();
      atUm += pitchUm;
      if (plan.untilNs !== undefined && (atUm / plan.speedUmPerS) * 1e9 > plan.untilNs) return null;
      const parcel = drawParcel({ plan, random, index: made, pitchUm, copyable, flows, fates });
      made += 1;
      lastLengthUm = parcel.lengthUm;
      if (parcel.fate === "released" && !parcel.unreadable && parcel.otherCodes.length === 0) copyable = parcel;
      return parcel;
    },
  };
}

const pitchOf = (plan: TrafficPlan, perHour: number): number => Math.floor((plan.speedUmPerS * 3600) / perHour);

/** Straight lines between the points; before the first and after the last their own rate. */
export function rateAt(rates: readonly { atNs: number; perHour: number }[], atNs: number): number {
  const after = rates.findIndex((point) => point.atNs > atNs);
  const next = rates[after];
  const before = rates[after === -1 ? rates.length - 1 : after - 1];
  if (before === undefined || next === undefined) return (before ?? next)?.perHour ?? 1;
  const share = (atNs - before.atNs) / (next.atNs - before.atNs);
  return before.perHour + (next.perHour - before.perHour) * share;
}

interface Draw {
  plan: TrafficPlan;
  random: Random;
  index: number;
  pitchUm: number;
  copyable: ParcelPlan | null;
  /** Those of the plan, to be drawn from. */
  flows: readonly { weight: number; value: { stream: Stream; direction: Direction } }[];
  fates: readonly { weight: number; value: Fate }[];
}

function drawParcel({ plan, random, index, pitchUm, copyable, flows, fates }: Draw): ParcelPlan {
  const { stream, direction } = random.weighted(flows);
  const drawn = random.weighted(fates);
  const fate = drawn === "copied" && copyable === null ? "withoutRecord" : drawn;
  const original = fate === "copied" ? copyable : null;
  const unreadable = random.chance(plan.noReadShare);
  const hasSecondCode = !unreadable && random.chance(plan.secondCodeShare);
  const carrier = original === null ? random.weighted(CARRIERS_OF[stream]) : null;
  // Two numbers a parcel: its own, and one for a second label.
  const number = 2 * (index * plan.stride + plan.first);
  const company = carrier ?? (original as ParcelPlan).company;
  // The same carrier's: a site may rank one carrier's codes above another's, and then there is no contradiction.
  const waybill = carrier === null ? (original as ParcelPlan).waybill : waybillNumber(carrier, number);
  const second = hasSecondCode && carrier !== null ? waybillNumber(carrier, number + 1) : null;
  const owner = { company, waybill, stream: original?.stream ?? stream, direction: original?.direction ?? direction };
  return {
    id: `${plan.beltId}-${index + 1}`,
    beltId: plan.beltId,
    lengthUm: random.integer(plan.minLengthUm, plan.maxLengthUm),
    pitchUm,
    ...owner,
    otherCodes: second === null ? [] : [second],
    unreadable,
    fate,
    copyOf: original?.id ?? null,
    statements: [
      ...statementsFor(fate, owner, spokenAtUm(plan, random, fate)),
      // The second label is a released parcel's too: only that there are two of them may keep this one back.
      ...(second === null ? [] : statementsFor("released", { ...owner, waybill: second }, 0)),
    ],
  };
}

function spokenAtUm(plan: TrafficPlan, random: Random, fate: Fate): number {
  const { releasesUm, ridingUm } = plan;
  const { fromUm, toUm } =
    fate === "releasedRiding" && releasesUm !== undefined
      ? random.weighted(releasesUm.map((range) => ({ weight: range.weight, value: range })))
      : ridingUm;
  return random.integer(fromUm, toUm);
}

const CARRIERS_OF: Readonly<Record<Stream, readonly { weight: number; value: Carrier }[]>> = {
  express: [
    { weight: 2, value: "EMS" },
    { weight: 1, value: "UPS" },
    { weight: 1, value: "FEDEX" },
    { weight: 1, value: "DHL" },
  ],
  cbec: [
    { weight: 4, value: "CAINIAO" },
    { weight: 1, value: "EMS" },
  ],
};

interface Owner {
  company: string;
  waybill: string;
  stream: Stream;
  direction: Direction;
}

/** What customs says in each fate, in order; `frontUm` is where a parcel is when it is spoken of while it rides. */
export function statementsFor(fate: Fate, owner: Owner, frontUm: number): StatementPlan[] {
  const says = (status: "released" | "pending" | "inspect" | "return", at: number | null): StatementPlan => ({
    frontUm: at,
    says: { kind: "release", ...owner, status, pieces: 1 },
  });
  const { company, waybill } = owner;
  const hold = (at: number | null, o: { kind?: "hold" | "lift"; number?: string } = {}): StatementPlan => {
    const { kind = "hold", number = "H" } = o;
    const reference = `${number}-${waybill}`;
    return { frontUm: at, says: { kind, company, waybill, holdKind: "random-control", reference } };
  };
  switch (fate) {
    case "released":
    case "pending":
    case "inspect":
    case "return":
      return [says(fate, null)];
    case "releasedRiding":
      return [says("pending", null), says("released", frontUm)];
    case "heldRiding":
      return [says("released", null), hold(frontUm)];
    case "held":
      return [says("released", null), hold(null)];
    case "partlyLifted": {
      const other = (kind: "hold" | "lift"): StatementPlan => hold(null, { kind, number: "G" });
      // The hold that stands is older than the release, and than the lift of the other.
      return [hold(null), says("released", null), other("hold"), other("lift")];
    }
    case "withoutRecord":
    case "copied":
    case "test":
      return [];
  }
}
