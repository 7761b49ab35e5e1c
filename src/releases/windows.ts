// Validity windows: which overlap, and which are one use of a waybill's number because corrections lead from each to the next.

/** Wall time, ms since 1970: from `validFromMs` (inclusive) to `validToMs` (exclusive). */
export interface Window {
  validFromMs: number;
  validToMs: number;
}

/**
 * Uses of its number that one declaration is remembered with, the current one included. It names one release, so that two are
 * rare; with more, all count as one: too much is spent then, never too little.
 */
export const maxUses = 16;

export const overlap = (a: Window, b: Window): boolean => a.validFromMs < b.validToMs && b.validFromMs < a.validToMs;

export const hull = (a: Window, b: Window): Window => ({
  validFromMs: Math.min(a.validFromMs, b.validFromMs),
  validToMs: Math.max(a.validToMs, b.validToMs),
});

/**
 * The uses with one more window that was said: it joins those it overlaps into one, and is a use of its own where it meets
 * none. In whatever order and however often windows are said, up to `maxUses` end alike; the same list when it says nothing new.
 */
export function joined(uses: readonly Window[], said: Window): readonly Window[] {
  if (uses.some((use) => use.validFromMs <= said.validFromMs && said.validToMs <= use.validToMs)) return uses;
  const { validFromMs, validToMs } = said;
  const one = uses.filter((use) => overlap(use, said)).reduce(hull, { validFromMs, validToMs });
  const next = [...uses.filter((use) => !overlap(use, said)), one].sort((a, b) => a.validFromMs - b.validFromMs);
  return next.length > maxUses ? [next.reduce(hull)] : next;
}
