// Reads the journal's entries for the checkers: plain objects as they stand in its lines, nothing else assumed.
import type { EndFact, GuardFact, JournalView, PermitFact, TwinFact, WithdrawalFact } from "./evidence.ts";

/**
 * Entries of all runs in order; headers and checkpoints may be among them and are passed over.
 * @param durableNs world's time at which entry `n` was on the disk; null or left out: not known
 * @param writtenNs world's time at which a line was appended; null or left out: not known
 * @throws TypeError for an entry whose fields are not what its kind needs
 */
export function viewJournal(
  lines: Iterable<unknown>,
  durableNs: (n: number) => number | null = () => null,
  writtenNs: (line: unknown) => number | null = () => null,
): JournalView {
  const reader = journalReader();
  for (const line of lines) reader.read(line, { durableNs: (n) => durableNs(n), writtenNs: writtenNs(line) });
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

type When = Parameters<JournalReader["read"]>[1];

class Reader implements JournalReader {
  readonly #permits = new Map<number, PermitFact>();
  readonly #ends: EndFact[] = [];
  readonly #items = new Map<number, Set<string>>();
  readonly #ended = new Set<number>();
  readonly #lateHolds: { itemId: number; waybill: string }[] = [];
  readonly #lateHeld = new Set<string>();
  readonly #withdrawals: WithdrawalFact[] = [];
  readonly #asked = new Map<number, { gateId: string; voidUpTo: number }>();
  readonly #twins: TwinFact[] = [];
  readonly #doubts = new Map<number, number>();
  readonly #unsent = new Set<number>();
  /** Permits of a belt that its PLC tracks of which a copy went out that was not refused: the PLC may act on it. */
  readonly #heard = new Set<number>();
  readonly #tracked = new Set<number>();
  readonly #armings: { deviceId: string; atNs: number }[] = [];
  readonly #startsNs: number[] = [];
  readonly #guards: GuardFact[] = [];
  /** What each item that rides is called now, and its newest permit. */
  readonly #riding = new Map<number, string>();
  readonly #permitOf = new Map<number, PermitFact>();
  readonly view = {
    permits: this.#permits,
    ends: this.#ends,
    items: this.#items,
    lateHolds: this.#lateHolds,
    lateHeld: this.#lateHeld,
    withdrawals: this.#withdrawals,
    twins: this.#twins,
    doubts: this.#doubts,
    unsent: this.#unsent,
    armings: this.#armings,
    startsNs: this.#startsNs,
    guards: this.#guards,
    itemsForgotten: 0,
  };

  read(line: unknown, when: When): void {
    const fields = new Fields(line);
    const { writtenNs } = when;
    switch (fields.kind) {
      case "run":
        if (writtenNs !== null) this.#startsNs.push(writtenNs);
        return;
      case "item":
        this.#waybillsOf(fields.number("itemId"));
        if (fields.value("trackingId") !== undefined) this.#tracked.add(fields.number("itemId"));
        return;
      case "decision":
        return this.#decision(fields);
      case "permit":
        return this.#permit(fields, when);
      case "lastLook":
        if (fields.value("go") === true) this.#letGo(fields.number("permit"), fields.value("atNs"));
        return;
      case "operator":
        if (fields.value("accepted") === true) this.#person(fields);
        return;
      case "giveBack":
        if (fields.text("why") === "notSent") this.#unsent.add(fields.number("permit"));
        if (fields.text("why") !== "safeEnd") this.#takeBack(fields.number("permit"), writtenNs);
        return;
      case "command":
        return this.#command(fields, writtenNs);
      case "withdraw":
        this.#asked.set(fields.number("id"), { gateId: fields.text("gateId"), voidUpTo: fields.number("voidUpTo") });
        return;
      case "withdrawal": {
        const withdrawn = this.#asked.get(fields.number("id"));
        const isDone = withdrawn !== undefined && fields.text("outcome") === "done";
        if (isDone) this.#withdrawals.push({ ...withdrawn, doneNs: writtenNs });
        return;
      }
      case "device":
        if (fields.value("armed") === true && writtenNs !== null)
          this.#armings.push({ deviceId: fields.text("deviceId"), atNs: writtenNs });
        return;
      case "end":
        return this.#end(fields);
      case "lateHold": {
        const waybill = fields.text("waybill");
        this.#lateHolds.push({ itemId: fields.number("itemId"), waybill });
        this.#lateHeld.add(waybill);
        return;
      }
    }
  }

  nextSlice(): void {
    this.#ends.length = 0;
    this.#lateHolds.length = 0;
    this.#twins.length = 0;
    for (const list of [this.#withdrawals, this.#armings, this.#startsNs, this.#guards])
      list.splice(0, Math.max(0, list.length - KEPT));
    const bounded = [
      this.#permits,
      this.#asked,
      this.#doubts,
      this.#unsent,
      this.#heard,
      this.#tracked,
      this.#lateHeld,
    ];
    for (const known of bounded) for (const key of known.keys()) if (known.size > KEPT) known.delete(key as never);
    for (const itemId of this.#ended) {
      if (this.#ended.size <= KEPT) break;
      this.#ended.delete(itemId);
      if (this.#items.delete(itemId)) this.view.itemsForgotten += 1;
    }
  }

  #decision(fields: Fields): void {
    const identity = fields.part("identity");
    const itemId = fields.number("itemId");
    const waybills = this.#waybillsOf(itemId);
    if (identity.kind === "test") waybills.add(identity.text("code"));
    if (identity.kind !== "code") {
      this.#riding.delete(itemId);
      return;
    }
    waybills.add(identity.text("waybill"));
    this.#riding.set(itemId, identity.text("waybill"));
  }

  #permit(fields: Fields, { durableNs }: When): void {
    const n = fields.number("n");
    const [itemId, gateId, chuteId] = [fields.number("itemId"), fields.text("gateId"), fields.text("chuteId")];
    const permit = { n, itemId, gateId, chuteId, durableNs: durableNs(n), takenBackNs: null };
    this.#permits.set(n, permit);
    this.#permitOf.set(itemId, permit);
  }

  #person(fields: Fields): void {
    if (fields.text("command") !== "guardChute") return;
    const [, asked] = JSON.parse(fields.text("asked")) as [unknown, { chuteId: string; code: string; seconds: number }];
    const { chuteId, code, seconds } = asked;
    const atNs = fields.number("atNs");
    this.#guards.push({ n: fields.number("n"), chuteId, code, atNs, untilNs: atNs + seconds * 1e9 });
  }

  #letGo(n: number, atNs: unknown): void {
    const permit = this.#permits.get(n);
    if (permit !== undefined && typeof atNs === "number") permit.letGoNs = atNs;
    const waybill = permit === undefined ? undefined : this.#riding.get(permit.itemId);
    if (permit === undefined || waybill === undefined) return;
    let riders = 0;
    for (const other of this.#riding.values()) if (other === waybill) riders += 1;
    if (riders > 1) this.#twins.push({ permit: n, chuteId: permit.chuteId, waybill, riders });
  }

  #command(fields: Fields, writtenNs: number | null): void {
    const n = fields.number("permit");
    const outcome = fields.text("outcome");
    if (outcome === "inDoubt" && writtenNs !== null) this.#doubts.set(n, writtenNs);
    if (outcome !== "notSent" && outcome !== "refused") {
      if (this.#isTracked(n)) this.#heard.add(n);
      return;
    }
    // A destination goes out in copies under one number: that the last one was not sent says nothing of those before it.
    if (outcome === "notSent" && this.#heard.has(n)) return;
    this.#unsent.add(n);
    this.#takeBack(n, writtenNs);
  }

  #isTracked(n: number): boolean {
    return this.#tracked.has(this.#permits.get(n)?.itemId ?? Number.NaN);
  }

  #takeBack(n: number, writtenNs: number | null): void {
    const permit = this.#permits.get(n);
    if (permit !== undefined) permit.takenBackNs ??= writtenNs;
  }

  #end(fields: Fields): void {
    const itemId = fields.number("itemId");
    this.#ended.add(itemId);
    this.#riding.delete(itemId);
    const reason = fields.text("reason");
    if (reason === "CHUTE_EYE_SILENT") this.#missed(itemId, fields.value("atNs"));
    this.#permitOf.delete(itemId);
    this.#ends.push({
      n: fields.number("n"),
      itemId,
      end: fields.text("end"),
      chuteId: fields.textOrNull("chuteId"),
      reason,
      waybill: fields.textOrNull("waybill"),
    });
  }

  #missed(itemId: number, atNs: unknown): void {
    const permit = this.#permitOf.get(itemId);
    if (permit !== undefined && typeof atNs === "number") permit.missedNs = atNs;
  }

  #waybillsOf(itemId: number): Set<string> {
    let known = this.#items.get(itemId);
    if (known === undefined) {
      known = new Set();
      this.#items.set(itemId, known);
    }
    return known;
  }
}

export const journalReader = (): JournalReader => new Reader();

class Fields {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== "object" || value === null) throw new TypeError("journal: a line is not a JSON object");
    this.#value = value as Record<string, unknown>;
  }

  get kind(): unknown {
    return this.#value["kind"];
  }

  value(name: string): unknown {
    return this.#value[name];
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
