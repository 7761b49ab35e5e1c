// Whether a file may be handed to LMDB at all: a file it cannot open, or one that was cut, kills the whole process.
import { accessSync, closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, statSync } from "node:fs";
import { dirname } from "node:path";

export type StoreErrorCode =
  | "RELEASE_STORE_MISSING"
  | "RELEASE_STORE_NO_ACCESS"
  | "RELEASE_STORE_DAMAGED"
  | "RELEASE_STORE_FORMAT";

export class StoreError extends Error {
  override name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Checks what lmdb does not: on a foreign, empty or locked-away file lmdb 3.5.6 was seen to end the process (SIGSEGV)
 * instead of throwing, and a look behind the end of a cut file does the same (SIGBUS).
 * @throws StoreError
 */
export function checkStoreFile(file: string, access: "read" | "write"): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || (access === "write" && found.size === 0)) {
    if (access === "write") return;
    throw new StoreError("RELEASE_STORE_MISSING", `${file} does not exist: start the gateway, which writes it`);
  }
  requireAccess(file, access === "read" ? constants.R_OK : constants.R_OK | constants.W_OK);
  const lock = `${file}-lock`;
  const lockFound = statSync(lock, { throwIfNoEntry: false });
  // Readers too write their slot into the lock file.
  requireAccess(lockFound === undefined ? dirname(file) : lock, constants.R_OK | constants.W_OK);
  if (lockFound?.isFile() === false || !found.isFile()) {
    throw new StoreError("RELEASE_STORE_DAMAGED", `${file} and ${lock} must be files`);
  }
  checkLength(file);
}

/** So much of the file is kept ahead of its last page; being a hole, it takes no space on the disk. */
const headroomBytes = 64 * 1024 * 1024;

/**
 * Keeps the file longer than its last page. LMDB does not write pages that a transaction took at the end and gave up
 * again, so that a sound file can be shorter than its header says (seen in 17 of 2,214 commits); with headroom a file
 * that is shorter was cut.
 */
export function keepHeadroom(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    const needed = neededBytes(readHead(descriptor)) ?? 0;
    const { size } = fstatSync(descriptor);
    if (size < needed + headroomBytes / 2) ftruncateSync(descriptor, needed + headroomBytes);
  } finally {
    closeSync(descriptor);
  }
}

function checkLength(file: string): void {
  const descriptor = openSync(file, "r");
  try {
    const needed = neededBytes(readHead(descriptor));
    if (needed === null) throw new StoreError("RELEASE_STORE_DAMAGED", `${file} is no release store`);
    const { size } = fstatSync(descriptor);
    if (size >= needed) return;
    const message = `${file} has ${size} bytes where its header tells of ${needed}: it was cut; rebuild it from the feed`;
    throw new StoreError("RELEASE_STORE_DAMAGED", message);
  } finally {
    closeSync(descriptor);
  }
}

/** The largest page size, twice: the two header pages lie at 0 and at one page. */
const headBytes = 2 * 65_536;

function readHead(descriptor: number): Buffer {
  const head = Buffer.alloc(headBytes);
  return head.subarray(0, readSync(descriptor, head, 0, headBytes, 0));
}

/**
 * Length that the newer of the two header pages tells of, null if either is none of LMDB's. Fields behind the page
 * header of 24 bytes, little-endian: magic u32, version u32, …, page size u32 at 24, …, last page u64 at 120, and
 * transaction u64 at 128. Source: MDB_meta in LMDB's mdb.c, as written by lmdb 3.5.6.
 */
function neededBytes(head: Buffer): number | null {
  const first = readMeta(head, 0);
  if (first === null) return null;
  const second = readMeta(head, first.pageBytes);
  if (second === null || second.pageBytes !== first.pageBytes) return null;
  const newer = second.transaction > first.transaction ? second : first;
  return Number(newer.lastPage + 1n) * newer.pageBytes;
}

function readMeta(head: Buffer, at: number): { pageBytes: number; lastPage: bigint; transaction: bigint } | null {
  const meta = at + 24;
  if (head.length < meta + 136) return null;
  const pageBytes = head.readUInt32LE(meta + 24);
  const isLmdb = head.readUInt32LE(meta) === 0xbe_ef_c0_de && head.readUInt32LE(meta + 4) === 2;
  if (!isLmdb || pageBytes < 512 || pageBytes > headBytes / 2) return null;
  return { pageBytes, lastPage: head.readBigUInt64LE(meta + 120), transaction: head.readBigUInt64LE(meta + 128) };
}

function requireAccess(path: string, mode: number): void {
  try {
    accessSync(path, mode);
  } catch (error) {
    const message = `${(error as Error).message}: the gateway and the controller need to read and write it`;
    throw new StoreError("RELEASE_STORE_NO_ACCESS", message);
  }
}
