// Events that tests start from; each test overrides what it is about.
import type { DeclarationEvent, HoldEvent } from "../../../src/releases/event.ts";

/** 2026-03-01T00:00:00Z. */
export const t0 = Date.UTC(2026, 2, 1);
export const dayMs = 24 * 3600 * 1000;

/** A release of one piece, valid for 90 days from t0. */
export const declared = (o: Partial<DeclarationEvent> = {}): DeclarationEvent => ({
  kind: "release",
  company: "EMS",
  waybill: "RB123456785GB",
  stream: "cbec",
  direction: "import",
  status: "released",
  pieces: 1,
  validFromMs: t0,
  validToMs: t0 + 90 * dayMs,
  authority: "customs",
  reference: "510120261234567890",
  eventAtMs: t0,
  ...o,
});

export const hold = (o: Partial<HoldEvent> = {}): HoldEvent => ({
  kind: "hold",
  company: "EMS",
  waybill: "RB123456785GB",
  authority: "customs",
  holdKind: "seizure",
  reference: "H-1",
  eventAtMs: t0,
  ...o,
});

export const lift = (o: Partial<HoldEvent> = {}): HoldEvent => hold({ kind: "lift", ...o });
