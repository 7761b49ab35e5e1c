// The clear gap behind an item that a gate needs, so that it can be out for one parcel and home for the next.
import { driveBlurUm } from "../line/belt-position.ts";
import { eyeErrorUm } from "../line/eye-error.ts";
import type { BeltLayout, GateLayout, LineLayout } from "../line/layout.ts";
import { type DeviceFacts, travelUm } from "./facts.ts";
import { beltEyes, gateErrorUm } from "./position-error.ts";

export interface DemandedGap {
  gateId: string;
  /** Swept zone, and the belt's travel while the gate swings home, rests and swings out again. */
  cycleUm: number;
  /** Travel while the command waits for the bus and is answered. */
  busUm: number;
  /** Errors of the item ahead and of the one behind, and what a belt without encoder may have stopped short of. */
  errorsUm: number;
  /** What the three make together. */
  neededUm: number;
  /**
   * Travel until a poll shows the gate at home, where only that confirms a withdrawal. A gap that is shorter by it breaks
   * nothing: the parcel behind it is refused its gate.
   */
  seenUm: number;
  /** What a late or forgotten command may sweep through, v × (2W + R); null: it is excluded, or not bounded at all. */
  lateUm: number | null;
  /** What the gate sweeps on when its device's program stands while it is out, v × (F + R); null: no program does. */
  stoodUm: number | null;
  /** The greatest of all that must fit, or the parcel behind is in danger: what a permit asks of the gap that was measured. */
  demandedUm: number;
  /** What the infeed has to guarantee, so that nobody is refused a gate that is on its way home. */
  askedUm: number;
}

export function demandedGap(o: {
  layout: Pick<LineLayout, "chutes">;
  belt: BeltLayout;
  gate: GateLayout;
  device: DeviceFacts;
}): DemandedGap {
  const { belt, gate, device } = o;
  const cycleUm = gate.sweptUm + travelUm(belt.speedUmPerS, 2 * gate.travelNs + gate.restNs);
  const busUm = travelUm(belt.speedUmPerS, gate.busNs + device.commandNs);
  const errorsUm = 2 * (gateErrorUm(belt, gate) + driveBlurUm(belt));
  const lateUm = lateSweepUm(belt, gate, device);
  const stoodUm = stoodSweepUm(belt, gate, device);
  const neededUm = cycleUm + busUm + errorsUm;
  const sweptOnUm = leadsOutbound(o.layout, gate) ? Math.max(lateUm ?? 0, stoodUm ?? 0) : 0;
  const demandedUm = Math.max(neededUm, sweptOnUm > 0 ? sweptOnUm + gapReadingUm(belt, gate) + 1 : 0);
  const seenUm = travelUm(belt.speedUmPerS, gate.homeSeenNs ?? 0);
  const askedUm = Math.max(demandedUm, neededUm + seenUm);
  return { gateId: gate.id, cycleUm, busUm, errorsUm, neededUm, seenUm, lateUm, stoodUm, demandedUm, askedUm };
}

/** v × (2W + R): one watchdog time until the device trips, as long again for what its socket held, and the way home. */
export function lateSweepUm(belt: BeltLayout, gate: GateLayout, device: DeviceFacts): number | null {
  if (gate.lateCommand === "excluded" || device.watchdog === null) return null;
  return travelUm(belt.speedUmPerS, 2 * device.watchdog.timeoutNs + gate.travelNs);
}

/**
 * v × (F + R): a program that stands takes no gate home, whatever it judges; its outputs fall by themselves after F, and the
 * gate is home R later. A command that came with the window still open is no different.
 */
export function stoodSweepUm(belt: BeltLayout, gate: GateLayout, { watchdog }: DeviceFacts): number | null {
  const fallNs = watchdog?.outputsFallNs ?? null;
  return fallNs === null ? null : travelUm(belt.speedUmPerS, fallNs + gate.travelNs);
}

/**
 * How much shorter than measured a gap may be when the gate moves: the position errors of the item and of what comes
 * behind it, and the two edges of the item's measured length.
 */
export function gapReadingUm(belt: BeltLayout, gate: GateLayout): number {
  const [induction] = beltEyes(belt);
  return 2 * gateErrorUm(belt, gate) + (induction === undefined ? 0 : 2 * eyeErrorUm(belt, induction));
}

export const leadsOutbound = (layout: Pick<LineLayout, "chutes">, gate: GateLayout): boolean =>
  layout.chutes.some((chute) => gate.chuteIds.includes(chute.id) && chute.zone.kind === "outbound");

/** The gap that a belt's permits ask for: what its most demanding gate needs. */
export function provedGapUm(
  layout: Pick<LineLayout, "chutes">,
  belt: BeltLayout,
  devices: readonly DeviceFacts[],
): number {
  const gaps = belt.gates.map((gate) => {
    const device = devices.find((each) => each.deviceId === gate.deviceId);
    return device === undefined ? 0 : demandedGap({ layout, belt, gate, device }).demandedUm;
  });
  return Math.max(...gaps);
}
