// Which command of a belt answers which of its telegrams: by their times, after the shift.
import type { Command } from "./belt-plc.ts";
import type { Reaction } from "./messages.ts";

/**
 * A command belongs to the last telegram before it, and only one does. Sets that telegram's times; one whose command the PLC
 * refused, or that got none, keeps `ns` null.
 * @param sent in the order in which they were sent @param commands in the order in which they came
 * @returns commands that the PLC refused, and those for which no telegram was waiting
 */
export function matched(sent: readonly Reaction[], commands: readonly Command[]): { refused: number; unasked: number } {
  const counts = { refused: 0, unasked: 0 };
  let next = 0;
  let waiting: Reaction | null = null;
  for (const { atNs, heardNs, verdict } of commands) {
    for (let telegram = sent[next]; telegram !== undefined && telegram.atNs <= atNs; telegram = sent[next]) {
      waiting = telegram;
      next += 1;
    }
    if (waiting === null) counts.unasked += 1;
    else if (verdict === 1) {
      waiting.ns = atNs - waiting.atNs;
      if (heardNs !== null) waiting.servedNs = atNs - heardNs;
    } else counts.refused += 1;
    waiting = null;
  }
  return counts;
}
