// What an OPC UA server says of a value, and whether it may be believed: bad, uncertain, stale or odd is unknown.

export type UaScalar = boolean | number;

/** A value as it was read or reported, apart from the library's own types. */
export interface UaValue {
  /** null: none came with it, or one of a kind that is no number and no Boolean. */
  value: UaScalar | readonly UaScalar[] | null;
  /** Status code, 32 bits (OPC 10000-4, 7.39), and its name for people. */
  status: number;
  statusName: string;
  /** When the source took it, ms since 1970 by the source's clock; null: not said. */
  sourceMs: number | null;
  /** When the server handed it out, ms since 1970 by the server's clock; null: not said. */
  serverMs: number | null;
}

export type Judged = { isKnown: true; value: UaScalar | readonly UaScalar[] } | { isKnown: false; why: string };

/** The two highest bits of a status say its severity: 00 good, 01 uncertain, 10 bad (OPC 10000-4, 7.39.1). */
const SEVERITY_SHIFT = 30;

export const isGood = (status: number): boolean => status >>> SEVERITY_SHIFT === 0;

/**
 * The source's time is compared with the server's own, never with ours: three clocks are one too many.
 * @param o.staleMs oldest source time that counts, in ms; null: the source stamps changes only, its age says nothing
 */
export function judged(seen: UaValue, o: { staleMs: number | null }): Judged {
  if (!isGood(seen.status)) return unknown(statusWords(seen.statusName));
  if (seen.value === null) return unknown("no value");
  if (o.staleMs === null) return { isKnown: true, value: seen.value };
  if (seen.sourceMs === null) return unknown("no source timestamp");
  if (seen.serverMs === null) return unknown("no server timestamp");
  const ageMs = seen.serverMs - seen.sourceMs;
  if (ageMs > o.staleMs) return unknown(`stale: ${ageMs} ms old`);
  // A clock so far ahead would hide every age.
  if (ageMs < -o.staleMs) return unknown(`its source's clock is ${-ageMs} ms ahead of the server's`);
  return { isKnown: true, value: seen.value };
}

export const NO_NODE = "the server has no such node";

/** What a person who has written a node's name, or a user's, has to know. */
const WORDS: Readonly<Record<string, string>> = {
  BadNodeIdUnknown: NO_NODE,
  BadNodeIdInvalid: "the server takes this for no node",
  BadAttributeIdInvalid: "the node is no variable",
  BadNotReadable: "the node cannot be read",
  BadUserAccessDenied: "the user may not read the node",
};

/** The status by its name, in words where there are any. */
export const statusWords = (name: string): string => (name in WORDS ? `${WORDS[name]} (${name})` : name);

const unknown = (why: string): Judged => ({ isKnown: false, why });

/**
 * Bit `index` of a Boolean (index 0 only), of an array of Booleans, or of a whole number.
 * @returns null: the value has no such bit
 */
export function bitOf(value: UaScalar | readonly UaScalar[], index: number): boolean | null {
  if (typeof value === "boolean") return index === 0 ? value : null;
  if (typeof value === "number") {
    if (!Number.isInteger(value) || index > 31) return null;
    return ((value >> index) & 1) === 1;
  }
  const at = value[index];
  return typeof at === "boolean" ? at : null;
}

/** A whole number of at most 32 bits, as unsigned; of an array the one at `index`. null: it is none. */
export function numberOf(value: UaScalar | readonly UaScalar[], index: number | null = null): number | null {
  const at = index === null ? value : typeof value === "object" ? value[index] : undefined;
  if (typeof at !== "number" || !Number.isInteger(at)) return null;
  return at >= -0x8000_0000 && at <= 0xffff_ffff ? at >>> 0 : null;
}
