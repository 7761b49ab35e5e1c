// Why a segment could not be compressed, archived or deleted; the files stay as they are and it is tried again.

export type KeepingCode = "JOURNAL_COMPRESS_FAILED" | "JOURNAL_ARCHIVE_FAILED" | "JOURNAL_RETENTION_FAILED";

export class KeepingFailed extends Error {
  override name = "KeepingFailed";
  readonly code: KeepingCode;

  constructor(code: KeepingCode, what: string, cause?: unknown) {
    super(`${code}: ${what}`, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The same failure for whatever the file system threw. */
export const asKeepingFailed = (code: KeepingCode, segment: number, error: unknown): KeepingFailed =>
  error instanceof KeepingFailed
    ? error
    : new KeepingFailed(code, `segment ${segment}: ${error instanceof Error ? error.message : String(error)}`, error);
