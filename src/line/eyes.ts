// Eyes on the belt: each edge belongs to exactly one expected item, or puts those in doubt that it might belong to.
import { raise } from "./alarms.ts";
import { chuteEyeDark, hasArrivedAfterAll } from "./arrivals.ts";
import { checkBeams, enterBeam, isBeamKnown, leaveBeam } from "./beams.ts";
import { partsOf } from "./belt-parts.ts";
import { positionAtStamp, positionsWithin } from "./belt-position.ts";
import { contradictCarried } from "./carried.ts";
import { mouthChanged } from "./chute-sensors.ts";
import { wasAnother } from "./contested.ts";
import { holdEdge, settledEdges, settlingNs } from "./debounce.ts";
import { spoil } from "./doubt.ts";
import { dueItems, itemsNear, stir } from "./due.ts";
import type { EdgePlace } from "./edge-place.ts";
import { endItem } from "./ends.ts";
import { checkOpenItem, inductionDark, inductionLight } from "./induction.ts";
import { errorUm, frontUm, tailUm } from "./item-position.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import { doubtNameBehind } from "./name-behind.ts";
import { doubtBeforeOdd, doubtBehindMissing } from "./neighbour-astray.ts";
import { missEye, NOBODY, passEye } from "./passages.ts";
import { noteSlip } from "./slip.ts";
import type { BeltState, Item } from "./state.ts";
import type { LineInput } from "./step.ts";
import { watchEdge } from "./test-watch.ts";
import { activeSite, beltState, count, journal, type Turn, touch } from "./turn.ts";
import { frontInStretch, markUnknown } from "./unknown-stretch.ts";
import { tailOfUnseen } from "./unseen-front.ts";
import { compareBeside, widthChanged } from "./width.ts";

/** Beyond the computed error an edge may lie this far off: bounce of the beam on a rounded front. */
export const EDGE_SLACK_UM = 10_000;

const NOT_SEEN = "ITEM_NOT_SEEN";

export function eyeEdge(turn: Turn, input: Extract<LineInput, { kind: "eye" }>): void {
  const found = activeSite(turn).eyes.get(input.eyeId);
  if (found === undefined) return count(turn, "unknownEye");
  const { eye, belt, chute } = found;
  if (chute !== null) {
    watchEdge(turn, { eye, beltId: belt.id, edge: input.edge, atNs: input.upTo.atNs, beltUm: null, errorUm: 0 });
    const within = { fromNs: input.after.atNs, toNs: input.upTo.atNs };
    // Where the PLC tracks, its report says who arrived; here it is only whether the mouth is free.
    if (input.edge === "dark" && belt.tracker === undefined) chuteEyeDark(turn, chute, within);
    return mouthChanged(turn, chute, input.edge);
  }
  // Its PLC sees with it, and reports.
  if (belt.tracker !== undefined) return count(turn, "unknownEye");
  const edge = edgePlace(turn, belt, eye, input);
  if (edge === null) {
    if (input.edge === "dark") {
      passEye(turn, belt, { eye, item: null });
      beltState(turn, belt.id).emptyAtUm = null;
    }
    return count(turn, "edgeWithoutPosition");
  }
  if (eye.debounceNs === 0) return beamChanged(turn, belt, { eye, change: input.edge, edge });
  const stamps = { afterNs: input.after.atNs, upToNs: input.upTo.atNs };
  const lasted = holdEdge(turn, belt, { eye, edge: input.edge, place: edge, ...stamps });
  if (lasted !== null) beamChanged(turn, belt, { eye, change: lasted.edge, edge: lasted.place });
}

/** Edges that have been held back long enough; whatever comes after them finds them done. */
export function settleEdges(turn: Turn): void {
  for (const state of turn.state.belts.values()) {
    for (const held of settledEdges(turn, state.id)) {
      const found = activeSite(turn).eyes.get(held.eyeId);
      if (found === undefined) continue;
      stir(turn.agendas);
      beamChanged(turn, found.belt, { eye: found.eye, change: held.edge, edge: held.place });
    }
  }
}

function beamChanged(
  turn: Turn,
  belt: BeltLayout,
  o: { eye: EyeLayout; change: "dark" | "light"; edge: EdgePlace },
): void {
  const { eye, edge } = o;
  const isDark = o.change === "dark";
  const { positionUm: beltUm, errorUm: edgeErrorUm } = edge;
  watchEdge(turn, { eye, beltId: belt.id, edge: o.change, atNs: turn.nowNs, beltUm, errorUm: edgeErrorUm });
  if (isDark) beltState(turn, belt.id).emptyAtUm = null;
  if (eye.role === "induction") {
    if (isDark) inductionDark(turn, belt, eye, edge);
    else inductionLight(turn, belt, eye, edge);
    compareBeside(turn, belt);
    return;
  }
  if (eye.role === "width") return widthChanged(turn, belt, { eye, isDark, edge });
  if (eye.role === "end") beltState(turn, belt.id).endDarkSinceUm = isDark ? edge.positionUm : null;
  if (isDark) frontAtEye(turn, belt, eye, edge);
  else if (eye.role === "track" && !isBeamKnown(turn, belt, eye))
    tailOfUnseen(turn, belt, { eye, edge, slackUm: EDGE_SLACK_UM });
  else {
    const item = leaveBeam(turn, belt, { eye, edge });
    if (item !== null) item.leftEyeUm = eye.atUm;
  }
}

function edgePlace(
  turn: Turn,
  belt: BeltLayout,
  eye: EyeLayout,
  input: Extract<LineInput, { kind: "eye" }>,
): EdgePlace | null {
  const state = beltState(turn, belt.id);
  if (belt.encoder !== null && input.upTo.count === null) return placeByTime(state, belt, input);
  const after = positionAtStamp(state, belt, input.after);
  const upTo = positionAtStamp(state, belt, input.upTo);
  // Without an encoder nobody knows where a belt was long before its last sample, and the edge may have come then.
  if (upTo === null || (after === null && belt.encoder === null)) return null;
  const from = (after ?? upTo - travelUm(belt, eye.sampleNs)) - travelUm(belt, eye.latchNs ?? 0);
  return {
    positionUm: Math.round((from + upTo) / 2),
    errorUm: Math.ceil(Math.abs(upTo - from) / 2) + (belt.encoder?.umPerCount ?? 0),
  };
}

const travelUm = (belt: BeltLayout, ns: number): number => Math.round((belt.speedUmPerS * ns) / 1e9);

/** The eye's device does not count the belt: where that was, the samples around the edge say. */
function placeByTime(
  state: BeltState,
  belt: BeltLayout,
  { after, upTo }: Extract<LineInput, { kind: "eye" }>,
): EdgePlace | null {
  if (state.blindSinceUm !== null) return null;
  const within = positionsWithin(state, belt, { fromNs: after.atNs, toNs: upTo.atNs });
  if (within === null) return null;
  return {
    positionUm: Math.round((within.lowUm + within.highUm) / 2),
    errorUm: Math.ceil((within.highUm - within.lowUm) / 2) + (belt.encoder?.umPerCount ?? 0),
  };
}

function frontAtEye(turn: Turn, belt: BeltLayout, eye: EyeLayout, edge: EdgePlace): void {
  const aroundUm = edge.errorUm + EDGE_SLACK_UM;
  const near = itemsNear(turn, belt.id, {
    ...{ lowUm: edge.positionUm, highUm: edge.positionUm },
    ...{ fromPlaceUm: eye.atUm - aroundUm, toPlaceUm: eye.atUm + aroundUm },
  });
  const fits = near.filter(
    (item) => item.eyesAhead[0] === eye.id && mayRideOn(turn, { item, belt, eye }) && fitsEdge(item, belt, eye, edge),
  );
  const [only, second] = fits;
  const one = only !== undefined && second === undefined ? only : null;
  const lastId = beltState(turn, belt.id).lastAt[eye.id];
  passEye(turn, belt, { eye, item: one });
  if (eye.role === "track") enterBeam(turn, { belt, eye, edge, item: one });
  if (only === undefined) return strayAtEye(turn, belt, { eye, edge, lastId });
  if (second !== undefined) {
    for (const item of fits) spoil(turn, item, "ITEM_AMBIGUOUS_EDGE");
    return;
  }
  const allowedUm = errorUm(only, belt, edge.positionUm) + edge.errorUm;
  const beyondUm = Math.abs(frontUm(only, edge.positionUm) - eye.atUm) - allowedUm;
  only.eyesAhead.shift();
  only.originUm = edge.positionUm - eye.atUm;
  only.errorUm = edge.errorUm;
  only.syncedAtUm = edge.positionUm;
  touch(turn, only);
  noteSlip(turn, { item: only, eye, beyondUm });
  doubtBehindMissing(turn, { item: only, eye, beyondUm });
  if (isFirstBehindGate(turn, { item: only, belt, eye })) only.seenPastGate = true;
  if (only.alsoIn !== null) wasAnother(turn, only);
  if (only.atGateNs !== null) missedItsGate(turn, only);
  if (eye.role === "end") endItem(turn, only, { end: "arrived", chuteId: belt.safeEnd.chuteId });
}

const fitsEdge = (item: Item, belt: BeltLayout, eye: EyeLayout, edge: EdgePlace): boolean =>
  Math.abs(frontUm(item, edge.positionUm) - eye.atUm) <=
  errorUm(item, belt, edge.positionUm) + edge.errorUm + EDGE_SLACK_UM;

/**
 * What its gate was moved for, and the first eye behind that gate has not seen, is in its chute as far as anybody knows: what
 * comes in its place to a later eye may be another one that stood for a while, and is taken for nobody.
 */
const mayRideOn = (turn: Turn, o: { item: Item; belt: BeltLayout; eye: EyeLayout }): boolean =>
  o.item.atGateNs === null || o.item.missedGate || isFirstBehindGate(turn, o);

function isFirstBehindGate(turn: Turn, { item, belt, eye }: { item: Item; belt: BeltLayout; eye: EyeLayout }): boolean {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  if (permit === undefined || (permit.state !== "fired" && permit.state !== "done")) return false;
  return partsOf(belt).eyesBehind.get(permit.gateId) === eye.id;
}

function missedItsGate(turn: Turn, item: Item): void {
  if (item.missedGate) return;
  item.missedGate = true;
  count(turn, "missedGate");
  raise(turn, {
    code: "GATE_MISSED_ITEM",
    source: item.decision?.chuteId ?? "?",
    detail: `item ${item.id}`,
  });
}

function strayAtEye(
  turn: Turn,
  belt: BeltLayout,
  { eye, edge, lastId }: { eye: EyeLayout; edge: EdgePlace; lastId: number | null | undefined },
): void {
  const state = beltState(turn, belt.id);
  const slackUm = edge.errorUm + EDGE_SLACK_UM;
  const mayReach = { fromPlaceUm: eye.atUm - belt.maxItemUm - slackUm, toPlaceUm: eye.atUm + slackUm };
  if (frontInStretch(state, { positionUm: edge.positionUm, atUm: eye.atUm, slackUm, ...mayReach }))
    return count(turn, "strayInUnknownStretch");
  count(turn, "stray");
  journal(turn, {
    kind: "stray",
    eyeId: eye.id,
    detail: `nothing expected at ${eye.atUm} µm`,
  });
  raise(turn, { code: "EYE_UNEXPECTED_ITEM", source: eye.id });
  doubtBeforeOdd(turn, lastId);
  markUnknown(state, {
    positionUm: edge.positionUm,
    ...mayReach,
    why: "STRAY",
  });
  contradictCarried(turn, belt, null);
}

/** Items whose front must have passed their next eye by now without being seen. */
export function checkMissedEyes(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  const { induction, eyes } = partsOf(belt);
  if (induction !== undefined) checkOpenItem(turn, belt, induction);
  checkBeams(turn, belt);
  for (const item of dueItems(turn, belt.id)) {
    // One that did not come may have cost all of them their places.
    if (!turn.state.items.has(item.id)) continue;
    const eye = eyes.get(item.eyesAhead[0] ?? "");
    if (eye === undefined) {
      endIfGone(turn, belt, item);
      continue;
    }
    const sampleUm = Math.round((belt.speedUmPerS * (eye.sampleNs * 2 + settlingNs(eye))) / 1e9);
    const slackUm = errorUm(item, belt, state.positionUm) + EDGE_SLACK_UM + sampleUm;
    if (frontUm(item, state.positionUm) - slackUm <= eye.atUm) continue;
    missedEye(turn, belt, { eye, item });
  }
}

/** No eye expects it any more and no chute does either: wherever it is, it is not on the belt. */
function endIfGone(turn: Turn, belt: BeltLayout, item: Item): void {
  const isAwaited = item.permitId !== null && item.atGateNs !== null && !item.missedGate;
  if (isAwaited && item.decision?.chuteId !== null) return;
  const positionUm = beltState(turn, belt.id).positionUm;
  if (tailUm(item, belt, positionUm) - errorUm(item, belt, positionUm) <= belt.lengthUm) return;
  endItem(turn, item, { end: "lost", chuteId: null });
}

function missedEye(turn: Turn, belt: BeltLayout, { eye, item }: { eye: EyeLayout; item: Item }): void {
  item.eyesAhead.shift();
  touch(turn, item);
  if (item.alsoIn !== null) {
    // What the eye before has seen in its place has not come either.
    missEye(turn, { id: NOBODY, beltId: belt.id }, eye);
    return hasArrivedAfterAll(turn, item, item.alsoIn);
  }
  // Sent into a chute, it is not expected here; its arrival is the chute's matter.
  if (item.atGateNs !== null && !item.missedGate) {
    item.leftBelt = true;
    missEye(turn, item, eye);
    return;
  }
  if (eye.role === "end") {
    endItem(turn, item, { end: "lost", chuteId: null });
    return;
  }
  count(turn, "missedEye");
  raise(turn, {
    code: "EYE_MISSED_ITEM",
    source: eye.id,
    detail: `item ${item.id}`,
  });
  missEye(turn, item, eye);
  const wasMissing = item.doubt === NOT_SEEN;
  spoil(turn, item, NOT_SEEN);
  doubtNameBehind(turn, belt, { missing: item, eye });
  // Missing already, it says nothing of those that come there.
  if (!wasMissing) doubtBeforeOdd(turn, beltState(turn, belt.id).lastAt[eye.id]);
  contradictCarried(turn, belt, item.id);
}
