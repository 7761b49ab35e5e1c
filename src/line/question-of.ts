// Gathers the facts that the law is asked about, for one item, one chute, at this moment.
import { partsOf } from "./belt-parts.ts";
import { isDriveSeen, positionAt, seenPositionUm } from "./belt-position.ts";
import { commandLeadNs } from "./bus-time.ts";
import { isCommissioned } from "./commissioning.ts";
import type { Verdict } from "./disposition.ts";
import { type FireWindow, fireWindow } from "./fire-window.ts";
import { gateFreeUm, homeSeenUm, isOffHome } from "./gate-turn.ts";
import { errorUm } from "./item-position.ts";
import type { Question } from "./law/question.ts";
import type { BeltLayout, ChuteLayout, GateLayout } from "./layout.ts";
import { ledgerIsFull, piecesLeft } from "./ledger.ts";
import { permitRefusedBy } from "./mode.ts";
import { type Neighbours, neighbours } from "./neighbours.ts";
import { inTheWay } from "./passages.ts";
import { destinationLeadNs, destinationWindow } from "./plc-tracked/destination-window.ts";
import { type ReleaseRecord, releaseKey } from "./release.ts";
import type { BeltState, Item, Permit } from "./state.ts";
import { isGuardedTest } from "./test-parcel.ts";
import { beltState, chuteState, gateState, must, siteOf, type Turn } from "./turn.ts";
import { frontShownUm } from "./zone-eye.ts";
import { chuteNow } from "./zone-now.ts";

export interface Way {
  chute: ChuteLayout;
  gate: GateLayout;
  belt: BeltLayout;
  near: Neighbours;
  window: FireWindow;
  /** From here on its gate may be moved for it. */
  gateFreeUm: number;
  /** Belt position now. */
  positionUm: number;
}

/** The way of an item into a gated chute, as things stand now. */
export function wayTo(turn: Turn, item: Item, chuteId: string): Way {
  const site = siteOf(turn, item.layoutHash);
  const chute = must(site.chutes.get(chuteId), "chute", chuteId);
  const { gate, belt } = must(site.gates.get(must(chute.gateId, "gate of chute", chuteId)), "gate", chute.gateId ?? "");
  const state = beltState(turn, belt.id);
  const around = near(turn, item, belt, state);
  const speedUmPerS = Math.max(state.speedUmPerS, belt.speedUmPerS);
  const freeUm = gateFreeUm(gate, gateState(turn, gate.id), { chuteId, speedUmPerS });
  const seenUm = homeSeenUm(gate, gateState(turn, gate.id), speedUmPerS);
  const leadNs = commandLeadNs(gate, gateState(turn, gate.id));
  const common = { item, belt, gate, near: around, speedUmPerS };
  return {
    near: around,
    gateFreeUm: freeUm,
    chute: chuteNow(chute, chuteState(turn, chute.id)),
    gate,
    belt,
    positionUm: positionAt(state, belt, turn.nowNs),
    window:
      belt.tracker === undefined
        ? fireWindow({ ...common, gateFreeUm: freeUm, gateSeenUm: seenUm, leadNs })
        : destinationWindow({ ...common, leadNs: destinationLeadNs(belt.tracker, leadNs) }),
  };
}

export function questionOf(
  turn: Turn,
  asked: {
    item: Item;
    way: Way;
    verdict: Verdict;
    permit: Permit | null;
    phase: "plan" | "lastLook";
  },
): Question {
  const { item, way, verdict, permit } = asked;
  const state = beltState(turn, way.belt.id);
  const gate = gateState(turn, way.gate.id);
  const device = turn.state.devices.get(way.gate.deviceId);
  return {
    phase: asked.phase,
    chuteId: way.chute.id,
    zone: way.chute.zone,
    container: chuteState(turn, way.chute.id).holds ?? null,
    disposition: verdict.disposition,
    record: verdict.record,
    holds: verdict.holds,
    piecesLeft: verdict.record === null ? 0 : leftFor(turn, verdict.record, permit, asked.phase),
    ledgerFull: ledgerIsFull(turn.state),
    isCommissioned: isCommissioned(turn),
    isGuardedTest: isGuardedTest(turn, item, way.chute.id),
    gateArmed: device?.armed ?? false,
    gateInDoubt: gate.inDoubt,
    gateWithdrawing: gate.withdrawing !== null,
    gateFreeUm: way.gateFreeUm,
    gateAstray: gate.homeAtUm === null && isOffHome(way.gate, gate),
    runPermit: state.runPermit,
    modeRefusal: permitRefusedBy(state.mode),
    positionUm: way.positionUm,
    fromUm: way.window.fromUm,
    untilUm: way.window.untilUm,
    entryDurable: permit !== null && permit.id <= turn.state.durableEntry,
    storage: turn.state.storage,
    gateOnItsBelt: way.belt.id === item.beltId,
    doubt: item.doubt,
    beltKnown: state.rampUntilUm === null && state.blindSinceUm === null && isSampled(way.belt, state, turn.nowNs),
    beltFastEnough: state.moving,
    errorUm: way.window.errorUm,
    // Whether its gate's zone is free, a PLC that tracks sees with its own eyes.
    inTheWay: asked.phase === "lastLook" && way.belt.tracker === undefined ? inTheWay(turn, item, way) : null,
    gapAheadUm: way.near.gapAheadUm,
    gapBehindUm: way.near.gapBehindUm,
    provedGapUm: way.belt.provedGapUm,
    isSeenAgain: isSeenAgain(item, way, commandLeadNs(way.gate, gate)),
    otherPermitOut: item.permitId !== null && item.permitId !== (permit?.id ?? item.permitId),
  };
}

/** An eye still ahead of the item lies so far before the gate that it is passed before the command is due. */
function isSeenAgain(item: Item, { belt, gate }: Way, leadNs: number): boolean {
  const eye = partsOf(belt).eyes.get(item.eyesAhead[0] ?? "");
  const leadUm = (belt.speedUmPerS * (gate.travelNs + leadNs)) / 1e9;
  return eye !== undefined && eye.atUm + errorUm(item, belt, item.originUm + eye.atUm) <= gate.atUm - leadUm;
}

/** A belt whose counter has said nothing for longer than this may be anywhere by now. */
const STALE_SAMPLE_NS = 150_000_000;

const isSampled = (belt: BeltLayout, state: BeltState, nowNs: number): boolean =>
  belt.encoder === null ? isDriveSeen(state, belt, nowNs) : nowNs - state.lastNs <= STALE_SAMPLE_NS;

/** At the last look only the very release counts of which the permit has reserved a piece: another record is another's. */
function leftFor(turn: Turn, record: ReleaseRecord, permit: Permit | null, phase: Question["phase"]): number {
  const own = permit?.release ?? null;
  return phase === "lastLook" && own !== releaseKey(record) ? 0 : piecesLeft(turn.state, record, own);
}

function near(turn: Turn, item: Item, belt: BeltLayout, state: BeltState): Neighbours {
  const { induction } = partsOf(belt);
  const shownUm = induction === undefined ? 0 : frontShownUm(belt, induction);
  const eyeOriginUm = seenPositionUm(state, belt, turn.nowNs) - shownUm;
  return neighbours(item, belt, state, turn.state.items, eyeOriginUm);
}
