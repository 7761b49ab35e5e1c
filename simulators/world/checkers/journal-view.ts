// Reads the journal's entries for the checkers: plain objects as they stand in its lines, nothing else assumed.
import type { EndFact, JournalView, PermitFact, WithdrawalFact } from "./evidence.ts";

/**
 * Entries of all runs in order; headers and checkpoints may be among them and are passed over.
 * @param durableNs world's time at which entry `n` was on the disk; null or left out: not known
 * @throws TypeError for an entry whose fields are not what its kind needs
 */
export function viewJournal(
  lines: Iterable<unknown>,
  durableNs: (n: number) => number | null = () => null,
): JournalView {
  const reader = journalReader();
  for (const line of lines) reader.read(line, { durableNs: (n) => durableNs(n), writtenNs: null });
  return reader.view;
}

/** Reads a journal line by line; what is read can be forgotten again, so that its length does not matter. */
export interface JournalReader {
  view: JournalView;
  /** @throws TypeError for an entry whose fields are not what its kind needs */
  read(line: unknown, when: { durableNs: (n: number) => number | null; writtenNs: number | null }): void;
  /** The ends and late holds read so far are another slice's; permits and items beyond the newest are forgotten. */
  nextSlice(): void;
}

/** Permits, items with an end and withdrawals that are kept from slice to slice: some twenty minutes of a full belt. */
const KEPT = 4000;

export function journalReader(): JournalReader {
  const permits = new Map<number, PermitFact>();
  const ends: EndFact[] = [];
  const items = new Map<number, Set<string>>();
  const ended = new Set<number>();
  const lateHolds: { itemId: number; waybill: string }[] = [];
  const withdrawals: WithdrawalFact[] = [];
  const asked = new Map<number, { gateId: string; voidUpTo: number }>();
  const view = { permits, ends, items, lateHolds, withdrawals, itemsForgotten: 0 };
  const waybillsOf = (itemId: number): Set<string> => {
    let known = items.get(itemId);
    if (known === undefined) {
      known = new Set();
      items.set(itemId, known);
    }
    return known;
  };
  const read: JournalReader["read"] = (line, { durableNs, writtenNs }) => {
    const fields = new Fields(line);
    switch (fields.kind) {
      case "item":
        waybillsOf(fields.number("itemId"));
        break;
      case "decision": {
        const identity = fields.part("identity");
        const waybills = waybillsOf(fields.number("itemId"));
        if (identity.kind === "code") waybills.add(identity.text("waybill"));
        break;
      }
      case "permit": {
        const n = fields.number("n");
        const [itemId, gateId, chuteId] = [fields.number("itemId"), fields.text("gateId"), fields.text("chuteId")];
        permits.set(n, { n, itemId, gateId, chuteId, durableNs: durableNs(n) });
        break;
      }
      case "withdraw":
        asked.set(fields.number("id"), { gateId: fields.text("gateId"), voidUpTo: fields.number("voidUpTo") });
        break;
      case "withdrawal": {
        const withdrawn = asked.get(fields.number("id"));
        const isDone = withdrawn !== undefined && fields.text("outcome") === "done";
        if (isDone) withdrawals.push({ ...withdrawn, doneNs: writtenNs });
        break;
      }
      case "end":
        ended.add(fields.number("itemId"));
        ends.push({
          n: fields.number("n"),
          itemId: fields.number("itemId"),
          end: fields.text("end"),
          chuteId: fields.textOrNull("chuteId"),
          reason: fields.text("reason"),
          waybill: fields.textOrNull("waybill"),
        });
        break;
      case "lateHold":
        lateHolds.push({ itemId: fields.number("itemId"), waybill: fields.text("waybill") });
        break;
    }
  };
  return {
    view,
    read,
    nextSlice() {
      ends.length = 0;
      lateHolds.length = 0;
      withdrawals.splice(0, Math.max(0, withdrawals.length - KEPT));
      for (const known of [permits, asked]) for (const key of known.keys()) if (known.size > KEPT) known.delete(key);
      for (const itemId of ended) {
        if (ended.size <= KEPT) break;
        ended.delete(itemId);
        if (items.delete(itemId)) view.itemsForgotten += 1;
      }
    },
  };
}

class Fields {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== "object" || value === null) throw new TypeError("journal: a line is not a JSON object");
    this.#value = value as Record<string, unknown>;
  }

  get kind(): unknown {
    return this.#value["kind"];
  }

  number(name: string): number {
    const value = this.#value[name];
    return typeof value === "number" ? value : this.#wrong(name, "a number");
  }

  text(name: string): string {
    const value = this.#value[name];
    return typeof value === "string" ? value : this.#wrong(name, "a text");
  }

  textOrNull(name: string): string | null {
    return this.#value[name] === null ? null : this.text(name);
  }

  part(name: string): Fields {
    return new Fields(this.#value[name]);
  }

  #wrong(name: string, wanted: string): never {
    throw new TypeError(`journal: ${String(this.kind)} ${String(this.#value["n"])}: ${name} is not ${wanted}`);
  }
}
