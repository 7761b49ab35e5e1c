// How large, how slow, how full the journal may get, each number with its reason.

export interface JournalLimits {
  /** A segment this large is followed by the next: a restart reads one, in about a second. */
  segmentBytes: number;
  /**
   * Entries for which nothing waits lie this long before they are written with what has come meanwhile. A permit's entry
   * is written at once, and finds the disk free for it. 0: every entry at once.
   */
  restNs: number;
  /**
   * Inputs of which no entry came wait this long, or until they are this large: a replay of what is there loses nothing by
   * it, since a line of inputs is written before each entry that came of them.
   */
  inputsRestNs: number;
  inputsChars: number;
  /** A segment in which a full disk took the inputs away is followed by the next when it is this old. */
  recordAnewNs: number;
  /** The disk's share of the reaction: a group in flight for longer makes storage "slow". */
  slowAfterNs: number;
  /** Below this free space storage is "full": what is left is for the ends of the parcels on the belt. */
  freeFloorBytes: number;
  /** How often free space is asked for. */
  freeEveryNs: number;
  /** How often a full disk is tried again. */
  retryEveryNs: number;
  /** More than this waiting for the disk makes storage "full" until half of it is written. */
  heldFullBytes: number;
  /** More than this ends the process (JOURNAL_BUFFER_FULL): an hour of a line of 10,000 parcels. */
  heldMaxBytes: number;
  /** Bytes of one write, about. */
  groupBytes: number;
  /** Characters of one slice of a checkpoint: what it may add to the write that an entry waits for. */
  sliceChars: number;
}

const MIB = 1024 * 1024;

export const JOURNAL_LIMITS: JournalLimits = {
  segmentBytes: 32 * MIB,
  restNs: 10_000_000,
  inputsRestNs: 1_000_000_000,
  inputsChars: 4096,
  recordAnewNs: 60_000_000_000,
  slowAfterNs: 25_000_000,
  freeFloorBytes: 512 * MIB,
  freeEveryNs: 5_000_000_000,
  retryEveryNs: 1_000_000_000,
  heldFullBytes: 8 * MIB,
  heldMaxBytes: 64 * MIB,
  groupBytes: MIB,
  sliceChars: 64 * 1024,
};
