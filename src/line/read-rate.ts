// How many of a station's last parcels were not read: too many is a dirty window, a shifted scanner or a new label.
import { clear, raise } from "./alarms.ts";
import type { StationLayout } from "./layout.ts";
import type { Turn } from "./turn.ts";

/**
 * Judged in whole blocks of `of` parcels, so that nothing but two numbers is to be remembered: a trouble shows after one
 * to two blocks. A scanner that is down has its own alarm, and what it does not read says nothing of labels.
 */
export function tallyRead(turn: Turn, station: StationLayout, isRead: boolean): void {
  const { noReads: limit, scannerIds } = station;
  if (limit === undefined || scannerIds.some((id) => isGone(turn, id))) return;
  const before = turn.state.reads.get(station.id) ?? { parcels: 0, noReads: 0 };
  const parcels = before.parcels + 1;
  const noReads = before.noReads + (isRead ? 0 : 1);
  const isWhole = parcels >= limit.of;
  turn.state.reads.set(station.id, isWhole ? { parcels: 0, noReads: 0 } : { parcels, noReads });
  if (!isWhole) return;
  const alarm = { code: "SCANNER_NO_READS", source: station.id } as const;
  if (noReads * 100 >= limit.percent * parcels) {
    raise(turn, { ...alarm, detail: `${noReads} of the last ${parcels} parcels were not read` });
  } else clear(turn, alarm);
}

const isGone = (turn: Turn, scannerId: string): boolean => (turn.state.scanners.get(scannerId) ?? "up") !== "up";
