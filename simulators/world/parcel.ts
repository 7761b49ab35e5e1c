// A parcel before it is on the belt: its body, its labels, what customs will say of it and when.
import type { Direction, Stream } from "./plan.ts";

/** What becomes of a parcel at customs, told apart by what the line must do with it. */
export type Fate =
  /** Released long before it is scanned. */
  | "released"
  /** Pending when scanned, released while it rides. */
  | "releasedRiding"
  /** Released when scanned, held while it rides. */
  | "heldRiding"
  | "pending"
  /** Declared released, but with a hold on it. */
  | "held"
  /** Declared released, with two holds on it of which one is lifted. */
  | "partlyLifted"
  | "inspect"
  | "return"
  | "withoutRecord"
  /** None of customs': a person who commissions the line has laid it down. */
  | "test"
  /** Bears the label of an earlier parcel, whose release is for one piece. */
  | "copied";

export interface ParcelPlan {
  id: string;
  beltId: string;
  lengthUm: number;
  /** From the front of the parcel before to this one's front, µm of belt travel, at least. */
  pitchUm: number;
  company: string;
  /** The waybill on its label. */
  waybill: string;
  /** What a scanner finds on it besides its waybill; a second waybill makes it unidentifiable. */
  otherCodes: readonly string[];
  /** The scanner cannot read it. */
  unreadable: boolean;
  /** It touches the one ahead, and one telegram bears the codes of both; left out: it has one of its own. */
  isReadWithAhead?: boolean;
  stream: Stream;
  direction: Direction;
  fate: Fate;
  /** The parcel whose label it bears. */
  copyOf: string | null;
  statements: readonly StatementPlan[];
}

/** Something that customs says, and when: ahead of the parcel, or when its front is at `frontUm`. */
export interface StatementPlan {
  frontUm: number | null;
  says: Saying;
}

export type Saying =
  | {
      kind: "release";
      company: string;
      waybill: string;
      stream: Stream;
      direction: Direction;
      status: "released" | "pending" | "inspect" | "hold" | "return";
      pieces: number;
    }
  | { kind: "hold" | "lift"; company: string; waybill: string; holdKind: string; reference: string };

/** Where parcels come from; null: no more. */
export interface ParcelSource {
  next(): ParcelPlan | null;
}

/** Parcels as written down, for tests of one situation. */
export function listedParcels(parcels: readonly ParcelPlan[]): ParcelSource {
  let index = 0;
  return { next: () => parcels[index++] ?? null };
}
