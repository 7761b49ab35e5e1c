// Words of customs that keep a parcel in, kept for a controller that was away or froze when they came: it is told again.
import { keepsIn, type ReleaseEvent } from "../releases/event.ts";
import type { Applied, EventResult } from "../releases/store.ts";

type Waybill = Applied["changed"][number];

/** The newest of them; at the cap the oldest is forgotten. Some ten minutes of a busy feed, and a restart takes seconds. */
const MOST = 5000;

/**
 * A look-up decides on what rides. But what has left is looked at only when somebody says so: a hold whose hint met no
 * controller would be a late hold of which nobody is told (law 2).
 */
export class LateWords {
  readonly #waybills = new Map<string, Waybill>();

  /** @param before those that a gateway before this one may not have told any more */
  constructor(before: readonly Waybill[] = []) {
    for (const waybill of before) this.#add(waybill);
  }

  /**
   * Those that the store knew already too: whoever says them again may not have heard that they were taken, from a gateway
   * that ended between its commit and its hint.
   * @returns each of them once
   */
  note(events: readonly ReleaseEvent[], results: readonly EventResult[]): readonly Waybill[] {
    const noted = new Map<string, Waybill>();
    for (const [index, event] of events.entries()) {
      if (!keepsIn(event) || results[index]?.result === "refused") continue;
      const { company, waybill } = event;
      noted.set(keyOf(event), { company, waybill });
    }
    for (const waybill of noted.values()) this.#add(waybill);
    return [...noted.values()];
  }

  all(): readonly Waybill[] {
    return [...this.#waybills.values()];
  }

  #add({ company, waybill }: Waybill): void {
    const key = keyOf({ company, waybill });
    this.#waybills.delete(key);
    this.#waybills.set(key, { company, waybill });
    if (this.#waybills.size <= MOST) return;
    for (const oldest of this.#waybills.keys()) {
      this.#waybills.delete(oldest);
      return;
    }
  }
}

const keyOf = ({ company, waybill }: Waybill): string => `${company}/${waybill}`;

/** Whom the controller is told to look at after a commit: what has changed, and what keeps a parcel in whether it has or not. */
export function toHint(changed: readonly Waybill[], noted: readonly Waybill[]): readonly Waybill[] {
  const known = new Set(changed.map(keyOf));
  return [...changed, ...noted.filter((waybill) => !known.has(keyOf(waybill)))];
}
