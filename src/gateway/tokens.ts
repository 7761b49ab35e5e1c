// Decides who may use the API: tokens with scopes, kept as hashes only, compared in constant time.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** feed: hand in releases and holds; read: everything that only shows. */
export const SCOPES = ["feed", "read"] as const;
export type Scope = (typeof SCOPES)[number];

/** One of `tokens` in gateway.yaml. */
export interface TokenRecord {
  name: string;
  scopes: readonly Scope[];
  /** SHA-256 of the token, 64 hex digits. */
  sha256: string;
}

export type Access = "ok" | "noToken" | "badToken" | "wrongScope";

/**
 * 256 random bits: at that entropy a plain hash at rest is enough, guessing it back is not feasible; a slow password
 * hash would only give an attacker a way to keep the gateway busy.
 */
export function newToken(): { token: string; sha256: string } {
  const token = `coline_${randomBytes(32).toString("base64url")}`;
  return { token, sha256: hashToken(token) };
}

export const hashToken = (token: string): string => createHash("sha256").update(token, "utf8").digest("hex");

/**
 * @param o.required  false: the API is open, and a request without a token passes; a wrong token never does
 * @param header      the request's Authorization header
 */
export function accessChecker(o: {
  tokens: readonly TokenRecord[];
  required: boolean;
}): (header: string | undefined, scope: Scope) => Access {
  const known = o.tokens.map(({ scopes, sha256 }) => ({ scopes, hash: Buffer.from(sha256, "hex") }));
  return (header, scope) => {
    const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
    if (token === undefined) return o.required || header !== undefined ? "noToken" : "ok";
    const hash = Buffer.from(hashToken(token), "hex");
    let found: readonly Scope[] | null = null;
    // All are compared, so that the time does not tell which one is near.
    for (const each of known) {
      if (each.hash.length === hash.length && timingSafeEqual(each.hash, hash)) found = each.scopes;
    }
    if (found === null) return "badToken";
    return found.includes(scope) ? "ok" : "wrongScope";
  };
}

/** Addresses that no other machine reaches. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
