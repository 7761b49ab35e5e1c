// The runs in which mutants are hunted: a scenario on an example site, or on what a careless person made of that.
import { type Scenario, scenarioSchema } from "../../simulators/scenarios/scenario-schema.ts";
import type { Site } from "../../src/config/load.ts";
import type { BeltLayout } from "../../src/line/layout.ts";
import { exampleSite } from "../simulation/virtual-run.ts";
import { HUNTS, type Hunt } from "./hunt-scenarios.ts";

export type HuntName = keyof typeof HUNTS;

export const HUNT_NAMES = Object.keys(HUNTS) as HuntName[];

/** @throws for a scenario that its schema does not take */
export function huntOf(name: HuntName): {
  site: Site;
  scenario: Scenario;
  isSafetyOnly: boolean;
  mustCommission: boolean;
} {
  const hunt: Hunt = HUNTS[name];
  const site = siteOf(hunt);
  const scenario = scenarioSchema.parse({ about: `The hunt ${name}.`, ...hunt.scenario });
  return { site, scenario, isSafetyOnly: hunt.isSafetyOnly ?? false, mustCommission: hunt.mustCommission ?? false };
}

/** Sites by what was made of them: a process loads each once. */
const sites = new Map<string, Site>();

function siteOf({
  site: name,
  isMapCareless = false,
  isWithoutTrackEyes = false,
  mustCommission = false,
  firstTrackEyeMm,
}: Hunt): Site {
  const key = [name, isMapCareless, isWithoutTrackEyes, mustCommission, firstTrackEyeMm].join(" ");
  let site = sites.get(key);
  if (site === undefined) {
    site = name === "plain-coils" ? withOneBelt(exampleSite(name)) : exampleSite(name);
    if (isMapCareless) site = withCarelessMap(site);
    if (isWithoutTrackEyes)
      site = withBelts(site, ({ eyes }) => ({ eyes: eyes.filter(({ role }) => role !== "track") }));
    if (firstTrackEyeMm !== undefined) site = withFirstTrackEyeAt(site, firstTrackEyeMm);
    if (mustCommission) site = { ...site, layout: { ...site.layout, commissioning: { plantHash: "a new plant" } } };
    sites.set(key, site);
  }
  return site;
}

/** The simulated traffic gives every belt all streams: of two belts that share them out, the first is kept. */
function withOneBelt(site: Site): Site {
  const [belt] = site.layout.belts;
  if (belt === undefined) throw new RangeError("a site without a belt");
  const chutes = site.layout.chutes.filter(({ beltId }) => beltId === belt.id);
  const isKept = (id: string): boolean => chutes.some((chute) => chute.id === id);
  const routes = site.layout.routes
    .map((rule) => ({ ...rule, to: rule.to.filter(isKept) }))
    .filter(({ to }) => to.length > 0);
  const scanners = belt.stations.flatMap(({ scannerIds }) => scannerIds);
  const belts = site.line.belts.filter(({ id }) => id === belt.id);
  const devices = new Set([
    ...[...belt.eyes, ...belt.gates].map(({ deviceId }) => deviceId),
    ...belts.flatMap(({ runPermit, infeedPermit }) => [runPermit.device, infeedPermit.device]),
  ]);
  return {
    ...site,
    layout: { ...site.layout, belts: [belt], chutes, routes },
    chutes: { ...site.chutes, chutes: site.chutes.chutes.filter(({ id }) => isKept(id)) },
    line: {
      ...site.line,
      belts,
      devices: site.line.devices.filter(({ id }) => devices.has(id)),
      scanners: site.line.scanners.filter(({ id }) => scanners.includes(id)),
    },
  };
}

const withBelts = ({ layout, ...site }: Site, change: (belt: BeltLayout) => Partial<BeltLayout>): Site => ({
  ...site,
  layout: { ...layout, belts: layout.belts.map((belt) => ({ ...belt, ...change(belt) })) },
});

/** Where the line and the world have it. */
function withFirstTrackEyeAt(site: Site, atMm: number): Site {
  const isIt = ({ id }: { id: string }): boolean => id === "track1";
  const moved = withBelts(site, ({ eyes }) => ({
    eyes: eyes.map((eye) => (isIt(eye) ? { ...eye, atUm: atMm * 1000 } : eye)),
  }));
  const belts = site.line.belts.map((belt) => ({
    ...belt,
    eyes: belt.eyes.map((eye) => (isIt(eye) ? { ...eye, atMm } : eye)),
  }));
  return { ...moved, line: { ...site.line, belts } };
}

/** What no proof would let through: one rule, by which every parcel may go out on any stream, or else into any storage. */
function withCarelessMap(site: Site): Site {
  const { layout } = site;
  const to = (["outbound", "storage"] as const).flatMap((kind) =>
    layout.chutes.filter(({ zone }) => zone.kind === kind).map(({ id }) => id),
  );
  return { ...site, layout: { ...layout, routes: [{ id: "everything", to, balance: "ordered" }] } };
}
