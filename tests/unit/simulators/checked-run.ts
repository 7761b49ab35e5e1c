// A run written by hand for tests of the checkers: parcels, customs' words, commands and journal that agree, until changed.
import type { Command, Evidence } from "../../../simulators/world/checkers/evidence.ts";
import { viewJournal } from "../../../simulators/world/checkers/journal-view.ts";
import type { ParcelTruth, Statement, Swing } from "../../../simulators/world/truth.ts";
import { smallPlan } from "./small-world.ts";

const MS = 1_000_000;

/** What customs said, of a waybill that the run fills in. */
type Words = (waybill: string, id: number) => Statement;
type Timing = { sentNs?: number; acknowledgedNs?: number };

const timing = ({ sentNs = 0, acknowledgedNs = sentNs }: Timing) => ({ saidNs: 0, sentNs, acknowledgedNs });

export const customsSays = {
  release:
    (o: Timing & { status?: "released" | "pending" | "inspect"; pieces?: number }): Words =>
    (waybill, id) => {
      const { status = "released", pieces = 1 } = o;
      const says = {
        kind: "release",
        company: "EMS",
        waybill,
        stream: "express",
        direction: "import",
        status,
        pieces,
      } as const;
      return { id, says, ...timing(o) };
    },
  hold: (o: Timing & { reference?: string; hintedNs?: number }): Words => held("hold", o),
  lift: (o: Timing & { reference?: string }): Words => held("lift", o),
};

function held(kind: "hold" | "lift", o: Timing & { reference?: string; hintedNs?: number }): Words {
  const { reference = "H1", hintedNs } = o;
  return (waybill, id) => ({
    id,
    says: { kind, company: "EMS", waybill, holdKind: "control", reference },
    ...timing(o),
    ...(hintedNs === undefined ? {} : { hintedNs }),
  });
}

type Parcel = Partial<Omit<ParcelTruth, "statements" | "reads">> & { statements?: Words[]; codes?: string[] };
type InAChute = Extract<ParcelTruth["end"], { kind: "chute" }>;

interface Passage {
  gateId?: string;
  chuteId?: string;
  commandNs?: number;
  lookNs?: number;
  passedNs?: number;
  isPermitted?: boolean;
  /** How far past its gate its front was when the gate came out. */
  caughtUm?: number;
  /** When; left out: when it was gone. */
  caughtNs?: number;
  /** Where the journal says it arrived. */
  claims?: string;
}

export class Run {
  readonly parcels: ParcelTruth[] = [];
  readonly commands: Command[] = [];
  readonly swings: Swing[] = [];
  readonly journal: Record<string, unknown>[] = [];
  /** When every entry was durable. */
  durableNs: number | null = null;
  #statements = 0;
  #entries = 0;

  /** Read at 1 s, commanded at 5 s and gone at 5.2 s, unless told otherwise; released unless told otherwise. */
  sendsOut(id: string, parcel: Parcel = {}, passage: Passage = {}): void {
    const { gateId = "g1", chuteId = "out", commandNs = 5000 * MS, isPermitted = true } = passage;
    const { passedNs = commandNs + 200 * MS, lookNs = null, claims = chuteId, caughtUm, caughtNs = passedNs } = passage;
    const where: InAChute = { kind: "chute", chuteId, gateId, passedNs, atNs: passedNs + 100 * MS };
    const end = caughtUm === undefined ? where : { ...where, caughtUm, caughtNs };
    const truth = this.#parcel(id, { end, ...parcel });
    const itemId = this.#item(truth, "RELEASED");
    this.swings.push({ gateId, chuteId, fromNs: commandNs + 50 * MS, untilNs: passedNs + 50 * MS });
    if (isPermitted) this.#entry({ kind: "permit", itemId, gateId, chuteId });
    this.commands.push({ gateId, atNs: commandNs, sequence: this.#entries, lookNs });
    this.#end(truth, { itemId, chuteId: claims, reason: "RELEASED" });
  }

  ridesToEnd(id: string, parcel: Parcel = {}): void {
    const end = { kind: "chute", chuteId: "end", gateId: null, passedNs: 7000 * MS, atNs: 7000 * MS } as const;
    const truth = this.#parcel(id, { end, ...parcel });
    const itemId = this.#item(truth, "PENDING");
    this.#end(truth, { itemId, chuteId: "end", reason: "PENDING" });
  }

  evidence(): Evidence {
    const chutes = smallPlan.chutes.map(({ id, zone }) => ({ id, zone }));
    const { parcels, swings, commands } = this;
    return {
      truth: { seed: 1, atNs: 10_000 * MS, chutes, parcels, swings, forgotten: 0 },
      commands,
      journal: viewJournal(
        this.journal,
        () => this.durableNs,
        (line) => (line as { writtenNs?: number }).writtenNs ?? null,
      ),
      isComplete: true,
    };
  }

  #parcel(id: string, { statements = [customsSays.release({})], codes, ...over }: Parcel): ParcelTruth {
    const waybill = over.waybill ?? `W-${id}`;
    const parcel: ParcelTruth = {
      id,
      beltId: "b",
      lengthUm: 200_000,
      company: "EMS",
      waybill,
      otherCodes: [],
      unreadable: false,
      stream: "express",
      direction: "import",
      fate: "released",
      copyOf: null,
      fedNs: 0,
      reads: [{ scannerId: "scan", atNs: 1000 * MS, codes: codes ?? [waybill] }],
      statements: statements.map((words) => {
        this.#statements += 1;
        return words(waybill, this.#statements);
      }),
      bounces: [],
      end: { kind: "onBelt", frontUm: 0 },
      ...over,
    };
    this.parcels.push(parcel);
    return parcel;
  }

  #item({ waybill }: ParcelTruth, why: string): number {
    const itemId = this.parcels.length;
    this.#entry({ kind: "item", itemId });
    this.#entry({ kind: "decision", itemId, identity: { kind: "code", waybill }, why });
    return itemId;
  }

  #end({ waybill }: ParcelTruth, o: { itemId: number; chuteId: string; reason: string }): void {
    this.#entry({ kind: "end", ...o, end: "arrived", possiblyOutbound: false, waybill });
  }

  #entry(fields: Record<string, unknown>): void {
    this.#entries += 1;
    this.journal.push({ n: this.#entries, ...fields });
  }
}
