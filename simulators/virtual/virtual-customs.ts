// Customs' word in virtual time: the world's statements come to the product's own rules of releases after the feed's delay.
import type { LineEntry } from "../../src/line/entry.ts";
import type { Look, ReleasePort } from "../../src/line/release.ts";
import type { ReleaseEvent } from "../../src/releases/event.ts";
import { recordAt, standingHolds } from "../../src/releases/judge.ts";
import { type Ledger, spend } from "../../src/releases/ledger.ts";
import { applyEvent, emptyWaybill, type WaybillState } from "../../src/releases/waybill.ts";
import type { Statement } from "../world/truth.ts";
import type { World } from "../world/world.ts";
import type { VirtualClock } from "./clock.ts";
import { type VirtualGateway, virtualGateway } from "./virtual-gateway.ts";

export interface VirtualCustoms extends ReleasePort {
  /** Takes the world's new statements; each is committed, acknowledged and hinted after a delay. */
  pump(): void;
  /** The feed falls silent (no heartbeat, no statement is delivered) or speaks again. */
  silence(isSilent: boolean): void;
  /** Says again what it has said of the last parcels, so many a second; 0: no more. */
  storm(perS: number): void;
  /** The gateway follows the journal: each entry as it is appended, and up to which entry all is on the disk. */
  follow(entry: LineEntry): void;
  durable(upToEntry: number): void;
  /** Tells the controller what changes; its silence is customs' silence. */
  gateway: Pick<VirtualGateway, "connect" | "disconnect" | "loseHints" | "dieOnWord" | "beginAnew">;
}

/** The authorities' clocks differ: the one that places holds is two hours behind, so that no hold looks newer than a release. */
const HOLDS_BEHIND_MS = 2 * 3600 * 1000;
/** Wall time at the beginning; any that leaves room for a clock that is behind. */
const BEGIN_MS = 1_900_000_000_000;

const FOREVER_MS = Number.MAX_SAFE_INTEGER;

interface Said {
  statement: Statement;
  event: ReleaseEvent;
}

interface Known {
  state: WaybillState;
  ledger: Ledger;
  version: number;
}
const NEW: Known = { state: emptyWaybill, ledger: [], version: 0 };

/** A storm is about the last parcels that were spoken of. */
const RECENT = 400;
const GUST_NS = 10_000_000;
/** Waybills that it knows, the newest: five hours of a full belt, where none rides for longer than minutes. */
const KEPT = 50_000;
/** Forgotten so many at a time: to find the oldest of a map means to step over all that were older. */
const SLACK = 5_000;
/** Spendings that the gateway leaves to the line's own ledger before it carries them all over: more than an hour of them. */
const CARRIED_FROM = 10_000;

export function virtualCustoms(o: {
  clock: VirtualClock;
  world: World;
  delayNs: () => number;
  onSilence: (isSilent: boolean) => void;
  hint: (waybills: readonly { company: string; waybill: string }[]) => void;
  journalId: string;
  /** How many spendings are carried over at a time; left out: 10,000. */
  carriedFrom?: number;
}): VirtualCustoms {
  const known = new Map<string, Known>();
  let waiting: Said[] = [];
  const recent = new Map<string, { company: string; waybill: string }>();
  let isSilent = false;
  /** Nothing is heard of customs: it is silent, or nobody listens. */
  let isQuiet = false;
  let quietSinceNs = 0;
  let stormPerS = 0;
  let gust = 0;
  let spendings: { n: number; release: string; pieces: 1 | -1 }[] = [];
  let carriedEntry = 0;
  let lastEventMs = 0;
  const gateway = virtualGateway({
    clock: o.clock,
    hint: o.hint,
    told: (id) => o.world.hinted(id, o.clock.nowNs()),
    onDown: listen,
    onUp: listen,
  });

  /** What was said meanwhile is said again when somebody listens. */
  function listen(): void {
    const wasQuiet = isQuiet;
    isQuiet = isSilent || !gateway.isUp();
    if (isQuiet && !wasQuiet) quietSinceNs = o.clock.nowNs();
    if (isQuiet !== wasQuiet) o.onSilence(isQuiet);
    if (!isQuiet) deliver();
  }

  /** Said one after the other, also within a millisecond; they may come in any order. */
  function eventOf(statement: Statement): ReleaseEvent {
    lastEventMs = Math.max(lastEventMs + 1, BEGIN_MS + Math.floor(statement.saidNs / 1e6));
    const { says } = statement;
    if (says.kind !== "release") return { ...says, authority: "inspection", eventAtMs: lastEventMs - HOLDS_BEHIND_MS };
    const validity = { validFromMs: 0, validToMs: FOREVER_MS };
    return { ...says, ...validity, authority: "customs", reference: `D-${says.waybill}`, eventAtMs: lastEventMs };
  }
  function commit(said: Said): void {
    const { statement, event } = said;
    if (!gateway.isUp()) {
      waiting = [...waiting, said];
      return;
    }
    const { company, waybill } = event;
    const key = `${company}/${waybill}`;
    const before = known.get(key) ?? NEW;
    known.set(key, { ...before, state: applyEvent(before.state, event), version: before.version + 1 });
    recent.delete(key);
    recent.set(key, { company, waybill });
    for (const oldest of recent.keys()) {
      if (recent.size <= RECENT) break;
      recent.delete(oldest);
    }
    if (known.size > KEPT + SLACK)
      for (const oldest of [...known.keys()].slice(0, known.size - KEPT)) known.delete(oldest);
    o.world.feedReport({ id: statement.id, sentNs: statement.saidNs, acknowledgedNs: o.clock.nowNs() });
    gateway.committed(statement.id, event);
  }
  /** The same word again is a new version of the record, and a hint like any other. */
  function blow(mine: number): void {
    if (mine !== gust || stormPerS === 0) return;
    const said = [...recent];
    const count = isQuiet ? 0 : Math.ceil((stormPerS * GUST_NS) / 1e9);
    for (let i = 0; i < count && said.length > 0; i += 1) {
      const [key, waybill] = said[i % said.length] as (typeof said)[number];
      const before = known.get(key);
      if (before !== undefined) known.set(key, { ...before, version: before.version + 1 });
      gateway.changed(waybill);
    }
    o.clock.after(GUST_NS, () => blow(mine));
  }
  function deliver(): void {
    for (const said of waiting.splice(0)) o.clock.after(o.delayNs(), () => commit(said));
  }
  return {
    gateway,
    pump() {
      for (const statement of o.world.takeStatements()) waiting.push({ statement, event: eventOf(statement) });
      if (!isQuiet) deliver();
    },
    silence(silent) {
      isSilent = silent;
      listen();
    },
    storm(perS) {
      stormPerS = perS;
      gust += 1;
      blow(gust);
    },
    look(company, waybill): Look {
      const { state, ledger, version } = known.get(`${company}/${waybill}`) ?? NEW;
      const nowMs = BEGIN_MS + Math.floor(o.clock.nowNs() / 1e6);
      const declarations = listOf(state.declarations);
      const record = recordAt({ company, waybill, declarations, ledger, version, nowMs });
      return {
        company,
        waybill,
        result: record === null ? "miss" : "record",
        record,
        holds: standingHolds(listOf(state.holds)),
        feedAgeNs: isQuiet ? o.clock.nowNs() - quietSinceNs : 0,
        // Until the first is carried over the core's own ledger keeps every spending, over restarts too.
        carriedJournal: carriedEntry === 0 ? null : o.journalId,
        carriedEntry,
      };
    },
    follow(entry) {
      // What a crash took back never was: its number is given anew.
      while ((spendings.at(-1)?.n ?? 0) >= entry.n) spendings.pop();
      const { n } = entry;
      if (entry.kind === "permit" && entry.release !== null) spendings.push({ n, release: entry.release, pieces: 1 });
      if (entry.kind === "giveBack") spendings.push({ n, release: entry.release, pieces: -1 });
    },
    durable(upToEntry) {
      if (spendings.length < (o.carriedFrom ?? CARRIED_FROM)) return;
      for (const { n, release, pieces } of spendings) if (n <= upToEntry) carry(release, pieces);
      spendings = spendings.filter(({ n }) => n > upToEntry);
      carriedEntry = upToEntry;
    },
  };

  /** Of a waybill that is forgotten nobody asks any more. */
  function carry(release: string, pieces: 1 | -1): void {
    const [company, waybill, validFromMs] = release.split("/");
    const key = `${company}/${waybill}`;
    const one = known.get(key);
    if (one === undefined) return;
    const spent = spend(one.ledger, { validFromMs: Number(validFromMs), validToMs: FOREVER_MS, delta: pieces });
    known.set(key, { ...one, ledger: spent.ledger });
  }
}

/** No waybill of a scenario is spoken of so often that it could not be counted any more. */
function listOf<T>(list: readonly T[] | "saturated"): readonly T[] {
  if (list === "saturated") throw new RangeError("virtual customs: a waybill was spoken of too often");
  return list;
}
