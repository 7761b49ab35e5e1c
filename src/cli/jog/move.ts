// One gate moved by hand through the gateway: the command, and what the line saw of it.
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { reasonText } from "../../faults/table.ts";
import type { JogResult } from "../../line/plant-state.ts";
import type { Given, LineClient } from "../line-client.ts";

export interface GateMove {
  gateId: string;
  chuteId: string;
}

export type Moved = { kind: "seen"; result: JogResult } | Exclude<Given, { kind: "accepted" }>;

const WITHIN_S = 5;
const ASK_EVERY_MS = 100;
/** The bus, the travel, a second of being out, and the way home; whatever a site's times are, they are seconds. */
const OVER_WITHIN_MS = 15_000;

export async function moveGate(client: LineClient, { gateId, chuteId }: GateMove): Promise<Moved> {
  const id = randomUUID();
  const given = await client.give({ command: "jogGate", gateId, chuteId }, { id, withinS: WITHIN_S });
  if (given.kind !== "accepted") return given;
  let why = "the line did not say what became of it";
  for (const endMs = performance.now() + OVER_WITHIN_MS; performance.now() < endMs; await delay(ASK_EVERY_MS)) {
    const view = await client.line();
    if (typeof view === "string") why = view;
    else if (view.line.lastJog?.command === id) return { kind: "seen", result: view.line.lastJog };
  }
  return { kind: "unanswered", why };
}

export const inMs = (ns: number | null): string => (ns === null ? "not seen" : `${Math.round(ns / 1e6)} ms`);

const ENDS: Readonly<Record<JogResult["end"], string>> = {
  done: "out and home again",
  withheld: "not moved",
  notSent: "not moved: the bus was not free in time",
  refused: "not moved: its device refused",
  inDoubt: "in doubt: its device did not answer, and may still move it",
  brokenOff: "called home before its time",
  notHome: "not home again",
};

export function endWords({ end, why }: JogResult): string {
  return why === null || end === "refused" || end === "inDoubt" ? ENDS[end] : `${ENDS[end]} (${reasonText(why)})`;
}
