// Whether customs' parcels may leave at all: for this very configuration, a test parcel has come to each chute.
import { clear, raise } from "./alarms.ts";
import { type Commissioning, noCommissioning, type Proof } from "./commissioning-state.ts";
import type { LineLayout } from "./layout.ts";
import { activeLayout, journal, type Turn } from "./turn.ts";

/** Where the plant is a simulated one, nothing has to be proved. */
export function isCommissioned(turn: Turn): boolean {
  const wanted = activeLayout(turn).commissioning;
  const { plantHash, isComplete } = turn.state.commissioning;
  return wanted === undefined || (isComplete && plantHash === wanted.plantHash);
}

/** What was proved for another configuration counts for this one no more, nor when that one comes back. */
export function adoptPlant(turn: Turn, layout: LineLayout): void {
  const plantHash = layout.commissioning?.plantHash ?? "";
  if (turn.state.commissioning.plantHash !== plantHash) beginAnew(turn, { plantHash, why: "newPlant" });
  judgeProofs(turn, layout);
}

/** Nothing is proved from here on, and whoever stands at a chute stands there for nothing. */
export function beginAnew(turn: Turn, o: { plantHash: string; why: "newPlant" | "person" }): void {
  turn.state.commissioning = { ...noCommissioning(), plantHash: o.plantHash };
  journal(turn, { kind: "commissioning", ...o });
}

export function prove(turn: Turn, proof: Omit<Proof, "entry"> & { chuteId: string; command: string }): void {
  const { chuteId, command, ...rest } = proof;
  const entry = journal(turn, { kind: "proof", chuteId, command, ...rest });
  turn.state.commissioning.proofs.set(chuteId, { ...rest, entry });
  judgeProofs(turn, activeLayout(turn));
}

export function judgeProofs(turn: Turn, layout: LineLayout): void {
  const { commissioning } = turn.state;
  const missing = unproved(commissioning, layout);
  commissioning.isComplete = missing.length === 0;
  const alarm = { code: "LINE_NOT_COMMISSIONED", source: layout.siteId } as const;
  if (isCommissioned(turn)) clear(turn, alarm);
  else raise(turn, { ...alarm, detail: `${missing.length} of ${layout.chutes.length} chutes` });
}

/** Chutes in the order of the layout. */
export const unproved = ({ proofs }: Commissioning, { chutes }: LineLayout): string[] =>
  chutes.map(({ id }) => id).filter((id) => !proofs.has(id));
