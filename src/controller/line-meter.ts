// Measures the timing path from what passes by: reaction, fire error, cost of a decision, time to the disk.
import type { LineEntry } from "../line/entry.ts";
import type { PermitOutput } from "../line/step.ts";
import type { Metrics } from "../process/metrics.ts";

/** Items and permits that are followed at once; older ones are forgotten (a figure is lost, nothing else). */
const FOLLOWED_MAX = 4096;

export interface LineMeter {
  /** Each entry on its way to the journal. */
  entry(entry: LineEntry, nowNs: number): void;
  durable(upToEntry: number, nowNs: number): void;
  permit(permit: PermitOutput): void;
  /** The last look has let it go and its command has been written. */
  written(id: number, nowNs: number): void;
  handled(kind: string, ns: number): void;
}

interface Followed {
  itemId: number;
  enteredNs: number;
  isDurable: boolean;
  plannedNs: number;
  /** Its planned instant had come already when it was decided. */
  isDueAtOnce: boolean;
}

/**
 * wire: what a telegram took on its scanner's serial line, reckoned from its bytes and the baud rate: it lies before the
 * reaction, and the parcel rides on meanwhile; reaction: last byte of the telegram to the command on the wire, for permits whose planned instant was due at once;
 * fire: planned instant to command, for those further on.
 */
export function lineMeter(metrics: Metrics, wireNs: (scannerId: string, byteCount: number) => number): LineMeter {
  const reaction = metrics.stage("reaction");
  const fire = metrics.stage("fireError");
  const disk = metrics.stage("durable");
  const readAtNs = new Map<number, number>();
  const permits = new Map<number, Followed>();
  const forget = (map: Map<number, unknown>): void => {
    if (map.size <= FOLLOWED_MAX) return;
    const [oldest] = map.keys();
    if (oldest !== undefined) map.delete(oldest);
  };
  return {
    entry(entry, nowNs) {
      if (entry.kind === "telegram")
        metrics.stage("wire", entry.scannerId).record(wireNs(entry.scannerId, entry.rawHex.length / 2));
      if (entry.kind === "telegram" && entry.itemId !== null) {
        readAtNs.set(entry.itemId, entry.lastByteNs);
        forget(readAtNs);
      } else if (entry.kind === "decision" && entry.version > 1) {
        // Customs said something while the parcel rode: from here on its telegram is no measure of the reaction.
        readAtNs.delete(entry.itemId);
      } else if (entry.kind === "permit") {
        permits.set(entry.n, {
          itemId: entry.itemId,
          enteredNs: nowNs,
          isDurable: false,
          plannedNs: nowNs,
          isDueAtOnce: false,
        });
        forget(permits);
      } else if (entry.kind === "end") readAtNs.delete(entry.itemId);
    },
    durable(upToEntry, nowNs) {
      for (const [id, permit] of permits) {
        if (id > upToEntry || permit.isDurable) continue;
        disk.record(nowNs - permit.enteredNs);
        permit.isDurable = true;
      }
    },
    permit(permit) {
      const followed = permits.get(permit.id);
      if (followed === undefined) return;
      followed.plannedNs = permit.fromNs;
      followed.isDueAtOnce = permit.fromNs <= followed.enteredNs;
    },
    written(id, nowNs) {
      const permit = permits.get(id);
      if (permit === undefined) return;
      permits.delete(id);
      const readNs = readAtNs.get(permit.itemId);
      if (permit.isDueAtOnce && readNs !== undefined) reaction.record(nowNs - readNs);
      else fire.record(Math.max(1, nowNs - permit.plannedNs));
    },
    handled(kind, ns) {
      metrics.stage("core", kind).record(ns);
    },
  };
}
