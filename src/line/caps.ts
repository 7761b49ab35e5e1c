// How much the line core remembers at most of what has no natural end.

/** Caps and who loses when one is reached; the proof keeps real sites far below them. */
export const CAPS = {
  /** Items on one belt; loser: the newest item, which becomes a stretch nobody may be diverted out of. */
  itemsPerBelt: 4096,
  /** Uncarried spendings while no gateway carries them over; loser: new outbound permits. */
  ledgerEntries: 1_000_000,
  /** Departed outbound parcels watched for a late hold, and pieces of each; loser: the oldest. */
  departed: 50_000,
  departedPieces: 64,
  /** Codes kept per item; loser: the later codes, and the item counts as a conflict. */
  codesPerItem: 32,
  /** Telegrams of one belt that wait for their items; loser: the newest, and what it spoke of is unknown. */
  waitingTelegrams: 256,
  /** Ends of one belt that nobody saw; loser: the oldest, whose followers are gone long since. */
  unseenEnds: 256,
  /** Items that one eye misses at once; loser: the oldest, which then counts as missing whatever becomes of it. */
  missingAtEye: 16,
  /** Waybills that go round; loser: the oldest, whose rounds are counted anew. */
  rounds: 10_000,
  /** Alarms that are shelved at once; loser: the next one, which is refused. */
  shelved: 64,
  /** Alarms that stand or have not been seen; loser: the oldest of the least priority, the new one among them. */
  alarms: 256,
  /** Edges that are kept of a test parcel, twice what its eyes can say; loser: the newest. */
  testEdges: 256,
  /** Commands whose answers are kept for a repeated id; loser: the oldest. A late one is refused by its deadline. */
  commands: 1000,
} as const;
