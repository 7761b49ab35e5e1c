// What the line core remembers of a destination, as part of its permit.
import type { WithdrawalOutcome } from "../device-words.ts";

/** Its permit is fired once a copy may have reached the PLC, and done when the PLC has taken it. */
export interface Destination {
  trackingId: number;
  /** Copies that were let go. */
  copies: number;
  /** The device has a copy, or is still asking for it. */
  isUnderWay: boolean;
  /** The destination was changed to the safe end; `answer` null: the PLC has not said yet. */
  recall: { id: number; sinceUm: number; why: string; answer: Exclude<WithdrawalOutcome, "inDoubt"> | null } | null;
}
