// The lines between the line core and the disk: collected into groups, one of which is written at a time.

/** Lines that share one write and one sync. */
export interface Group {
  bytes: Buffer;
  length: number;
  /** Bytes the disk has taken. */
  written: number;
  lastSeq: number;
  lastHash: string;
  /** Highest line entry number in it; null: none. */
  lastEntry: number | null;
  /** The segment that this group begins; null: it goes on in the open one. */
  begins: number | null;
  /** Something waits for one of its lines to be on the disk. */
  isUrgent: boolean;
  /** When its first line came, ns; -Infinity: it has none. */
  sinceNs: number;
}

export interface LineMark {
  seq: number;
  hash: string;
  /** Number of the line entry; null: the line is none. */
  entry: number | null;
  isUrgent: boolean;
  atNs: number;
}

export interface GroupQueue {
  /** True when the next line is the first of a group, all earlier ones being on the disk by the time it is written. */
  startsGroup(): boolean;
  push(line: string, mark: LineMark): void;
  /** What comes from now on goes to a new segment. */
  beginSegment(number: number): void;
  /**
   * The group to write: the same one until `done`; null: nothing has to be written yet. A group that still grows, and for
   * which nothing waits, is left to grow unless its first line came before `restedNs`.
   */
  current(restedNs: number): Group | null;
  done(): void;
  /** Bytes that are not on the disk. */
  heldBytes(): number;
}

const FIRST_BUFFER_BYTES = 64 * 1024;

/**
 * @param groupBytes a group this large is closed; a single larger line still fits
 */
export function groupQueue(groupBytes: number): GroupQueue {
  const waiting: Group[] = [];
  let filling = emptyGroup(Buffer.allocUnsafe(FIRST_BUFFER_BYTES));
  let writing: Group | null = null;
  let spare: Buffer | null = null;
  let held = 0;

  function closeFilling(): Group {
    const closed = filling;
    filling = emptyGroup(spare ?? Buffer.allocUnsafe(FIRST_BUFFER_BYTES));
    spare = null;
    return closed;
  }

  return {
    startsGroup: () => filling.length === 0,
    push(line, mark) {
      const added = addLine(filling, line);
      held += added;
      if (filling.sinceNs === Number.NEGATIVE_INFINITY) filling.sinceNs = mark.atNs;
      filling.isUrgent ||= mark.isUrgent;
      filling.lastSeq = mark.seq;
      filling.lastHash = mark.hash;
      if (mark.entry !== null) filling.lastEntry = mark.entry;
      if (filling.length >= groupBytes) waiting.push(closeFilling());
    },
    beginSegment(number) {
      if (filling.length > 0) waiting.push(closeFilling());
      filling.begins = number;
    },
    current(restedNs) {
      if (writing !== null) return writing;
      if (waiting.length > 0) writing = waiting.shift() as Group;
      else if (filling.length > 0 && (filling.isUrgent || filling.sinceNs <= restedNs)) writing = closeFilling();
      return writing;
    },
    done() {
      if (writing === null) throw new Error("no group is being written");
      held -= writing.length;
      spare = writing.bytes;
      writing = null;
    },
    heldBytes: () => held,
  };
}

const emptyGroup = (bytes: Buffer): Group => ({
  bytes,
  length: 0,
  written: 0,
  lastSeq: 0,
  lastHash: "",
  lastEntry: null,
  begins: null,
  isUrgent: false,
  sinceNs: Number.NEGATIVE_INFINITY,
});

function addLine(group: Group, line: string): number {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  const worst = group.length + line.length * 3;
  if (worst > group.bytes.length) {
    const larger = Buffer.allocUnsafe(Math.max(worst, group.bytes.length * 2));
    group.bytes.copy(larger, 0, 0, group.length);
    group.bytes = larger;
  }
  const added = group.bytes.write(line, group.length, "utf8");
  group.length += added;
  return added;
}
