// Check digits of the carriers' numbers: which single misreads a number itself can give away.
import type { CheckDigit } from "./layout.ts";

/**
 * True when `text` has the length and alphabet of its scheme and its check digit is right. "none" accepts everything.
 *
 * A check digit is weak: about one random string in ten passes. It filters misreads; it does not identify a parcel.
 */
export function hasValidCheckDigit(text: string, scheme: CheckDigit): boolean {
  switch (scheme) {
    case "none":
      return true;
    case "s10":
      return isS10(text);
    case "sscc":
      return isSscc(text);
    case "ups1z":
      return isUps1z(text);
    case "fedex12":
      return isFedex12(text);
    case "dhl10":
      return isDhl10(text);
  }
}

const S10_WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7] as const;

/**
 * UPU S10: two letters, eight digits, check digit, two letters of the country. Check = 11 − (sum mod 11), 10 → 0,
 * 11 → 5: remainders 0 and 6 share the digit 5, so the few single errors that swap those two pass. Source: UPU S10.
 */
export function isS10(text: string): boolean {
  if (!/^[A-Z]{2}[0-9]{9}[A-Z]{2}$/.test(text)) return false;
  const remainder = 11 - (weightedSum(text.slice(2, 10), S10_WEIGHTS) % 11);
  const check = remainder === 10 ? 0 : remainder === 11 ? 5 : remainder;
  return check === digitAt(text, 10);
}

/**
 * GS1 serial shipping container code, 18 digits, with or without its application identifier (00).
 * Catches every single wrong digit. Source: GS1 General Specifications, standard check digit (modulo 10, weights 3 1).
 */
export function isSscc(text: string): boolean {
  const digits = text.length === 20 && text.startsWith("00") ? text.slice(2) : text;
  if (!/^[0-9]{18}$/.test(digits)) return false;
  const sum = weightedSum(digits.slice(0, 17), [3, 1]);
  return (10 - (sum % 10)) % 10 === digitAt(digits, 17);
}

/**
 * UPS tracking number: "1Z", fifteen digits or letters, check digit. Letters count as (ASCII − 3) mod 10; every second
 * character counts double. Misses 0 ↔ 5, 1 ↔ 6 ... at the doubled places (2 × 5 = 10).
 */
export function isUps1z(text: string): boolean {
  if (!/^1Z[0-9A-Z]{15}[0-9]$/.test(text)) return false;
  let sum = 0;
  for (let i = 2; i < 17; i += 1) {
    const code = text.charCodeAt(i);
    const value = code >= CODE_A ? (code - 3) % 10 : code - CODE_0;
    sum += i % 2 === 1 ? value * 2 : value;
  }
  return (10 - (sum % 10)) % 10 === digitAt(text, 17);
}

/**
 * FedEx Express, twelve digits: weights 3 1 7, modulo 11, then modulo 10: remainders 0 and 10 share the digit 0, so the
 * few single errors that swap those two pass.
 */
export function isFedex12(text: string): boolean {
  if (!/^[0-9]{12}$/.test(text)) return false;
  return (weightedSum(text.slice(0, 11), [3, 1, 7]) % 11) % 10 === digitAt(text, 11);
}

/**
 * DHL Express waybill, ten digits: the first nine modulo 7. Misses 0 ↔ 7, 1 ↔ 8 and 2 ↔ 9, since 7 × 10^k is
 * divisible by 7.
 */
export function isDhl10(text: string): boolean {
  if (!/^[0-9]{10}$/.test(text)) return false;
  return Number(text.slice(0, 9)) % 7 === digitAt(text, 9);
}

const CODE_0 = 48;
const CODE_A = 65;

const digitAt = (text: string, index: number): number => text.charCodeAt(index) - CODE_0;

/** Sum of the digits times their weights; the weights repeat. */
function weightedSum(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) sum += digitAt(digits, i) * (weights[i % weights.length] as number);
  return sum;
}
