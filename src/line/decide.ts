// One decision on one item: what customs says, where the chute map sends it, what the law leaves of that.
import { isTooMany } from "./chute-rate.ts";
import { isJammed } from "./chute-room.ts";
import { judge, type Verdict } from "./disposition.ts";
import { markDuplicates } from "./duplicates.ts";
import type { Refusal } from "./entry.ts";
import { leastFilledFirst } from "./filling.ts";
import { recallOrLateHold } from "./late-hold.ts";
import { interlock } from "./law/interlock.ts";
import { carryOver, piecesLeft } from "./ledger.ts";
import { dropPermit, handOver, reserve } from "./permits.ts";
import { questionOf, type Way, wayTo } from "./question-of.ts";
import { type Look, releaseKey } from "./release.ts";
import { roundRefused } from "./rounds.ts";
import { type Route, route } from "./route.ts";
import type { ChuteState, Decision, Item, Permit } from "./state.ts";
import { awaitedIn, bindGuard, guardOf } from "./test-parcel.ts";
import { chuteState, count, journal, must, siteOf, type Turn } from "./turn.ts";
import { mayBeTwo } from "./two-as-one.ts";

/** Looks the item's code up for each company that it may belong to, and those that were read besides if it may be two. */
export function lookUp(turn: Turn, item: Item): Look[] {
  if (item.identity?.kind !== "code") return [];
  const { besides = [], ...own } = item.identity;
  const { belts, layout } = siteOf(turn, item.layoutHash);
  const asked = besides.length > 0 && mayBeTwo(item, must(belts.get(item.beltId), "belt", item.beltId)) ? besides : [];
  const looks = [own, ...asked].flatMap(({ waybill, companies }) =>
    companies.map((company) => carryOver(turn.state, turn.releases.look(company, waybill))),
  );
  const { freshnessMaxAgeNs } = layout;
  turn.state.isFeedStale = looks.some(({ feedAgeNs }) => feedAgeNs === null || feedAgeNs > freshnessMaxAgeNs);
  return looks;
}

export function verdictOn(turn: Turn, item: Item, looks: readonly Look[], permit: Permit | null): Verdict {
  return judge({
    identity: item.identity ?? { kind: "noRead" },
    looks,
    freshnessMaxAgeNs: siteOf(turn, item.layoutHash).layout.freshnessMaxAgeNs,
    piecesLeft: (record) => piecesLeft(turn.state, record, permit?.release ?? null),
  });
}

/** Decides, or decides anew: keeps a permit that still holds, drops one that does not, reserves the one that is due. */
export function decide(turn: Turn, item: Item): void {
  if (item.identity === null) return;
  const looks = lookUp(turn, item);
  // The others first: what they had reserved is free again before this one is asked about.
  for (const other of markDuplicates(turn, item, looks)) if (other !== item) decide(turn, other);
  decideOn(turn, item, looks);
}

function decideOn(turn: Turn, item: Item, looks: readonly Look[]): void {
  const permit = item.permitId === null ? null : (turn.state.permits.get(item.permitId) ?? null);
  const verdict = verdictOn(turn, item, looks, permit);
  if (permit !== null && (permit.state === "fired" || permit.state === "done")) {
    return recallOrLateHold(turn, { item, permit, verdict });
  }
  const chosen = choose(turn, item, verdict, permit);
  const news = record(turn, item, verdict, looks, chosen);
  if (item.identity?.kind === "test") bindTest(turn, item, chosen);
  if (
    permit !== null &&
    chosen.chuteId === permit.chuteId &&
    wantedRelease(verdict, permit.zone.kind) === permit.release
  )
    return;
  if (permit !== null) dropPermit(turn, permit, "withheld");
  const { way } = chosen;
  if (way === null) return;
  reserve(turn, {
    item,
    way,
    release: wantedRelease(verdict, way.chute.zone.kind),
    decision: news,
  });
  handOver(turn, item, way);
}

/** It is on its way to whoever waits for it: by a gate, or to the belt's end, where nothing has to be done. */
function bindTest(turn: Turn, item: Item, { way }: Choice): void {
  const awaited = awaitedIn(turn, item);
  const chute = awaited === null ? undefined : siteOf(turn, item.layoutHash).chutes.get(awaited);
  if (chute === undefined) return;
  const isAtItsEnd = chute.gateId === null && chute.beltId === item.beltId;
  if (isAtItsEnd || way?.chute.id === chute.id) bindGuard(turn, item, chute.id);
}

const wantedRelease = (verdict: Verdict, zone: string): string | null =>
  zone === "outbound" && verdict.record !== null ? releaseKey(verdict.record) : null;

export interface Choice {
  chuteId: string | null;
  /** To that chute, as things stand in this turn. */
  way: Way | null;
  ruleId: string | null;
  refusals: Refusal[];
}

/** The first candidate that neither plant nor law refuses. */
export function choose(turn: Turn, item: Item, verdict: Verdict, permit: Permit | null): Choice {
  const { chutes } = siteOf(turn, item.layoutHash);
  const found = wayAsked(turn, item, verdict);
  if (found === null) return { chuteId: null, way: null, ruleId: null, refusals: [] };
  const refusals: Refusal[] = [];
  for (const chuteId of found.chuteIds) {
    // A candidate that is the belt's end needs no gate: nothing is done, and it arrives.
    if (chutes.get(chuteId)?.gateId === null) break;
    const plant = plantRefusal(turn, { item, chuteId, phase: "plan" });
    const barred = refusedBefore(item, chuteId) ?? (plant === null ? null : [plant]);
    if (barred !== null) {
      refusals.push(...barred);
      continue;
    }
    const way = wayTo(turn, item, chuteId);
    const against = interlock(questionOf(turn, { item, way, verdict, permit, phase: "plan" }));
    if (against.length === 0) {
      if (permit?.chuteId !== chuteId && found.ruleId !== null) bumpRoundRobin(turn, found.ruleId);
      return { chuteId, way, ruleId: found.ruleId, refusals };
    }
    refusals.push(...against);
  }
  return { chuteId: null, way: null, ruleId: found.ruleId, refusals };
}

/** A test parcel goes where a person stands for it, and nowhere else; all others where the chute map sends them. */
function wayAsked(
  turn: Turn,
  item: Item,
  verdict: Verdict,
): Route | { ruleId: null; chuteIds: readonly string[] } | null {
  const awaited = item.identity?.kind === "test" ? awaitedIn(turn, item) : null;
  if (awaited !== null) return { ruleId: null, chuteIds: [awaited] };
  return route(siteOf(turn, item.layoutHash).layout, verdict, {
    leastFilledFirst: (rule) => leastFilledFirst(turn, rule),
    turnOf: (ruleId) => turn.state.roundRobin.get(ruleId) ?? 0,
  });
}

/** A last look has refused it this chute: that is not asked again. null: none has, or its decision is gone. */
function refusedBefore(item: Item, chuteId: string): Refusal[] | null {
  if (!item.withheldFrom.includes(chuteId) || item.decision === null) return null;
  const refusals = item.decision.refusals.filter((refusal) => refusal.chuteId === chuteId);
  return refusals.length > 0 ? refusals : [{ clause: 0, code: "WITHHELD_BEFORE", chuteId, detail: "" }];
}

function bumpRoundRobin(turn: Turn, ruleId: string): void {
  turn.state.roundRobin.set(ruleId, (turn.state.roundRobin.get(ruleId) ?? 0) + 1);
}

/**
 * What the plant itself has against a parcel in a chute; no clause of the law.
 * @param o.phase copy: it was let go already and is said again, which makes it no other parcel of this minute
 */
export function plantRefusal(
  turn: Turn,
  o: { item: Item; chuteId: string; phase: "plan" | "lastLook" | "copy" },
): Refusal | null {
  const { item, chuteId, phase } = o;
  const chute = must(siteOf(turn, item.layoutHash).chutes.get(chuteId), "chute", chuteId);
  const code =
    shut(chuteState(turn, chuteId)) ??
    (guardOf(turn, item, chuteId) === null ? roundRefused(turn.state, item, chute.zone) : null) ??
    (phase !== "copy" && isTooMany(turn, { chute, item, phase }) ? "CHUTE_RATE" : null);
  return code === null ? null : { clause: 0, code, chuteId, detail: "" };
}

function shut(chute: ChuteState): string | null {
  if (chute.locked) return "CHUTE_LOCKED";
  if (!chute.enabled) return "CHUTE_DISABLED";
  if (chute.full) return "CHUTE_FULL";
  if (chute.isBlocked) return "CHUTE_BLOCKED";
  return isJammed(chute) ? "CHUTE_JAMMED" : null;
}

/** Journals the decision when it differs from the one before; returns its version. */
function record(turn: Turn, item: Item, verdict: Verdict, looks: readonly Look[], chosen: Choice): number {
  const decision: Decision = {
    version: item.decisions + 1,
    disposition: verdict.disposition,
    why: verdict.why,
    ruleId: chosen.ruleId,
    chuteId: chosen.chuteId,
    refusals: stoodFirst(chosen.refusals, item.decision),
    looks,
  };
  if (item.decision !== null && sameOutcome(item.decision, decision)) return item.decision.version;
  item.decisions++;
  item.decision = decision;
  count(turn, "decisions");
  journal(turn, {
    kind: "decision",
    itemId: item.id,
    version: decision.version,
    identity: item.identity ?? { kind: "noRead" },
    looks,
    disposition: verdict.disposition,
    why: verdict.why,
    ruleId: chosen.ruleId,
    layoutHash: item.layoutHash,
    chuteId: chosen.chuteId,
    refusals: decision.refusals,
  });
  return decision.version;
}

/**
 * The first refusal is the reason of the item's end. What kept it in before is that still: once it is past its gate it is too
 * late as well, whatever it was kept in for.
 */
function stoodFirst(refusals: readonly Refusal[], before: Decision | null): readonly Refusal[] {
  if (refusals.length < 2 || before === null || before.chuteId !== null) return refusals;
  const rankOf = (one: Refusal): number => {
    const rank = before.refusals.findIndex(({ code, chuteId }) => code === one.code && chuteId === one.chuteId);
    return rank === -1 ? before.refusals.length : rank;
  };
  return refusals.toSorted((a, b) => rankOf(a) - rankOf(b));
}

const sameOutcome = (a: Decision, b: Decision): boolean =>
  a.disposition === b.disposition &&
  a.why === b.why &&
  a.chuteId === b.chuteId &&
  a.ruleId === b.ruleId &&
  a.refusals.length === b.refusals.length &&
  a.refusals.every((refusal, index) => refusal.code === b.refusals[index]?.code);

/** Something changed for everybody: each item that has an identity is decided anew. */
export function decideAll(turn: Turn, beltId?: string): void {
  for (const item of [...turn.state.items.values()]) {
    if (item.identity !== null && (beltId === undefined || item.beltId === beltId)) decide(turn, item);
  }
}
