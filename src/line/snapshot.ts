// The state as a picture for people: belts, items, gates, chutes, alarms, counts.
import { termsOf } from "./alarms.ts";
import { isJammed } from "./chute-room.ts";
import { errorUm, frontUm } from "./item-position.ts";
import { type BeltLayout, isOwned, type Zone } from "./layout.ts";
import type { Alarm, ChuteState, Item, LineState } from "./state.ts";
import type { AlarmView, CommissioningView, ItemView, LineSnapshot } from "./step.ts";
import { zoneNow } from "./zone-now.ts";

export function snapshot(state: LineState, atNs: number): LineSnapshot {
  const layouts = new Map(state.layout?.belts.map((belt) => [belt.id, belt]) ?? []);
  const zones = new Map(state.layout?.chutes.map((chute) => [chute.id, chute.zone]) ?? []);
  const gateDevices = new Map(state.layout?.belts.flatMap((belt) => belt.gates.map((g) => [g.id, g.deviceId])) ?? []);
  return {
    atNs,
    layoutHash: state.layout?.hash ?? "",
    belts: [...state.belts.values()].map((belt) => ({
      id: belt.id,
      positionUm: belt.positionUm,
      speedUmPerS: belt.speedUmPerS,
      moving: belt.moving,
      runPermit: belt.runPermit,
      stops: [...belt.stops],
      mode: belt.mode.mode,
      modeWhy: belt.mode.why,
      signals: Object.fromEntries(
        Object.entries(layouts.get(belt.id)?.signals ?? {}).map(([name, { inputId }]) => [
          name,
          state.signals.get(inputId) ?? null,
        ]),
      ),
      infeedPermit: belt.infeedPermit,
      items: belt.itemIds.flatMap((id) => {
        const item = state.items.get(id);
        return item === undefined ? [] : [view(state, item, layouts.get(belt.id), belt.positionUm)];
      }),
    })),
    gates: [...state.gates.values()].map((gate) => ({
      id: gate.id,
      position: gate.position,
      armed: state.devices.get(gateDevices.get(gate.id) ?? "")?.armed ?? false,
    })),
    chutes: [...state.chutes.values()].map((chute) => ({
      id: chute.id,
      ...servedBy(zones.get(chute.id), chute),
      arrived: chute.arrived,
      locked: chute.locked,
      full: chute.full,
      blocked: chute.isBlocked,
      jammed: isJammed(chute),
      enabled: chute.enabled,
    })),
    lastJog: state.lastJog,
    commissioning: commissioningView(state, atNs),
    alarms: [...state.alarms].flatMap(([key, alarm]) => alarmView(state, key, alarm)),
    counts: { ...state.counts },
    storage: state.storage,
  };
}

/** Its edges are many, and nobody asks for them much later. */
const LAST_TEST_NS = 60_000_000_000;

function commissioningView({ layout, commissioning }: LineState, atNs: number): CommissioningView | null {
  if (layout?.commissioning === undefined) return null;
  const { plantHash, isComplete, proofs, guard, lastTest } = commissioning;
  return {
    ...{ plantHash, isComplete },
    chutes: layout.chutes.map(({ id }) => ({ chuteId: id, proof: proofs.get(id) ?? null })),
    guard:
      guard === null
        ? null
        : {
            ...{ command: guard.command, chuteId: guard.chuteId, code: guard.code, who: guard.who },
            ...{ forNs: Math.max(0, guard.untilNs - atNs), hasCome: guard.itemId !== null },
          },
    lastTest: lastTest !== null && atNs - lastTest.endedNs < LAST_TEST_NS ? lastTest : null,
  };
}

function servedBy(zone: Zone | undefined, { serves }: ChuteState) {
  if (zone === undefined) return { zone: "?", stream: null, direction: null };
  const now = zoneNow(zone, serves);
  const owner = isOwned(now) ? now : null;
  return { zone: now.kind, stream: owner?.stream ?? null, direction: owner?.direction ?? null };
}

function alarmView(state: LineState, key: string, alarm: Alarm): AlarmView[] {
  const { cycle, ...shown } = alarm;
  if (cycle.phase === "pending") return [];
  const { priority, acknowledgedBy } = termsOf(alarm.code);
  return [{ key, ...shown, priority, phase: cycle.phase, acknowledgedBy, shelved: state.shelved.get(key) ?? null }];
}

const codeOf = ({ identity }: Item): string | null =>
  identity?.kind === "code" ? identity.waybill : identity?.kind === "test" ? identity.code : null;

function view(state: LineState, item: Item, belt: BeltLayout | undefined, positionUm: number): ItemView {
  const permit = item.permitId === null ? undefined : state.permits.get(item.permitId);
  return {
    id: item.id,
    frontUm: frontUm(item, positionUm),
    lengthUm: item.lengthUm,
    errorUm: belt === undefined ? 0 : errorUm(item, belt, positionUm),
    code: codeOf(item),
    disposition: item.decision?.disposition ?? "unknown",
    chuteId: permit?.chuteId ?? null,
    state: item.doubt ?? permit?.state ?? (item.identity === null ? "riding" : "safe path"),
  };
}
