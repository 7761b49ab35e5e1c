// What a scanner that is slow for a while sends: late, together, and never in another order than it has read.
import { expect, test } from "vitest";
import { createRandom } from "../../../simulators/world/random.ts";
import { ScannerEyes } from "../../../simulators/world/scanner-eyes.ts";

const MS = 1_000_000;
const UPTO_MS = 400;

/** A reading every 50 ms; from the fifth to the tenth the scanner is slow. */
function sentBy(seed: number): { readNs: number; atNs: number; parcelId: string }[] {
  const eyes = new ScannerEyes(createRandom(seed));
  const sent: { readNs: number; atNs: number; parcelId: string }[] = [];
  for (let index = 1; index <= 30; index += 1) {
    if (index === 5) eyes.become("scan", { kind: "slow", uptoNs: UPTO_MS * MS });
    if (index === 11) eyes.become("scan", { kind: "well" });
    const readNs = index * 50 * MS;
    const read = eyes.send({ scannerId: "scan", parcelId: String(index), atNs: readNs, codes: [] });
    if (read !== null) sent.push({ readNs, atNs: read.atNs, parcelId: read.parcelId });
  }
  expect(eyes.take(Number.POSITIVE_INFINITY).map(({ parcelId }) => parcelId)).toEqual(
    sent.map(({ parcelId }) => parcelId),
  );
  return sent;
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("seed %i: nobody is overtaken, nobody waits longer than is said", (seed) => {
  const sent = sentBy(seed);
  expect(sent).toHaveLength(30);
  for (const { readNs, atNs } of sent) {
    expect(atNs).toBeGreaterThanOrEqual(readNs);
    expect(atNs - readNs).toBeLessThanOrEqual(UPTO_MS * MS);
  }
  expect(sent.at(-1)).toMatchObject({ atNs: 1500 * MS });
  expect(sent.some(({ readNs, atNs }) => atNs > readNs)).toBe(true);
});
