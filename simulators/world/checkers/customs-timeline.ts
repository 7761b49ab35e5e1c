// What customs had said of a waybill at an instant: bound by what was acknowledged, freed by what was sent.
import type { Statement, Truth } from "../truth.ts";

export interface Standing {
  /** A hold stood: acknowledged by then, and no lift of it was even sent. */
  holds: readonly string[];
  /** Customs had released it: said so by then, and no other status was acknowledged after that. */
  isReleased: boolean;
  /** Pieces that were released by then. */
  pieces: number;
}

export class CustomsTimeline {
  readonly #byWaybill = new Map<string, Statement[]>();

  constructor(truth: Truth) {
    for (const statement of truth.parcels.flatMap((parcel) => parcel.statements)) {
      const key = keyOf(statement.says);
      this.#byWaybill.set(key, [...(this.#byWaybill.get(key) ?? []), statement]);
    }
    for (const statements of this.#byWaybill.values()) statements.sort((a, b) => a.id - b.id);
  }

  of(parcel: { company: string; waybill: string }): readonly Statement[] {
    return this.#byWaybill.get(keyOf(parcel)) ?? [];
  }

  /**
   * Between sending and acknowledgement both answers are right, so that each side has the benefit of it: a hold counts
   * from its acknowledgement at `holdsAtNs`, a release from its sending at `releasedAtNs`.
   */
  standing(parcel: { company: string; waybill: string }, o: { holdsAtNs: number; releasedAtNs: number }): Standing {
    const holds = new Set<string>();
    let isReleased = false;
    let pieces = 0;
    for (const { says, sentNs, acknowledgedNs } of this.of(parcel)) {
      const wasSent = sentNs !== null && sentNs <= o.releasedAtNs;
      const wasAcknowledged = acknowledgedNs !== null && acknowledgedNs <= o.holdsAtNs;
      if (says.kind === "hold" && wasAcknowledged) holds.add(says.reference);
      if (says.kind === "lift" && wasSent) holds.delete(says.reference);
      if (says.kind !== "release") continue;
      if (says.status === "released" && wasSent) {
        isReleased = true;
        pieces = says.pieces;
      } else if (says.status !== "released" && wasAcknowledged) isReleased = false;
    }
    return { holds: [...holds], isReleased, pieces };
  }
}

const keyOf = ({ company, waybill }: { company: string; waybill: string }): string => `${company}/${waybill}`;
