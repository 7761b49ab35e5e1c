// Customs' word in virtual time: the world's statements come to the product's own rules of releases after the feed's delay.
import type { Look, ReleasePort } from "../../src/line/release.ts";
import type { ReleaseEvent } from "../../src/releases/event.ts";
import { recordAt, standingHolds } from "../../src/releases/judge.ts";
import { applyEvent, emptyWaybill, type WaybillState } from "../../src/releases/waybill.ts";
import type { Statement } from "../world/truth.ts";
import type { World } from "../world/world.ts";
import type { VirtualClock } from "./clock.ts";

export interface VirtualCustoms extends ReleasePort {
  /** Takes the world's new statements; each is committed, acknowledged and hinted after a delay. */
  pump(): void;
  /** The feed falls silent (no heartbeat, no statement is delivered) or speaks again. */
  silence(isSilent: boolean): void;
  /** Says again what it has said of the last parcels, so many a second; 0: no more. */
  storm(perS: number): void;
  /** What changes is committed as ever, but the controller is not told: only a look-up shows it. */
  loseHints(areLost: boolean): void;
}

/** The authorities' clocks differ: the one that places holds is two hours behind, so that no hold looks newer than a release. */
const HOLDS_BEHIND_MS = 2 * 3600 * 1000;
/** Wall time at the beginning; any that leaves room for a clock that is behind. */
const BEGIN_MS = 1_900_000_000_000;

/** A storm is about the last parcels that were spoken of. */
const RECENT = 400;
const GUST_NS = 10_000_000;

export function virtualCustoms(o: {
  clock: VirtualClock;
  world: World;
  delayNs: () => number;
  onSilence: (isSilent: boolean) => void;
  /** False: there is no controller that could hear it. */
  hint: (waybill: { company: string; waybill: string }) => boolean;
}): VirtualCustoms {
  const known = new Map<string, { state: WaybillState; version: number }>();
  const waiting: { statement: Statement; event: ReleaseEvent }[] = [];
  const recent = new Map<string, { company: string; waybill: string }>();
  let isSilent = false;
  let silentSinceNs = 0;
  let stormPerS = 0;
  let gust = 0;
  let areHintsLost = false;
  let lastEventMs = 0;

  /** Said one after the other, also within a millisecond; they may come in any order. */
  function eventOf(statement: Statement): ReleaseEvent {
    lastEventMs = Math.max(lastEventMs + 1, BEGIN_MS + Math.floor(statement.saidNs / 1e6));
    const { says } = statement;
    if (says.kind !== "release") return { ...says, authority: "inspection", eventAtMs: lastEventMs - HOLDS_BEHIND_MS };
    const validity = { validFromMs: 0, validToMs: Number.MAX_SAFE_INTEGER };
    return { ...says, ...validity, authority: "customs", reference: `D-${says.waybill}`, eventAtMs: lastEventMs };
  }
  function commit(statement: Statement, event: ReleaseEvent): void {
    const { company, waybill } = event;
    const key = `${company}/${waybill}`;
    const { state, version } = known.get(key) ?? { state: emptyWaybill, version: 0 };
    known.set(key, { state: applyEvent(state, event), version: version + 1 });
    recent.delete(key);
    recent.set(key, { company, waybill });
    for (const oldest of recent.keys()) if (recent.size > RECENT) recent.delete(oldest);
    const nowNs = o.clock.nowNs();
    const hintedNs = !areHintsLost && o.hint({ company, waybill }) ? nowNs : null;
    o.world.feedReport({ id: statement.id, sentNs: statement.saidNs, acknowledgedNs: nowNs, hintedNs });
  }
  /** The same word again is a new version of the record, and a hint like any other. */
  function blow(mine: number): void {
    if (mine !== gust || stormPerS === 0) return;
    const said = [...recent];
    const count = isSilent ? 0 : Math.ceil((stormPerS * GUST_NS) / 1e9);
    for (let i = 0; i < count && said.length > 0; i += 1) {
      const [key, waybill] = said[i % said.length] as (typeof said)[number];
      const before = known.get(key);
      if (before !== undefined) known.set(key, { ...before, version: before.version + 1 });
      if (!areHintsLost) o.hint(waybill);
    }
    o.clock.after(GUST_NS, () => blow(mine));
  }
  const deliver = (): void => {
    for (const { statement, event } of waiting.splice(0)) o.clock.after(o.delayNs(), () => commit(statement, event));
  };
  return {
    pump() {
      for (const statement of o.world.takeStatements()) waiting.push({ statement, event: eventOf(statement) });
      if (!isSilent) deliver();
    },
    silence(silent) {
      if (silent && !isSilent) silentSinceNs = o.clock.nowNs();
      if (silent !== isSilent) o.onSilence(silent);
      isSilent = silent;
      if (!silent) deliver();
    },
    storm(perS) {
      stormPerS = perS;
      gust += 1;
      blow(gust);
    },
    loseHints(areLost) {
      areHintsLost = areLost;
    },
    look(company, waybill): Look {
      const { state, version } = known.get(`${company}/${waybill}`) ?? { state: emptyWaybill, version: 0 };
      const nowMs = BEGIN_MS + Math.floor(o.clock.nowNs() / 1e6);
      const declarations = listOf(state.declarations);
      const record = recordAt({ company, waybill, declarations, ledger: [], version, nowMs });
      return {
        company,
        waybill,
        result: record === null ? "miss" : "record",
        record,
        holds: standingHolds(listOf(state.holds)),
        feedAgeNs: isSilent ? o.clock.nowNs() - silentSinceNs : 0,
        // Nothing is carried over: the core's own ledger keeps every spending, over restarts too.
        carriedJournal: null,
        carriedEntry: 0,
      };
    },
  };
}

/** No waybill of a scenario is spoken of so often that it could not be counted any more. */
function listOf<T>(list: readonly T[] | "saturated"): readonly T[] {
  if (list === "saturated") throw new RangeError("virtual customs: a waybill was spoken of too often");
  return list;
}
