// How declarations, holds, the ledger and the store's own marks lie in the database, byte by byte.
import type { Direction, Disposition, Stream } from "../line/layout.ts";
import type { Ledger, LedgerLine } from "./ledger.ts";
import { BodyReader, BodyWriter, DamagedValue } from "./value-bytes.ts";
import type { Declaration, Declarations, HoldMark, HoldMarks } from "./waybill.ts";
import type { Window } from "./windows.ts";

/** A decoded value and the number of the change that wrote it; numbers grow over the whole store. */
export interface Stored<T> {
  version: number;
  value: T;
}

/**
 * The declarations of a waybill also name the change that last wrote its holds and its ledger (0: neither exists).
 * A hold or a spent piece that was lost with a damaged page is then missed, where else it would just not be there.
 */
export interface StoredDeclarations extends Stored<Declarations> {
  holdsVersion: number;
  ledgerVersion: number;
}

/** A list whose count byte says 255 is not a list any more: "saturated". */
const saturatedCount = 255;

/** The codes on the disk; never renumber, only append. */
const statuses: readonly Disposition[] = ["released", "inspect", "hold", "return", "pending", "unknown"];
const streams: readonly Stream[] = ["express", "cbec"];
const directions: readonly Direction[] = ["import", "export"];

const placed = 1;
const lifted = 2;

const hasHolds = 1;
const hasLedger = 2;
/** Behind the list stand the uses of each declaration; a version that does not know them finds bytes left over. */
const hasUses = 4;

export function encodeDeclarations(key: string, stored: StoredDeclarations): Buffer {
  const { holdsVersion, ledgerVersion } = stored;
  const corrected = stored.value !== "saturated" && stored.value.some((d) => d.uses) ? stored.value : [];
  const has = (holdsVersion ? hasHolds : 0) | (ledgerVersion ? hasLedger : 0) | (corrected.length > 0 ? hasUses : 0);
  const out = new BodyWriter().u8(has);
  if (holdsVersion) out.u48(holdsVersion);
  if (ledgerVersion) out.u48(ledgerVersion);
  writeList(out, stored.value, (d) => {
    out.u8(statuses.indexOf(d.status) | (streams.indexOf(d.stream) << 4) | (directions.indexOf(d.direction) << 5));
    out.u16(d.pieces).u48(d.validFromMs).u48(d.validToMs).u48(d.eventAtMs).text(d.authority).text(d.reference);
  });
  for (const { uses } of corrected) writeList(out, uses ?? [], (use) => out.u48(use.validFromMs).u48(use.validToMs));
  return out.seal({ key, table: "D", version: stored.version });
}

/** @throws DamagedValue */
export function decodeDeclarations(key: string, bytes: Buffer): StoredDeclarations {
  const body = new BodyReader(bytes, { key, table: "D" });
  const has = body.u8();
  const holdsVersion = has & hasHolds ? body.u48() : 0;
  const ledgerVersion = has & hasLedger ? body.u48() : 0;
  const value = readList(body, (): Declaration => {
    const packed = body.u8();
    return {
      status: oneOf(statuses, packed & 15),
      stream: oneOf(streams, (packed >> 4) & 1),
      direction: oneOf(directions, (packed >> 5) & 1),
      pieces: body.u16(),
      validFromMs: body.u48(),
      validToMs: body.u48(),
      eventAtMs: body.u48(),
      authority: body.text(),
      reference: body.text(),
    };
  });
  if (has & hasUses && value !== "saturated") for (const declaration of value) readUses(body, declaration);
  body.finish();
  return { version: body.version, value, holdsVersion, ledgerVersion };
}

function readUses(body: BodyReader, declaration: Declaration): void {
  const uses = times(body.u8(), (): Window => ({ validFromMs: body.u48(), validToMs: body.u48() }));
  if (uses.length > 0) declaration.uses = uses;
}

export function encodeHolds(key: string, stored: Stored<HoldMarks>): Buffer {
  const out = new BodyWriter();
  writeList(out, stored.value, (h) => {
    out.u8((h.placedAtMs === null ? 0 : placed) | (h.liftedAtMs === null ? 0 : lifted));
    out
      .u48(h.placedAtMs ?? 0)
      .u48(h.liftedAtMs ?? 0)
      .text(h.authority)
      .text(h.kind)
      .text(h.reference);
  });
  return out.seal({ key, table: "H", version: stored.version });
}

/** @throws DamagedValue */
export function decodeHolds(key: string, bytes: Buffer): Stored<HoldMarks> {
  const body = new BodyReader(bytes, { key, table: "H" });
  return readWhole(body, (): HoldMark => {
    const marks = body.u8();
    const placedAtMs = body.u48();
    const liftedAtMs = body.u48();
    return {
      placedAtMs: marks & placed ? placedAtMs : null,
      liftedAtMs: marks & lifted ? liftedAtMs : null,
      authority: body.text(),
      kind: body.text(),
      reference: body.text(),
    };
  });
}

export function encodeLedger(key: string, stored: Stored<Ledger>): Buffer {
  const out = new BodyWriter();
  writeList(out, stored.value, (line) => {
    out.u48(line.validFromMs).u48(line.validToMs).u48(line.spent);
  });
  return out.seal({ key, table: "L", version: stored.version });
}

/** @throws DamagedValue */
export function decodeLedger(key: string, bytes: Buffer): Stored<Ledger> {
  const body = new BodyReader(bytes, { key, table: "L" });
  return readWhole(
    body,
    (): LedgerLine => ({
      validFromMs: body.u48(),
      validToMs: body.u48(),
      spent: body.u48(),
    }),
  );
}

/** A mark of the store itself, such as how far the journal is carried: numbers and short texts under one key. */
export const encodeMark = (key: string, mark: { version: number; numbers: number[]; texts: string[] }): Buffer => {
  const out = new BodyWriter().u8(mark.numbers.length);
  for (const number of mark.numbers) out.u48(number);
  out.u8(mark.texts.length);
  for (const text of mark.texts) out.text(text);
  return out.seal({ key, table: "M", version: mark.version });
};

/** @throws DamagedValue */
export const decodeMark = (key: string, bytes: Buffer): { version: number; numbers: number[]; texts: string[] } => {
  const body = new BodyReader(bytes, { key, table: "M" });
  const numbers = times(body.u8(), () => body.u48());
  const texts = times(body.u8(), () => body.text());
  body.finish();
  return { version: body.version, numbers, texts };
};

function writeList<T>(out: BodyWriter, list: readonly T[] | "saturated", one: (item: T) => void): void {
  if (list === "saturated") {
    out.u8(saturatedCount);
    return;
  }
  out.u8(list.length);
  for (const item of list) one(item);
}

/** The list is all that is stored. */
function readWhole<T>(body: BodyReader, one: () => T): Stored<readonly T[] | "saturated"> {
  const value = readList(body, one);
  body.finish();
  return { version: body.version, value };
}

function readList<T>(body: BodyReader, one: () => T): readonly T[] | "saturated" {
  const count = body.u8();
  return count === saturatedCount ? "saturated" : times(count, one);
}

/** A plain loop: Array.from costs as much as the rest of a look-up's decoding. */
function times<T>(count: number, one: () => T): T[] {
  const list: T[] = [];
  for (let i = 0; i < count; i++) list.push(one());
  return list;
}

function oneOf<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new DamagedValue(`no meaning is known for code ${index}`);
  return found;
}
