// Decides who may use the API: tokens with scopes, kept as hashes only, compared in constant time.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { ROLES, type Role } from "../line/command.ts";

/** feed: hand in releases and holds; read, auditor: see; operator, officer: see, and command what is theirs. */
export const SCOPES = ROLES;
export type Scope = Role;

/** What an address asks for, and the scopes that open it. */
const OPENS = {
  feed: ["feed"],
  read: ["read", "operator", "officer", "auditor"],
  /** Starting figures afresh; an auditor changes nothing. */
  reset: ["read", "operator", "officer"],
} as const satisfies Record<string, readonly Scope[]>;
export type Need = keyof typeof OPENS;

/** Whose token it is. */
export interface Holder {
  name: string;
  scopes: readonly Scope[];
}

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

/** @returns whose token the Authorization header carries */
export function tokenFinder(
  tokens: readonly TokenRecord[],
): (header: string | undefined) => Holder | "noToken" | "badToken" {
  const known = tokens.map(({ name, scopes, sha256 }) => ({ name, scopes, hash: Buffer.from(sha256, "hex") }));
  return (header) => {
    const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
    if (token === undefined) return "noToken";
    const hash = Buffer.from(hashToken(token), "hex");
    let found: Holder | null = null;
    // All are compared, so that the time does not tell which one is near.
    for (const { name, scopes, hash: own } of known) {
      if (own.length === hash.length && timingSafeEqual(own, hash)) found = { name, scopes };
    }
    return found ?? "badToken";
  };
}

/**
 * @param o.required  false: the API is open, and a request without a token passes; a wrong token never does
 * @param header      the request's Authorization header
 */
export function accessChecker(o: {
  tokens: readonly TokenRecord[];
  required: boolean;
}): (header: string | undefined, need: Need) => Access {
  const find = tokenFinder(o.tokens);
  return (header, need) => {
    if (header === undefined && !o.required) return "ok";
    const holder = find(header);
    if (typeof holder === "string") return holder;
    const opening: readonly Scope[] = OPENS[need];
    return holder.scopes.some((scope) => opening.includes(scope)) ? "ok" : "wrongScope";
  };
}

/** Addresses that no other machine reaches. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
