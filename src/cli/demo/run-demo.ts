// One demo from start to verdict: rig, site processes, feed, traffic, screen, evidence, report.
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { codesOf, readingSimulatedLabels } from "../../../simulators/virtual/simulated-labels.ts";
import { localiseSite } from "../../../simulators/wired/localise-site.ts";
import { startRig } from "../../../simulators/wired/rig.ts";
import { reportRun } from "../../../simulators/world/checkers/report.ts";
import type { Site } from "../../config/load.ts";
import { dataPlaces } from "../../process/data-folder.ts";
import { type LiveClient, liveClient } from "../../process/live-client.ts";
import { provedSite } from "../proved-site.ts";
import { type BeltTraffic, beltTraffic } from "./belt-traffic.ts";
import { gatherEvidence } from "./evidence.ts";
import { figuresOf, lateParcels } from "./figures.ts";
import { heldUpParcels } from "./held-up.ts";
import { interruption } from "./interruption.ts";
import { ready, settled } from "./line-ready.ts";
import { type LiveView, liveView } from "./live-view.ts";
import { reasonsByParcel } from "./reasons-of-parcels.ts";
import { type DemoResult, demoReport, judgeDemo } from "./report.ts";
import { runSite, type SiteProcesses } from "./site-processes.ts";

export interface DemoOptions {
  /** Of this run: copy of the site, journal, cache, log. */
  folder: string;
  siteFolder: string;
  /** On each belt; null: as many as come in 50 s. The end then says how to go on. */
  parcels: number | null;
  /** On each belt; null: as many as it takes. */
  perHour: number | null;
  seed: number;
  json: boolean;
}

export async function runDemo(o: DemoOptions): Promise<number> {
  const interrupted = interruption();
  const { site: example, isTaught } = readingSimulatedLabels(load(o.siteFolder));
  const traffic = beltTraffic(example, o);
  const rig = await startRig({ site: example, seed: o.seed, ...traffic });
  let processes: SiteProcesses | null = null;
  let live: LiveClient | null = null;
  let view: LiveView | null = null;
  try {
    const siteFolder = join(o.folder, "site");
    const { devices, scanners } = rig.addresses;
    const codes = isTaught ? { codes: codesOf(example) } : {};
    localiseSite(o.siteFolder, siteFolder, { devices, scanners, dataFolder: "data", gatewayPort: 0, ...codes });
    const site = load(siteFolder);
    processes = runSite({ siteFolder, logFile: join(o.folder, "coline.log") });
    const url = new URL(await processes.gatewayUrl);
    const { journalFolder } = dataPlaces(site.dataFolder);
    live = liveClient({ journalFolder });
    await rig.connectFeed({ host: url.hostname, port: Number(url.port), token: null });
    await Promise.race([ready(live, rig), interrupted.promise]);
    view = liveView({ live, site, title: title(site, traffic), screen: !o.json && process.stdout.isTTY });
    await rig.startTraffic();
    await Promise.race([rig.finished(), interrupted.promise]);
    await settled(live);
    view.end();
    view = null;
    await rig.feedAcknowledged();
    live.close();
    const code = await processes.stop();
    processes = null;
    const evidence = await gatherEvidence(rig, journalFolder);
    const { stalls, worstStallMs } = await rig.status();
    const result = judgeDemo({
      report: reportRun(evidence),
      figures: figuresOf(evidence),
      late: lateParcels(evidence),
      heldUp: heldUpParcels(evidence, site),
      reasonsOf: reasonsByParcel(evidence),
      simulator: { stalls, worstStallMs },
      loadPerCpu: (loadavg()[0] ?? 0) / availableParallelism(),
    });
    if (code !== 0) result.findings.push(`controller and gateway ended with exit code ${code}`);
    say(result, o);
    return result.findings.length === 0 ? 0 : 1;
  } finally {
    interrupted.off();
    view?.end();
    live?.close();
    await processes?.stop();
    await rig.stop();
  }
}

function load(folder: string): Site {
  const loaded = provedSite(folder);
  if (!loaded.ok) throw new Error(`the site ${folder} does not pass the check:\n${loaded.report}`);
  return loaded.site;
}

function title({ line }: Site, { parcels, perHour }: BeltTraffic): string {
  const each = line.belts.length > 1 ? ` on each of ${line.belts.length} belts` : "";
  return `Coline · site ${line.site} · ${parcels} parcels at ${perHour.toLocaleString("en")} an hour${each}`;
}

function say(result: DemoResult, o: DemoOptions): void {
  if (!o.json) {
    process.stdout.write(demoReport(result));
    if (o.parcels === null)
      process.stdout.write("Go on: `npm run demo -- --parcels 2000`, `npx coline demo --help`.\n");
    return;
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
