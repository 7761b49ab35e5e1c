// Gathers what a run left behind (the rig's truth and records, the journal's lines) and puts it on one clock.
import type { Rig } from "../../../simulators/wired/rig.ts";
import type { RigRecords } from "../../../simulators/wired/rig-messages.ts";
import { worldTimeAt } from "../../../simulators/wired/world-clock.ts";
import type { Evidence } from "../../../simulators/world/checkers/evidence.ts";
import { viewJournal } from "../../../simulators/world/checkers/journal-view.ts";
import { fileFolder } from "../../journal/file-disk.ts";
import { isEntry, type JournalLine } from "../../journal/line.ts";
import { readSegment, segmentFiles } from "../../journal/segment.ts";
import type { LineEntry } from "../../line/entry.ts";

export interface RunEvidence extends Evidence {
  entries: readonly LineEntry[];
  /** Of an entry's time in the world's clock, ns. */
  worldNs: (entry: LineEntry) => number;
  records: RigRecords;
}

/** Verdicts of a judging PLC (docs/reference/modbus.md): 1 is accepted. A plain coil says 1 for on. */
export const CARRIED_OUT = 1;

export async function gatherEvidence(rig: Rig, journalFolder: string): Promise<RunEvidence> {
  const [truth, records] = [await rig.truth(), await rig.records()];
  const entries = journalEntries(journalFolder);
  const realNs = rigClock(entries, BigInt(rig.addresses.epochNs));
  const worldNs = (entry: LineEntry): number => worldTimeAt(records.pauses, realNs(entry));
  const lookNs = new Map(
    entries.flatMap((entry) =>
      entry.kind === "lastLook" && entry.go ? [[entry.permit, worldNs(entry)] as const] : [],
    ),
  );
  return {
    truth,
    records,
    entries,
    worldNs,
    commands: records.arrivals
      .filter(({ verdict }) => verdict === CARRIED_OUT)
      .map(({ gateId, atNs, sequence }) => ({
        gateId,
        atNs,
        sequence,
        lookNs: sequence === null ? null : (lookNs.get(sequence) ?? null),
      })),
    journal: viewJournal(entries),
    isComplete: true,
  };
}

/** Every line of every segment; the folder is not written to any more. */
function journalEntries(folder: string): LineEntry[] {
  const files = fileFolder(folder);
  return segmentFiles(files)
    .flatMap((file): readonly JournalLine[] => readSegment(files, file).lines)
    .filter(isEntry);
}

/** Each run counts from an epoch of its own; its first entry ties that to the machine's clock, as the rig's epoch is. */
function rigClock(entries: readonly LineEntry[], rigEpochNs: bigint): (entry: LineEntry) => number {
  const offsets = entries.flatMap((entry) =>
    entry.kind === "run" ? [{ n: entry.n, offsetNs: Number(BigInt(entry.epochMonotonicNs) - rigEpochNs) }] : [],
  );
  return (entry) => {
    const run = offsets.findLast(({ n }) => n <= entry.n);
    return entry.atNs + (run?.offsetNs ?? 0);
  };
}
