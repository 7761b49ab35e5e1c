// What moved gates have shown, against what line.yaml says of them: where it differs, in words and ready to paste.
import type { JogResult } from "../../line/plant-state.ts";

/** The bus comes before the travel, and a switch is seen with the next poll: so much later than it closed, at most. */
export interface GateSays {
  gateId: string;
  travelMs: number;
  busMs: number;
  seesOut: boolean;
  seesHome: boolean;
  pollMs: number;
}

export interface Finding {
  gateId: string;
  text: string;
  /** For the gate's entry in line.yaml; null: nothing to paste. */
  paste: string | null;
}

/** Roughly the next number that a person would write. */
const STEP_MS = 5;

/** @param results of one gate that ended as they should */
export function findingsOf(says: GateSays, results: readonly JogResult[]): Finding[] {
  const found: Finding[] = [];
  const add = (text: string, paste: string | null = null) => found.push({ gateId: says.gateId, text, paste });
  const travelMs = worstMs(results.flatMap(({ outNs, homeNs }) => [outNs, homeNs]));
  const busMs = worstMs(results.map(({ answeredNs }) => answeredNs));
  if (travelMs !== null && travelMs > says.travelMs + says.busMs + says.pollMs)
    add(`took ${travelMs} ms to a switch, and travelMs says ${says.travelMs}`, `travelMs: ${upTo(travelMs)}`);
  if (busMs !== null && busMs > says.busMs)
    add(`its device answered after ${busMs} ms, and busMs says ${says.busMs}`, `busMs: ${upTo(busMs)}`);
  if (says.seesOut && results.some(({ outNs }) => outNs === null)) add("was not seen out: outInput, air, or the gate");
  if (says.seesHome && results.some(({ homeNs }) => homeNs === null)) add("was not seen home: homeInput, or the gate");
  return found;
}

const upTo = (ms: number): number => Math.ceil(ms / STEP_MS) * STEP_MS;

function worstMs(times: readonly (number | null)[]): number | null {
  const known = times.filter((ns) => ns !== null);
  return known.length === 0 ? null : Math.ceil(Math.max(...known) / 1e6);
}
