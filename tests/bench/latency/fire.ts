// Fire error and position error on the example site: planned instant against the command at the device, belief against belt.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { localiseSite } from "../../../simulators/wired/localise-site.ts";
import { type Rig, startRig } from "../../../simulators/wired/rig.ts";
import { gatherEvidence, type RunEvidence } from "../../../src/cli/demo/evidence.ts";
import { figuresOf, type Quantiles, quantiles } from "../../../src/cli/demo/figures.ts";
import { provedSite } from "../../../src/cli/proved-site.ts";
import type { Site } from "../../../src/config/load.ts";
import { dataPlaces } from "../../../src/process/data-folder.ts";
import { pause, startSite } from "./processes.ts";

const exampleSite = fileURLToPath(new URL("../../../config/sites/common-line", import.meta.url));
const PER_HOUR = 10_000;
const READY_WITHIN_MS = 30_000;
/** The last ends are journalled by then. */
const SETTLE_MS = 3000;

export interface FireFigures {
  /** Planned instant to the complete command at the gate's device, ms. */
  fireErrorMs: Quantiles;
  lateDropped: number;
  permits: number;
  /** Where the induction eye put a front, against where it was; absolute, mm. */
  positionErrorMm: Quantiles;
  /** Fronts that were further off than the line itself took them to be. */
  beyondOwnError: number;
}

/** The rig's process was held up: the world's clock and the machine's are no longer the same distance apart. */
export class LineStood extends Error {
  constructor(ms: number) {
    super(`the simulated line stood for ${ms} ms: run it on a quieter machine`);
  }
}

/** Rig, controller and gateway for one shift on a copy of the example site in `folder`. @throws LineStood */
export async function measureFire(o: { folder: string; parcels: number }): Promise<FireFigures> {
  const rig = await startRig({ site: siteOf(exampleSite), parcels: o.parcels, perHour: PER_HOUR });
  try {
    const copy = join(o.folder, "common-line");
    localiseSite(exampleSite, copy, { ...rig.addresses, dataFolder: "data", gatewayPort: 0 });
    const running = await startSite(copy);
    const { hostname, port } = new URL(running.url);
    await rig.connectFeed({ host: hostname, port: Number(port), token: null });
    await feedHeard(rig);
    const { stalledMs } = await rig.status();
    await rig.startTraffic();
    await rig.finished();
    await pause(SETTLE_MS);
    await running.stop();
    const after = await rig.status();
    if (after.stalledMs !== stalledMs) throw new LineStood(after.stalledMs - stalledMs);
    const evidence = await gatherEvidence(rig, dataPlaces(siteOf(copy).dataFolder).journalFolder);
    const { latencyMs, lateDropped, permits } = figuresOf(evidence);
    return { fireErrorMs: latencyMs, lateDropped, permits, ...positionErrors(evidence, rig) };
  } finally {
    await rig.stop();
  }
}

function siteOf(folder: string): Site {
  const loaded = provedSite(folder);
  if (!loaded.ok) throw new Error(loaded.report);
  return loaded.site;
}

/** Infeed open and customs heard: from here on nothing is missing but parcels. */
async function feedHeard(rig: Rig): Promise<void> {
  for (const endMs = performance.now() + READY_WITHIN_MS; ; await pause(100)) {
    const { feed, belts } = await rig.status();
    if (feed !== null && feed.waiting === 0 && feed.lastError === null && belts.every(({ driven }) => driven)) return;
    if (performance.now() > endMs) throw new Error("the example site was not ready in time");
  }
}

/**
 * The line's belt position counts from where its run began, the world's from its own start: what is the same for all
 * fronts (the median) is no error. Holds while the belt runs on at one speed, as it does in a shift without faults.
 */
function positionErrors(
  { entries, truth }: RunEvidence,
  rig: Rig,
): Pick<FireFigures, "positionErrorMm" | "beyondOwnError"> {
  const [belt] = rig.plan.world.belts;
  const [scanner] = belt?.scanners ?? [];
  const [induction] = belt?.eyes ?? [];
  if (belt === undefined || scanner === undefined || induction === undefined)
    throw new Error("the example site is bare");
  const stopped = entries.find((entry) => entry.kind === "linePermit" && entry.permit === "run" && !entry.allowed);
  if (stopped !== undefined) throw new Error("the belt stood during the shift: the true positions are not known");
  const umPerNs = belt.speedUmPerS / 1e9;
  const copied = new Set(truth.parcels.flatMap(({ waybill, copyOf }) => (copyOf === null ? [] : [waybill])));
  const readNs = new Map(
    truth.parcels.flatMap(({ waybill, reads }) => (copied.has(waybill) ? [] : [[waybill, reads[0]?.atNs] as const])),
  );
  const items = new Map(entries.flatMap((entry) => (entry.kind === "item" ? [[entry.itemId, entry] as const] : [])));
  const offsets = entries.flatMap((entry) => {
    const item = entry.kind === "telegram" && entry.itemId !== null ? items.get(entry.itemId) : undefined;
    const [code] = entry.kind === "telegram" ? entry.codes : [];
    const atNs = code === undefined ? undefined : readNs.get(code);
    if (item === undefined || atNs === undefined) return [];
    const wayUm = scanner.atUm - induction.atUm;
    const atEyeUm = (atNs - scanner.readDelayNs) * umPerNs - wayUm;
    return [{ offUm: item.beltUm - atEyeUm, errorUm: item.errorUm }];
  });
  const common = median(offsets.map(({ offUm }) => offUm));
  const errors = offsets.map(({ offUm, errorUm }) => ({ um: Math.abs(offUm - common), errorUm }));
  return {
    positionErrorMm: quantiles(errors.map(({ um }) => um / 1000)),
    beyondOwnError: errors.filter(({ um, errorUm }) => um > errorUm).length,
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export function fireReport(figures: FireFigures): string[] {
  const { fireErrorMs: fire, positionErrorMm: position } = figures;
  const all = (q: Quantiles): string =>
    `p50 ${q.p50.toFixed(2)}  p99 ${q.p99.toFixed(2)}  p99.9 ${q.p999.toFixed(2)}  max ${q.max.toFixed(2)}`;
  return [
    `example site, ${PER_HOUR} parcels an hour:`,
    `  fire error in ms, planned instant to command at the gate's device: ${all(fire)}, ${fire.count} commands`,
    `  dropped as late: ${figures.lateDropped} of ${figures.permits} permits`,
    `  position error in mm at the induction eye, against the true belt: ${all(position)}, ${position.count} parcels`,
    `  further off than the line itself allowed for: ${figures.beyondOwnError}`,
  ];
}
