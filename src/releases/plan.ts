// What a batch of events will write, worked out from what is stored now and before anything is written.
import { type AdmissionRefusal, refusal } from "./admission.ts";
import { encodeDeclarations, encodeHolds, encodeMark, type Stored, type StoredDeclarations } from "./encoding.ts";
import type { ReleaseEvent } from "./event.ts";
import { markKeys, readDeclarations, readHolds, readLedger, type Tables, waybillKey } from "./tables.ts";
import { DamagedValue } from "./value-bytes.ts";
import { applyDeclaration, applyHold, type Declarations, type HoldMarks } from "./waybill.ts";

/** One write; `value` null removes the key. */
export interface Put {
  table: Exclude<keyof Tables, "root">;
  key: string;
  value: Buffer | null;
}

export interface Plan<T> {
  puts: readonly Put[];
  result: T;
}

/** When, on the monotonic clock of which boot, the feed gave its last sign of life. */
export interface Heartbeat {
  bootId: string;
  monotonicNs: number;
  /** Wall time then, ms since 1970: the monotonic clock stands while the machine is suspended. Left out: not known. */
  wallMs?: number;
}

export type EventResult =
  | { result: "applied" | "unchanged" }
  | { result: "refused"; code: AdmissionRefusal["code"] | "RELEASE_VALUE_DAMAGED"; message: string };

export interface Applied {
  applied: number;
  unchanged: number;
  refused: number;
  /** One for each event, in order. */
  results: readonly EventResult[];
  /** Each waybill that changed, once: what the controller is told to look at again. */
  changed: readonly { company: string; waybill: string }[];
}

/** A waybill as stored and as the batch leaves it; null for what cannot be read. */
interface Draft {
  key: string;
  company: string;
  waybill: string;
  stored: { declarations: StoredDeclarations | null; holds: Stored<HoldMarks> | null };
  declarations: Declarations;
  holds: HoldMarks;
}

export function planEvents(
  tables: Tables,
  events: readonly ReleaseEvent[],
  o: { version: number; nowMs: number },
): Plan<Applied> {
  const drafts = new Map<string, Draft>();
  const results = events.map((event): EventResult => {
    const refused = refusal(event, o.nowMs);
    if (refused !== null) return { result: "refused", ...refused };
    const key = waybillKey(event.company, event.waybill);
    const draft = drafts.get(key) ?? openDraft(tables, key, event);
    drafts.set(key, draft);
    return applyTo(draft, event);
  });
  const changed = [...drafts.values()].filter(hasChanged);
  const count = (result: EventResult["result"]): number => results.filter((r) => r.result === result).length;
  return {
    puts: changed.flatMap((draft) => putsOf(tables, draft, o.version)),
    result: {
      applied: count("applied"),
      unchanged: count("unchanged"),
      refused: count("refused"),
      results,
      changed: changed.map(({ company, waybill }) => ({ company, waybill })),
    },
  };
}

export function planHeartbeat(heartbeat: Heartbeat): Put {
  // 48 bits of nanoseconds would last three days: seconds and the rest are stored apart.
  const seconds = Math.floor(heartbeat.monotonicNs / 1_000_000_000);
  const { wallMs } = heartbeat;
  const at = wallMs === undefined ? [] : [wallMs];
  const numbers = [seconds, heartbeat.monotonicNs - seconds * 1_000_000_000, ...at];
  const key = markKeys.heartbeat;
  return { table: "marks", key, value: encodeMark(key, { version: 0, numbers, texts: [heartbeat.bootId] }) };
}

/** Null when the value is damaged; any other failure is thrown. */
export function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedValue) return null;
    throw error;
  }
}

function openDraft(tables: Tables, key: string, name: { company: string; waybill: string }): Draft {
  const declarations = readable(() => readDeclarations(tables, key));
  const holds = readable(() => readHolds(tables, key));
  return {
    key,
    company: name.company,
    waybill: name.waybill,
    stored: { declarations, holds },
    declarations: declarations?.value ?? [],
    holds: holds?.value ?? [],
  };
}

/** A damaged waybill refuses what would overwrite the damage: its look-ups are errors until the store is rebuilt. */
function applyTo(draft: Draft, event: ReleaseEvent): EventResult {
  if ((event.kind === "release" ? draft.stored.declarations : draft.stored.holds) === null) {
    const message = `what is stored of ${draft.key} cannot be read: rebuild the store`;
    return { result: "refused", code: "RELEASE_VALUE_DAMAGED", message };
  }
  const { declarations, holds } = draft;
  if (event.kind === "release") draft.declarations = applyDeclaration(declarations, event);
  else draft.holds = applyHold(holds, event);
  const isNew = draft.declarations !== declarations || draft.holds !== holds;
  return { result: isNew ? "applied" : "unchanged" };
}

const declarationsChanged = (draft: Draft): boolean =>
  draft.stored.declarations !== null && draft.declarations !== draft.stored.declarations.value;
const holdsChanged = (draft: Draft): boolean => draft.stored.holds !== null && draft.holds !== draft.stored.holds.value;
const hasChanged = (draft: Draft): boolean => declarationsChanged(draft) || holdsChanged(draft);

/** Holds and declarations name each other's version; what did not match before must not match afterwards. */
function putsOf(tables: Tables, draft: Draft, version: number): Put[] {
  const { key, declarations, stored } = draft;
  const puts: Put[] = [];
  if (holdsChanged(draft)) {
    puts.push({ table: "holds", key, value: encodeHolds(key, { version, value: draft.holds }) });
  }
  if (stored.declarations === null || declarations.length === 0) return puts;
  const isFirst = stored.declarations.version === 0;
  const before = isFirst ? (stored.holds?.version ?? 0) : stored.declarations.holdsVersion;
  const holdsVersion = holdsChanged(draft) && before === stored.holds?.version ? version : before;
  const ledgerVersion = isFirst
    ? (readable(() => readLedger(tables, key))?.version ?? 0)
    : stored.declarations.ledgerVersion;
  const entry = { version, value: declarations, holdsVersion, ledgerVersion };
  puts.push({ table: "declarations", key, value: encodeDeclarations(key, entry) });
  return puts;
}
