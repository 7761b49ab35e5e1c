// What test parcels have shown of a gate and its chute, against the configuration: bus, travel and slide.
import type { TestResult } from "../../line/commissioning-state.ts";
import type { Difference } from "./belt-findings.ts";

/** The bus comes before the travel, and a switch is seen with the next poll. */
export interface WaySays {
  chuteId: string;
  /** null: the belt's end. */
  gate: {
    id: string;
    busMs: number;
    travelMs: number;
    pollMs: number;
    seesOut: boolean;
    /** How long before the PLC's last word its destination is sent; null: the gate is told to move. */
    aheadMs: number | null;
  } | null;
  /** By chutes.yaml; null: its arrivals are not seen. */
  slideMs: readonly [number, number] | null;
}

export interface WayTimes {
  answeredMs: number | null;
  outMs: number | null;
  homeMs: number | null;
  slideMs: number | null;
}

/** Times as people write them. */
const STEP_MS = 5;
/** A slide is never the same twice: so much of room on either side of what was seen. */
const SLIDE_ROOM = 0.3;

export function timesOf(result: TestResult): WayTimes {
  const { firedNs, answeredNs, outNs, homewardNs, homeNs, atGateNs, edges } = result;
  const took = (fromNs: number | null, toNs: number | null | undefined): number | null =>
    fromNs === null || toNs == null ? null : Math.round((toNs - fromNs) / 1e6);
  const mouth = edges.findLast(({ edge, beltUm }) => edge === "dark" && beltUm === null);
  return {
    answeredMs: took(firedNs, answeredNs),
    outMs: took(firedNs, outNs),
    homeMs: took(homewardNs, homeNs),
    slideMs: result.isProved ? took(atGateNs, mouth?.atNs) : null,
  };
}

export function wayDifferences(says: WaySays, result: TestResult): Difference[] {
  const times = timesOf(result);
  const found: Difference[] = [];
  const { gate, slideMs } = says;
  if (gate !== null) {
    const about = `gate ${gate.id}`;
    const allowedMs = gate.travelMs + gate.busMs + gate.pollMs;
    const travelMs = Math.max(times.outMs ?? 0, times.homeMs ?? 0);
    if (travelMs > allowedMs)
      found.push({
        about,
        text: `took ${travelMs} ms to a switch, and travelMs says ${gate.travelMs}`,
        paste: `travelMs: ${upTo(travelMs - gate.busMs)}`,
      });
    found.push(...answer(gate, times.answeredMs));
    if (gate.seesOut && result.isProved && times.outMs === null)
      found.push({ about, text: "was not seen out: outInput, air, or the gate", paste: null });
  }
  if (slideMs !== null && times.slideMs !== null && (times.slideMs < slideMs[0] || times.slideMs > slideMs[1])) {
    const [least, most] = [times.slideMs * (1 - SLIDE_ROOM), times.slideMs * (1 + SLIDE_ROOM)];
    found.push({
      about: `chute ${says.chuteId}`,
      text: `its eye saw the parcel ${times.slideMs} ms after the gate, and slideMs says ${slideMs[0]} to ${slideMs[1]}`,
      paste: `slideMs: [${Math.floor(Math.min(least, slideMs[0]))}, ${Math.ceil(Math.max(most, slideMs[1]))}]`,
    });
  }
  return found;
}

/** A gate's command is planned by its bus; a destination has to be acknowledged before the PLC's last word. */
function answer(gate: NonNullable<WaySays["gate"]>, answeredMs: number | null): Difference[] {
  const { id, busMs, aheadMs } = gate;
  if (answeredMs === null || answeredMs <= (aheadMs ?? busMs)) return [];
  const [key, allowedMs] = aheadMs === null ? ["busMs", busMs] : ["aheadMs", aheadMs];
  const text = `its device answered after ${answeredMs} ms, and ${key} says ${allowedMs}`;
  return [{ about: `gate ${id}`, text, paste: `${key}: ${upTo(answeredMs)}` }];
}

const upTo = (ms: number): number => Math.ceil(ms / STEP_MS) * STEP_MS;
