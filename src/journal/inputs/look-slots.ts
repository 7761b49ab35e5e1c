// Answers of look-ups that were written down before: the next one that is the same points back to it.
import type { Look } from "../../line/release.ts";
import { LOOK_SLOTS } from "./words.ts";

/** How fresh the feed is, and how far spending was carried over, are told each time. */
const TOLD_APART: ReadonlySet<string> = new Set<keyof Look>(["feedAgeNs", "carriedEntry"]);

export class LookSlots {
  #looks: Look[] = [];
  readonly #slotOf = new Map<string, number>();
  #next = 0;

  /** The slot of an answer that is the same but for what is told apart. */
  find(look: Look): number | null {
    const slot = this.#slotOf.get(keyOf(look));
    const known = slot === undefined ? undefined : this.#looks[slot];
    return slot !== undefined && known !== undefined && isSame(known, look, TOLD_APART) ? slot : null;
  }

  put(look: Look): void {
    const slot = this.#next;
    this.#next = (slot + 1) % LOOK_SLOTS;
    const oldest = this.#looks[slot];
    if (oldest !== undefined && this.#slotOf.get(keyOf(oldest)) === slot) this.#slotOf.delete(keyOf(oldest));
    this.#looks[slot] = look;
    this.#slotOf.set(keyOf(look), slot);
  }

  /** @throws Error when there is none: the lines before are missing */
  at(slot: number): Look {
    const look = this.#looks[slot];
    if (look === undefined) throw new Error(`it points back to look-up ${slot}, which this segment does not hold`);
    return look;
  }

  clear(): void {
    this.#looks = [];
    this.#slotOf.clear();
    this.#next = 0;
  }
}

const keyOf = (look: Look): string => `${look.company}/${look.waybill}`;
const NOTHING: ReadonlySet<string> = new Set();

/** The same text in JSON, the order of the members included. */
function isSame(a: unknown, b: unknown, apart: ReadonlySet<string> = NOTHING): boolean {
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return Object.is(a, b);
  if (a === b) return true;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  const others = Object.keys(b);
  if (keys.length !== others.length) return false;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as string;
    if (others[at] !== key) return false;
    if (apart.has(key)) continue;
    if (!isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  return true;
}
