// Customs' word in virtual time: the world's statements become records and holds after the feed's delay, as in the cache.
import type { LineEntry } from "../../src/line/entry.ts";
import type { Hold, Look, ReleasePort, ReleaseRecord } from "../../src/line/release.ts";
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
  /** The gateway follows the journal: each entry as it is appended, and up to which entry all is on the disk. */
  follow(entry: LineEntry): void;
  durable(upToEntry: number): void;
}

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
  hint: (waybill: { company: string; waybill: string }) => void;
  journalId: string;
  /** How many spendings are carried over at a time; left out: 10,000. */
  carriedFrom?: number;
}): VirtualCustoms {
  const records = new Map<string, ReleaseRecord>();
  const holds = new Map<string, Hold[]>();
  const waiting: Statement[] = [];
  const recent = new Map<string, { company: string; waybill: string }>();
  let isSilent = false;
  let silentSinceNs = 0;
  let stormPerS = 0;
  let gust = 0;
  let spendings: { n: number; release: string; pieces: 1 | -1 }[] = [];
  let carriedEntry = 0;

  function commit(statement: Statement): void {
    const { says } = statement;
    const key = `${says.company}/${says.waybill}`;
    if (says.kind === "release") records.set(key, recordOf(says, records.get(key)));
    else {
      const others = (holds.get(key) ?? []).filter((hold) => hold.reference !== says.reference);
      const own: Hold = { authority: "customs", kind: says.holdKind, reference: says.reference, placedAtMs: 0 };
      holds.set(key, says.kind === "hold" ? [...others, own] : others);
    }
    recent.delete(key);
    recent.set(key, { company: says.company, waybill: says.waybill });
    for (const oldest of recent.keys()) {
      if (recent.size <= RECENT) break;
      recent.delete(oldest);
    }
    if (records.size > KEPT + SLACK) forget(records.size - KEPT);
    const acknowledgedNs = o.clock.nowNs();
    o.world.feedReport({ id: statement.id, sentNs: statement.saidNs, acknowledgedNs });
    o.hint({ company: says.company, waybill: says.waybill });
  }
  /** The same word again is a new version of the record, and a hint like any other. */
  function blow(mine: number): void {
    if (mine !== gust || stormPerS === 0) return;
    const known = [...recent];
    const count = isSilent ? 0 : Math.ceil((stormPerS * GUST_NS) / 1e9);
    for (let i = 0; i < count && known.length > 0; i += 1) {
      const [key, waybill] = known[i % known.length] as (typeof known)[number];
      const record = records.get(key);
      if (record !== undefined) records.set(key, { ...record, version: record.version + 1 });
      o.hint(waybill);
    }
    o.clock.after(GUST_NS, () => blow(mine));
  }
  const deliver = (): void => {
    for (const statement of waiting.splice(0)) o.clock.after(o.delayNs(), () => commit(statement));
  };
  return {
    pump() {
      waiting.push(...o.world.takeStatements());
      if (!isSilent) deliver();
    },
    silence(silent) {
      if (silent && !isSilent) silentSinceNs = o.clock.nowNs();
      isSilent = silent;
      if (!silent) deliver();
    },
    storm(perS) {
      stormPerS = perS;
      gust += 1;
      blow(gust);
    },
    look(company, waybill): Look {
      const key = `${company}/${waybill}`;
      const record = records.get(key) ?? null;
      return {
        company,
        waybill,
        result: record === null ? "miss" : "record",
        record,
        holds: holds.get(key) ?? [],
        feedAgeNs: isSilent ? o.clock.nowNs() - silentSinceNs : 0,
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
      for (const { n, release, pieces } of spendings) if (n <= upToEntry) spend(release, pieces);
      spendings = spendings.filter(({ n }) => n > upToEntry);
      carriedEntry = upToEntry;
    },
  };

  function forget(count: number): void {
    for (const key of [...records.keys()].slice(0, count)) {
      records.delete(key);
      holds.delete(key);
    }
  }
  function spend(release: string, pieces: 1 | -1): void {
    const key = release.slice(0, release.lastIndexOf("/"));
    const record = records.get(key);
    if (record !== undefined) records.set(key, { ...record, spent: record.spent + pieces });
  }
}

function recordOf(says: Extract<Statement["says"], { kind: "release" }>, before?: ReleaseRecord): ReleaseRecord {
  return {
    company: says.company,
    waybill: says.waybill,
    validFromMs: 0,
    validToMs: Number.MAX_SAFE_INTEGER,
    stream: says.stream,
    direction: says.direction,
    status: says.status,
    pieces: says.pieces,
    spent: before?.spent ?? 0,
    version: (before?.version ?? 0) + 1,
    authority: "customs",
    reference: `D-${says.waybill}`,
    eventAtMs: 0,
  };
}
