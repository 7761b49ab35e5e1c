// The secret of a journal folder: who can read it is one of the line's own processes. An abstract socket has no permissions.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = "live.key";
const KEY_BYTES = 32;
/** The owner, and the group for a gateway under a user of its own; what `umask` forbids stays forbidden. */
const MODE = 0o640;

/** @returns null when there is none, or what is there is no key: 64 hex digits. @throws where it may not be read */
export function readLiveKey(journalFolder: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(join(journalFolder, FILE), "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return new RegExp(`^[0-9a-f]{${KEY_BYTES * 2}}$`, "u").test(text) ? Buffer.from(text, "hex") : null;
}

/** Reads the folder's key or makes one, which then stays. @throws where the folder cannot be read or written */
export function ensureLiveKey(journalFolder: string): Buffer {
  const found = readLiveKey(journalFolder);
  if (found !== null) return found;
  const key = randomBytes(KEY_BYTES);
  const unfinished = join(journalFolder, `${FILE}.new`);
  try {
    writeFileSync(unfinished, `${key.toString("hex")}\n`, { mode: MODE });
    renameSync(unfinished, join(journalFolder, FILE));
  } catch (cause) {
    throw new Error(`${FILE}, by which the gateway is known, cannot be written into ${journalFolder}`, { cause });
  }
  return key;
}

/** What a peer answers to a controller's nonce: HMAC-SHA-256, hex. The key itself goes over no socket. */
export const proofOf = (key: Buffer, nonce: string): string => createHmac("sha256", key).update(nonce).digest("hex");

export function isProof(key: Buffer, nonce: string, proof: string | undefined): boolean {
  const wanted = Buffer.from(proofOf(key, nonce));
  const given = Buffer.from(proof ?? "");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export const freshNonce = (): string => randomBytes(16).toString("hex");
