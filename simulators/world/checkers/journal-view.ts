// Reads the journal's entries for the checkers: plain objects as they stand in its lines, nothing else assumed.
import type { EndFact, JournalView, PermitFact } from "./evidence.ts";

/**
 * Entries of all runs in order; headers and checkpoints may be among them and are passed over.
 * @param durableNs world's time at which entry `n` was on the disk; null or left out: not known
 * @throws TypeError for an entry whose fields are not what its kind needs
 */
export function viewJournal(
  lines: Iterable<unknown>,
  durableNs: (n: number) => number | null = () => null,
): JournalView {
  const permits = new Map<number, PermitFact>();
  const ends: EndFact[] = [];
  const items = new Map<number, Set<string>>();
  const lateHolds: { itemId: number; waybill: string }[] = [];
  const waybillsOf = (itemId: number): Set<string> => {
    const known = items.get(itemId) ?? new Set();
    items.set(itemId, known);
    return known;
  };
  for (const line of lines) {
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
      case "end":
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
  }
  return { permits, ends, items, lateHolds };
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
