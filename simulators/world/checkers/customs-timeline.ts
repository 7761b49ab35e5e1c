// What customs had said of a waybill at an instant: bound by what was acknowledged, freed by what was sent.
import type { ParcelTruth, Statement } from "../truth.ts";

/** Waybills whose statements it keeps, those of the newest parcels: a copied label comes soon after its original. */
const KEPT = 50_000;

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

  /** What was said of further parcels, or more of those that are known. */
  learn(parcels: readonly ParcelTruth[]): void {
    for (const statement of parcels.flatMap((parcel) => parcel.statements)) {
      const key = keyOf(statement.says);
      const known = this.#byWaybill.get(key);
      if (known === undefined) this.#byWaybill.set(key, [statement]);
      else {
        const at = known.findLastIndex(({ id }) => id < statement.id) + 1;
        known.splice(at, known[at]?.id === statement.id ? 1 : 0, statement);
      }
    }
    for (const key of this.#byWaybill.keys()) {
      if (this.#byWaybill.size <= KEPT) return;
      this.#byWaybill.delete(key);
    }
  }

  /** Pieces of the newest release of a waybill, whoever its carrier is; 0: it was never released. */
  piecesOf(waybill: string): number {
    let pieces = 0;
    for (const [key, statements] of this.#byWaybill)
      if (key.endsWith(`/${waybill}`))
        for (const { says } of statements)
          if (says.kind === "release" && says.status === "released") pieces = Math.max(pieces, says.pieces);
    return pieces;
  }

  /** When the line was told of the first hold that was acknowledged after an instant, and never lifted; null: of none. */
  hintedHoldNs(parcel: { company: string; waybill: string }, o: { afterNs: number }): number | null {
    const statements = this.of(parcel);
    const isLifted = (reference: string): boolean =>
      statements.some(({ says }) => says.kind === "lift" && says.reference === reference);
    for (const { says, acknowledgedNs, hintedNs = null } of statements) {
      if (says.kind !== "hold" || isLifted(says.reference) || hintedNs === null) continue;
      if (acknowledgedNs !== null && acknowledgedNs > o.afterNs) return hintedNs;
    }
    return null;
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
