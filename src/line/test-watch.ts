// What is seen while a person waits for a test parcel: edges on its belt and at its chute, and the moves of its gate.
import { CAPS } from "./caps.ts";
import type { Guard, Seen } from "./commissioning-state.ts";
import type { EyeLayout } from "./layout.ts";
import { activeSite, count, type Turn } from "./turn.ts";

/** An eye of any belt; those of others than the guarded chute's are passed over. */
export function watchEdge(
  turn: Turn,
  o: { eye: EyeLayout; beltId: string; edge: "dark" | "light"; atNs: number; beltUm: number | null; errorUm: number },
): void {
  const { guard } = turn.state.commissioning;
  if (guard === null || !isOfItsWay(turn, guard, o)) return;
  const { eye, edge, atNs, beltUm, errorUm } = o;
  // Whoever comes now may be the one; what was seen before was somebody else.
  if (eye.role === "induction" && edge === "dark" && guard.itemId === null) guard.seen.edges = [];
  if (guard.seen.edges.length >= CAPS.testEdges) return count(turn, "testEdgesDropped");
  guard.seen.edges.push({ eyeId: eye.id, edge, atNs, beltUm, errorUm });
}

function isOfItsWay(turn: Turn, { chuteId }: Guard, o: { eye: EyeLayout; beltId: string }): boolean {
  const chute = activeSite(turn).chutes.get(chuteId);
  return chute?.beltId === o.beltId && (o.eye.role !== "chute" || chute.eyeId === o.eye.id);
}

/** The last look has let its command go, and what the device and the gate's switches say from then on. */
export function watchFired(turn: Turn, itemId: number): void {
  const { guard } = turn.state.commissioning;
  if (guard?.itemId === itemId) guard.seen.firedNs ??= turn.nowNs;
}

export function watchAnswered(turn: Turn, itemId: number): void {
  const { guard } = turn.state.commissioning;
  if (guard?.itemId === itemId) guard.seen.answeredNs ??= turn.nowNs;
}

export function watchGate(turn: Turn, gateId: string, what: "outNs" | "homewardNs" | "homeNs"): void {
  const seen = seenOf(turn, gateId);
  if (seen === null || seen.firedNs === null) return;
  // The way home begins when it was out, or was called before it could be seen there.
  if (what === "homeNs" && seen.outNs === null && seen.homewardNs === null) return;
  seen[what] ??= turn.nowNs;
}

function seenOf(turn: Turn, gateId: string): Seen | null {
  const { guard } = turn.state.commissioning;
  if (guard === null) return null;
  return activeSite(turn).chutes.get(guard.chuteId)?.gateId === gateId ? guard.seen : null;
}
