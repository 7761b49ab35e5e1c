// JSON that loses no number: -0, NaN and the infinities, of which plain JSON makes 0 and null, are spelled out.

const KEY = "$number";

/** @param value plain data; a member that is undefined is left out, as in any JSON */
export const exactJson = (value: unknown): string => JSON.stringify(holdsOdd(value) ? spelled(value) : value);

/** Back from what `JSON.parse` made of it. */
export function fromExact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromExact);
  if (value === null || typeof value !== "object") return value;
  const odd = (value as Record<string, unknown>)[KEY];
  if (typeof odd === "string") return Number(odd);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromExact(inner)]));
}

export const isOdd = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

function holdsOdd(value: unknown): boolean {
  if (typeof value === "number") return isOdd(value);
  if (value === null || typeof value !== "object") return false;
  // Not for…in: what comes is of many shapes, and the engine gives its code for the last one up at each new one.
  for (const inner of Object.values(value)) if (holdsOdd(inner)) return true;
  return false;
}

function spelled(value: unknown): unknown {
  if (typeof value === "number" && isOdd(value)) return { [KEY]: Object.is(value, -0) ? "-0" : String(value) };
  if (Array.isArray(value)) return value.map(spelled);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spelled(inner)]));
}
