// The errors of the journal: what refuses to start or to follow, and what ends the process, each with its code.

/** A line that is not what the writer wrote; nothing starts on such a journal, and nothing is repaired by itself. */
export class JournalDamaged extends Error {
  readonly code = "JOURNAL_DAMAGED";
  readonly file: string;
  /** Counted from 1; 0: the file as a whole. */
  readonly line: number;
  /** The sequence number that should stand there. */
  readonly seq: number;

  constructor(o: { file: string; line: number; seq: number; what: string }) {
    const place = o.line === 0 ? o.file : `${o.file} line ${o.line}`;
    super(
      `JOURNAL_DAMAGED: ${place} (seq ${o.seq}): ${o.what}. Nothing was changed. Run \`coline verify\` on the folder; ` +
        "restore the file from its archive, or move the whole folder away as evidence and start a new journal.",
    );
    this.name = "JournalDamaged";
    this.file = o.file;
    this.line = o.line;
    this.seq = o.seq;
  }
}

export type JournalFailureCode = "JOURNAL_WRITE_FAILED" | "JOURNAL_SYNC_FAILED" | "JOURNAL_BUFFER_FULL";

/** Ends the process: what the disk holds is no longer known, or there is no room left to remember it. */
export class JournalFailed extends Error {
  readonly code: JournalFailureCode;

  constructor(code: JournalFailureCode, what: string, cause?: Error) {
    super(`${code}: ${what}`, cause === undefined ? undefined : { cause });
    this.name = "JournalFailed";
    this.code = code;
  }
}

/** The place where a follower stopped is not in this journal. */
export class CursorLost extends Error {
  readonly code: "JOURNAL_CURSOR_MISMATCH" | "JOURNAL_CURSOR_GONE";

  constructor(code: CursorLost["code"], what: string) {
    super(`${code}: ${what}`);
    this.name = "CursorLost";
    this.code = code;
  }
}
