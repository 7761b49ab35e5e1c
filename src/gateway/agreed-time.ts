// The time by which the gateway deletes and forgets: no later than this machine's clock and customs' own both say.

export interface AgreedTime {
  /** An authority's word, ms since 1970 by its own clock. */
  heard(eventAtMs: number): void;
  /** ms since 1970; null: no authority has said a time since the start, and nothing may be deleted. */
  nowMs(): number | null;
}

/** A clock that jumped ahead makes everything look old; two that were set apart do not jump together. */
export function agreedTime(wallMs: () => number): AgreedTime {
  let heardMs: number | null = null;
  return {
    heard(eventAtMs) {
      heardMs = Math.max(heardMs ?? 0, eventAtMs);
    },
    nowMs: () => (heardMs === null ? null : Math.min(wallMs(), heardMs)),
  };
}
