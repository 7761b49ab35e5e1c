// What the law is asked: may this item be sent into this chute? Plain facts, gathered by the interlock.
import type { Refusal } from "../entry.ts";
import type { Disposition, Zone } from "../layout.ts";
import type { Hold, ReleaseRecord } from "../release.ts";
import type { StorageState } from "../step.ts";

export interface Question {
  /** plan: when the way is chosen; lastLook: in the turn in which the command is written. */
  phase: "plan" | "lastLook";
  chuteId: string;
  zone: Zone;
  /** For whom its container was filled so far; null: nothing is in it, as far as anybody knows. */
  container: Zone | null;
  /** Customs. */
  disposition: Disposition;
  record: ReleaseRecord | null;
  holds: readonly Hold[];
  piecesLeft: number;
  ledgerFull: boolean;
  /** For this configuration, a test parcel has come to each chute. */
  isCommissioned: boolean;
  /** It is no parcel of customs', but the one test parcel for which a person stands at this very chute. */
  isGuardedTest: boolean;
  /** The gate. */
  gateArmed: boolean;
  gateInDoubt: boolean;
  gateWithdrawing: boolean;
  /** Belt position from which it may be moved for this chute: home from the last one, and rested. */
  gateFreeUm: number;
  /** Out, though no permit of ours has it out. */
  gateAstray: boolean;
  runPermit: boolean;
  /** What the belt's mode says against any permit, a code of the law; null: nothing. */
  modeRefusal: string | null;
  /** Time, as belt positions: the command must be at the device within [fromUm, untilUm]. */
  positionUm: number;
  fromUm: number;
  untilUm: number;
  /** The journal. */
  entryDurable: boolean;
  storage: StorageState;
  /** Position. The gate is at the belt on which the item rides. */
  gateOnItsBelt: boolean;
  doubt: string | null;
  beltKnown: boolean;
  beltFastEnough: boolean;
  errorUm: number;
  /** An eye lies between the item and the gate, and renews its position before the command. */
  isSeenAgain: boolean;
  /** At a last look: what may stand unseen between the item's last eye and the end of the swept zone; null: nothing. */
  inTheWay: string | null;
  gapAheadUm: number;
  gapBehindUm: number;
  provedGapUm: number;
  /** Another permit of this item is out. */
  otherPermitOut: boolean;
}

/** A clause answers with a refusal, or null where it has nothing against it. */
export type Clause = (question: Question) => Refusal | null;

export const refuse = (question: Question, clause: number, code: string, detail = ""): Refusal => ({
  clause,
  code,
  chuteId: question.chuteId,
  detail,
});
