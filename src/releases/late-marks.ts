// The newest words that keep a parcel in, kept in the commit that takes them: a gateway that ends before it has told them leaves
// them to the next one.
import { encodeMark } from "./encoding.ts";
import { keepsIn, type ReleaseEvent } from "./event.ts";
import { type EventResult, type Put, readable } from "./plan.ts";
import { readMark, type Tables } from "./tables.ts";

/** More than are said while one process ends and the next begins; at the cap the oldest is written over. */
export const lateWordsKept = 1000;

/** Where the next one goes. */
const NEXT = "late";
const slotKey = (slot: number): string => `late.${slot}`;

/** @param results one for each event: what changed nothing stands there already */
export function planLate(tables: Tables, events: readonly ReleaseEvent[], results: readonly EventResult[]): Put[] {
  const words = events.filter((event, index) => keepsIn(event) && results[index]?.result === "applied");
  if (words.length === 0) return [];
  const first = nextSlot(tables);
  const kept = words.slice(-lateWordsKept);
  const puts = kept.map(({ company, waybill }, index): Put => {
    const key = slotKey((first + index) % lateWordsKept);
    return { table: "marks", key, value: encodeMark(key, { version: 0, numbers: [], texts: [company, waybill] }) };
  });
  const numbers = [(first + kept.length) % lateWordsKept];
  return [...puts, { table: "marks", key: NEXT, value: encodeMark(NEXT, { version: 0, numbers, texts: [] }) }];
}

/** The oldest first; what cannot be read is left out. */
export function readLate(tables: Tables): { company: string; waybill: string }[] {
  const first = nextSlot(tables);
  return Array.from({ length: lateWordsKept }, (_, index) => slotKey((first + index) % lateWordsKept)).flatMap(
    (key) => {
      const [company, waybill] = readable(() => readMark(tables, key))?.texts ?? [];
      return company === undefined || waybill === undefined ? [] : [{ company, waybill }];
    },
  );
}

const nextSlot = (tables: Tables): number => readable(() => readMark(tables, NEXT))?.numbers[0] ?? 0;
