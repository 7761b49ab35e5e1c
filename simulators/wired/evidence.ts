// Joins the rig's truth with the journal that the line wrote into its files, for the checkers.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Command, Evidence } from "../world/checkers/evidence.ts";
import { viewJournal } from "../world/checkers/journal-view.ts";
import type { Truth } from "../world/truth.ts";
import type { RigArrival, RigRecords } from "./rig-messages.ts";

/**
 * @param o.journalFolder folder of the journal's segment files; an incomplete last line is passed over
 * @throws when a complete line is no JSON, or an entry lacks what its kind needs
 */
export function gatherEvidence(o: {
  truth: Truth;
  records: RigRecords;
  journalFolder: string;
  isComplete: boolean;
}): Evidence {
  return {
    truth: o.truth,
    commands: o.records.arrivals.filter(wasCarriedOut).map(asCommand),
    journal: viewJournal(journalLines(o.journalFolder)),
    isComplete: o.isComplete,
  };
}

/** Complete lines of all segments, oldest first, as plain objects. */
export function* journalLines(folder: string): Generator<unknown> {
  const names = readdirSync(folder).filter((name) => /^\d+\.jsonl(\.gz)?$/.test(name));
  // A crash while a segment is compressed leaves both files.
  const plain = new Set(names.filter((name) => name.endsWith(".jsonl")));
  for (const name of names.sort()) {
    if (name.endsWith(".gz") && plain.has(name.slice(0, -".gz".length))) continue;
    const bytes = readFileSync(join(folder, name));
    const lines = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
    for (const line of lines.slice(0, -1)) yield JSON.parse(line);
  }
}

/** Mailbox: accepted. Coil: switched on. The simulated PLC reports both as 1. */
const wasCarriedOut = ({ verdict }: RigArrival): boolean => verdict === 1;

const asCommand = ({ gateId, atNs, sequence }: RigArrival): Command => ({ gateId, atNs, sequence, lookNs: null });
