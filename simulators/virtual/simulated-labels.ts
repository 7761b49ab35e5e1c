// Lets a site read the labels of simulated parcels: a site that knows other carriers would read nothing at all.
import type { Site } from "../../src/config/load.ts";
import type { CodePattern } from "../../src/line/layout.ts";
import { CARRIERS, waybillNumber } from "../world/waybills.ts";

const pattern = (
  id: string,
  regex: string,
  o: Pick<CodePattern, "check" | "rank"> & { company: string },
): CodePattern => ({
  id,
  regex,
  check: o.check,
  companies: [o.company],
  rank: o.rank,
});

const PATTERNS: readonly CodePattern[] = [
  pattern("s10", "[A-Z]{2}[0-9]{9}[A-Z]{2}", { check: "s10", company: "EMS", rank: 1 }),
  pattern("ups", "1Z[0-9A-Z]{16}", { check: "ups1z", company: "UPS", rank: 1 }),
  pattern("fedex", "[0-9]{12}", { check: "fedex12", company: "FEDEX", rank: 2 }),
  pattern("dhl", "[0-9]{10}", { check: "dhl10", company: "DHL", rank: 2 }),
  pattern("sscc", "(00)?[0-9]{18}", { check: "sscc", company: "CAINIAO", rank: 2 }),
];

/** The codes of a site as `customs.yaml` has them. */
export const codesOf = ({ layout }: Site): object[] =>
  layout.patterns.map(({ regex, ...pattern }) => ({ ...pattern, pattern: regex }));

/** @returns the site as it is when it knows every carrier of the simulated parcels */
export function readingSimulatedLabels(site: Site): { site: Site; isTaught: boolean } {
  const isKnown = CARRIERS.every((carrier) => {
    const label = waybillNumber(carrier, 1);
    return site.layout.patterns.some(
      ({ regex, companies }) => companies.includes(carrier) && new RegExp(`^(?:${regex})$`).test(label),
    );
  });
  if (isKnown) return { site, isTaught: false };
  return { site: { ...site, layout: { ...site.layout, patterns: PATTERNS } }, isTaught: true };
}
