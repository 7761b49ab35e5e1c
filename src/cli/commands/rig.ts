// `coline rig SITE`: runs a site's line as a simulation behind real interfaces, for engineers who connect a controller.
import { parseArgs } from "node:util";
import { type Rig, startRig } from "../../../simulators/wired/rig.ts";
import type { RigStatus } from "../../../simulators/wired/rig-messages.ts";
import { loadSite, type Site } from "../../config/load.ts";
import { onStop } from "../../process/stop.ts";
import { problemReport } from "../check-report.ts";
import { runAsked, wholeNumber } from "../run-asked.ts";

export const summary =
  "run a site's line as a wired simulation: PLCs, scanners, parcels and customs, without a controller";

const usage = `usage: coline rig SITE [--rate PER_HOUR] [--parcels N] [--seed N] [--links FOLDER] [--token TOKEN]
                       [--manual-after SECONDS] [--test-every SECONDS [--test-code CODE]]

  SITE       folder with line.yaml, chutes.yaml, customs.yaml and gateway.yaml
  --rate     parcels an hour on each belt; left out: as many as the longest parcel and its gap allow
  --parcels  end after so many parcels on each belt; left out: no end
  --seed     draws other parcels; left out: 1
  --links    folder for the ports of scanners and serial lines, named by scanner and device; left out: the site's paths
  --token    what the gateway asks of a customs feed, where it asks for one
  --test-every    no parcels of customs' come, but a test parcel on each belt every so often: for \`coline commission\`
  --test-code     its label; left out: COLINE-TEST-01
  --manual-after  no parcels come, and the PLC is switched to manual after so long: for \`coline jog\` and \`looptest\`

PLCs listen where the site says. Customs speaks to the gateway at the site's address, as soon as it answers.
exit code: 0 done or stopped, 1 the line cannot be simulated, 2 used wrongly
`;

interface Asked {
  folder: string;
  perHour: number | null;
  parcels: number | null;
  seed: number;
  links: string | null;
  token: string | null;
  manualAfterS: number | null;
  testEveryS: number | null;
  testCode: string;
}

export const run = (args: string[]): Promise<number> => runAsked(args, { name: "rig", usage, read, run: runRig });

async function runRig(asked: Asked): Promise<number> {
  const loaded = loadSite(asked.folder);
  if (!loaded.ok) {
    process.stderr.write(problemReport(asked.folder, loaded.problems));
    return 1;
  }
  try {
    return await simulate(loaded.site, asked);
  } catch (error) {
    process.stderr.write(`coline rig: ${(error as Error).message}\n`);
    return 1;
  }
}

async function simulate(site: Site, asked: Asked): Promise<number> {
  const { perHour, parcels, seed, links, token, manualAfterS, testEveryS } = asked;
  let trouble: string | null = null;
  const rig = await startRig({
    site,
    perHour,
    parcels,
    seed,
    ports: "site",
    portLinks: links === null ? "site" : { folder: links },
    onTrouble: (message) => {
      trouble ??= message;
    },
  });
  let isStopping = false;
  const offStop = onStop(
    async () => {
      isStopping = true;
      await rig.stop();
    },
    { withinMs: 10_000 },
  );
  process.stdout.write(whatListens(rig, site));
  await rig.connectFeed({ host: site.gateway.api.host, port: site.gateway.api.port, token });
  if (manualAfterS === null && testEveryS === null) await rig.startTraffic();
  try {
    await watch(rig, () => trouble, asked);
  } catch (error) {
    // A signal ends the rig under the watch; its handler ends this process.
    if (isStopping) return await new Promise<never>(() => undefined);
    throw error;
  } finally {
    if (!isStopping) await rig.stop();
  }
  offStop();
  return 0;
}

/** A line a second, until a bounded traffic is done. @throws when something broke beside any call */
async function watch(rig: Rig, trouble: () => string | null, asked: Asked): Promise<void> {
  const { manualAfterS, testEveryS, testCode } = asked;
  for (let seconds = 0; ; seconds += 1) {
    if (seconds === manualAfterS) {
      await rig.switchToManual(true);
      process.stdout.write("the PLC is in manual\n");
    }
    if (testEveryS !== null && seconds % testEveryS === 0)
      for (const { id } of rig.plan.world.belts) await rig.layTestParcel(id, testCode);
    const status = await rig.status();
    process.stdout.write(lineOf(status));
    const broken = trouble();
    if (broken !== null) throw new Error(broken);
    if (status.isDone) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

const BUS_NAMES = { "modbus-tcp": "Modbus TCP", "modbus-rtu": "Modbus RTU", opcua: "OPC UA" } as const;

function whatListens({ addresses, plan }: Rig, site: Site): string {
  const devices = site.line.devices.map(({ id, driver }) => {
    const { host, port, line } = addresses.devices[id] ?? {};
    return `  ${id}  ${BUS_NAMES[driver]} ${line ?? `${host}:${port}`}\n`;
  });
  const scanners = plan.scanners.map(({ scannerId, linkPath, baud }) => `  ${scannerId}  ${linkPath}, ${baud} baud\n`);
  const { host, port } = site.gateway.api;
  return `${[`${site.line.site}\n`, ...devices, ...scanners].join("")}  customs speaks to http://${host}:${port}\n`;
}

function lineOf(status: RigStatus): string {
  const seconds = Math.floor(status.atNs / 1_000_000_000);
  const belts = status.belts.map(({ id, speedUmPerS, riding }) => `${id} ${speedUmPerS / 1000} mm/s, ${riding} riding`);
  const chutes = Object.entries(status.perChute).map(([id, count]) => `${id} ${count}`);
  const fallen = status.devices.filter(({ outputsFallen }) => outputsFallen).map(({ id }) => `${id} outputs fallen`);
  const { feed } = status;
  const customs = feed === null ? "" : `customs ${feed.acknowledged} acknowledged, ${feed.waiting} waiting`;
  const parts = [...belts, `fed ${status.fed}`, ...chutes, `telegrams ${status.telegrams}`, customs, ...fallen];
  return `${String(seconds).padStart(5)} s  ${parts.filter((part) => part !== "").join("; ")}\n`;
}

function read(args: string[]): Asked {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ rate: text, parcels: text, seed: text, links: text, token: text },
      ...{ "manual-after": text, "test-every": text, "test-code": text },
    },
  });
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0) throw new Error("give one SITE");
  const count = (option: "rate" | "parcels" | "seed" | "manual-after" | "test-every"): number | null =>
    values[option] === undefined ? null : wholeNumber(`--${option}`, values[option]);
  return {
    folder,
    perHour: count("rate"),
    parcels: count("parcels"),
    seed: count("seed") ?? 1,
    links: values.links ?? null,
    token: values.token ?? null,
    manualAfterS: count("manual-after"),
    testEveryS: count("test-every"),
    testCode: testCode(values["test-code"]),
  };
}

function testCode(text = "COLINE-TEST-01"): string {
  if (!/^COLINE-TEST-[0-9]{2}$/.test(text))
    throw new Error(`--test-code takes COLINE-TEST-00 to COLINE-TEST-99, not "${text}"`);
  return text;
}
