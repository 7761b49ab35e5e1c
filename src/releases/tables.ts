// The LMDB file: opening it without trusting it, its tables, its key order, and reading one value at a time.
import type { Database, RootDatabase } from "lmdb";
import { open } from "lmdb";
import {
  decodeDeclarations,
  decodeHolds,
  decodeLedger,
  decodeMark,
  encodeMark,
  type Stored,
  type StoredDeclarations,
} from "./encoding.ts";
import type { Ledger } from "./ledger.ts";
import { checkStoreFile, keepHeadroom, StoreError } from "./store-file.ts";
import type { HoldMarks } from "./waybill.ts";

/** Of the file as a whole; grows when a version can no longer read what an older one wrote. */
export const storeFormat = 1;

type Table = Database<Buffer, string>;
export interface Tables {
  root: RootDatabase<Buffer, string>;
  declarations: Table;
  holds: Table;
  ledger: Table;
  marks: Table;
}

/** Names of the marks: what the store knows of itself. */
export const markKeys = { format: "format", carried: "carried", cursor: "cursor", heartbeat: "heartbeat" } as const;

/** Company and waybill as the feed takes them; a look-up for anything else is a miss without asking the file. */
export const companyPattern = /^[0-9A-Za-z._-]{1,32}$/;
export const waybillPattern = /^[0-9A-Z._-]{1,64}$/;

/** Waybill first: all companies of one number lie side by side. Neither part can hold a slash. */
export const waybillKey = (company: string, waybill: string): string => `${waybill}/${company}`;

/** Opens for reading only. @throws StoreError */
export function openTablesToRead(file: string): Tables {
  checkStoreFile(file, "read");
  // Look-ups are scattered. Cold ones without the kernel's read-ahead take 0.4 ms at the median and 5 ms at p99.9; with
  // it 0.04 and 59 ms: the bound is on the slowest.
  const tables = openTables(file, { readOnly: true, noReadAhead: true });
  try {
    checkFormat(file, tables.marks);
    return tables;
  } catch (error) {
    void tables.root.close();
    throw error;
  }
}

/**
 * Opens for writing and creates what is missing. @throws StoreError
 * @param o.noSync for building a store that is not in use yet: fast, and lost if the machine falls.
 */
export function openTablesToWrite(file: string, o: { noSync?: boolean } = {}): Tables {
  checkStoreFile(file, "write");
  const tables = openTables(file, o);
  try {
    keepHeadroom(file);
    if (tables.marks.getBinary(markKeys.format) === undefined) {
      const mark = encodeMark(markKeys.format, { version: 0, numbers: [storeFormat], texts: [] });
      tables.marks.putSync(markKeys.format, mark);
    }
    checkFormat(file, tables.marks);
    return tables;
  } catch (error) {
    void tables.root.close();
    throw error;
  }
}

const nothing = { version: 0, value: [] } as const;

/** @throws DamagedValue */
export function readDeclarations(tables: Tables, key: string): StoredDeclarations {
  const bytes = tables.declarations.getBinary(key);
  return bytes === undefined ? { ...nothing, holdsVersion: 0, ledgerVersion: 0 } : decodeDeclarations(key, bytes);
}

/** @throws DamagedValue */
export function readHolds(tables: Tables, key: string): Stored<HoldMarks> {
  const bytes = tables.holds.getBinary(key);
  return bytes === undefined ? nothing : decodeHolds(key, bytes);
}

/** @throws DamagedValue */
export function readLedger(tables: Tables, key: string): Stored<Ledger> {
  const bytes = tables.ledger.getBinary(key);
  return bytes === undefined ? nothing : decodeLedger(key, bytes);
}

/** @throws DamagedValue */
export function readMark(tables: Tables, key: string): { version: number; numbers: number[]; texts: string[] } | null {
  const bytes = tables.marks.getBinary(key);
  return bytes === undefined ? null : decodeMark(key, bytes);
}

function openTables(file: string, o: { readOnly?: boolean; noReadAhead?: boolean; noSync?: boolean }): Tables {
  try {
    const root = open<Buffer, string>({
      path: file,
      noSubdir: true,
      encoding: "binary",
      cache: false,
      maxDbs: 8,
      ...o,
    });
    const table = (name: string): Table => root.openDB<Buffer, string>({ name, encoding: "binary", cache: false });
    return {
      root,
      declarations: table("declarations"),
      holds: table("holds"),
      ledger: table("ledger"),
      marks: table("marks"),
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new StoreError("RELEASE_STORE_DAMAGED", `${file} cannot be opened as a release store (${detail})`);
  }
}

function checkFormat(file: string, marks: Table): void {
  const bytes = marks.getBinary(markKeys.format);
  if (bytes === undefined) throw new StoreError("RELEASE_STORE_DAMAGED", `${file} says no format`);
  let format: number | undefined;
  try {
    format = decodeMark(markKeys.format, bytes).numbers[0];
  } catch (error) {
    throw new StoreError("RELEASE_STORE_FORMAT", `${file}: its format cannot be read (${(error as Error).message})`);
  }
  if (format === storeFormat) return;
  const remedy = "upgrade Coline, or delete the file and let the feed fill it again";
  throw new StoreError("RELEASE_STORE_FORMAT", `${file} has format ${format}, this version ${storeFormat}: ${remedy}`);
}
