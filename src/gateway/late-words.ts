// Words of customs that keep a parcel in, kept for a controller that was away or froze when they came: it is told again.
import type { ReleaseEvent } from "../releases/event.ts";
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

  /** Those that the store knew already too: whoever says them again may not have heard that they were taken. */
  note(events: readonly ReleaseEvent[], results: readonly EventResult[]): void {
    for (const [index, event] of events.entries())
      if (keepsIn(event) && results[index]?.result !== "refused") this.#add(event);
  }

  all(): readonly Waybill[] {
    return [...this.#waybills.values()];
  }

  #add({ company, waybill }: Waybill): void {
    const key = `${company}/${waybill}`;
    this.#waybills.delete(key);
    this.#waybills.set(key, { company, waybill });
    if (this.#waybills.size <= MOST) return;
    for (const oldest of this.#waybills.keys()) {
      this.#waybills.delete(oldest);
      return;
    }
  }
}

const keepsIn = (event: ReleaseEvent): boolean =>
  event.kind === "hold" || (event.kind === "release" && event.status !== "released");
