// The whole line for a test: a rig, a copy of a site on it, `coline run`, and at the end the truth against the journal.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { localiseSite } from "../../simulators/wired/localise-site.ts";
import { type Rig, type RigOptions, startRig } from "../../simulators/wired/rig.ts";
import type { RigStatus } from "../../simulators/wired/rig-messages.ts";
import { type RunReport, reportRun } from "../../simulators/world/checkers/report.ts";
import { gatherEvidence, type RunEvidence } from "../../src/cli/demo/evidence.ts";
import { provedSite } from "../../src/cli/proved-site.ts";
import type { Site } from "../../src/config/load.ts";
import { fileFolder } from "../../src/journal/file-disk.ts";
import { type Verdict, verifyJournal } from "../../src/journal/verify.ts";
import { dataPlaces } from "../../src/process/data-folder.ts";
import { type LiveClient, liveClient } from "../../src/process/live-client.ts";
import type { LiveState } from "../../src/process/live-message.ts";
import { colineMain, type Ran, runColine } from "./run-coline.ts";

export interface LineRigOptions {
  /** null: no end, until `trafficDone` shuts the infeed. */
  parcels: number | null;
  /** Name of the example site; common-line when left out. */
  example?: string;
  /** The line has to be commissioned, as the example says; left out: its plant counts as a simulated one. */
  mustCommission?: true;
  /** What the gateway asks of everybody, with scopes feed and operator; left out: it is open. */
  token?: { text: string; sha256: string };
  /** 10,000 when left out. */
  perHour?: number;
  seed?: number;
  rig?: Partial<Omit<RigOptions, "site" | "parcels" | "perHour" | "seed">>;
  /** The rig stands at other addresses than the example site's. */
  atHost?: Readonly<Record<string, string>>;
  /** Words before `coline run`, such as strace and its options. */
  under?: readonly string[];
  /** More of the environment; `folder` is the test's own. */
  env?: (folder: string) => Readonly<Record<string, string>>;
}

export interface LineRig {
  readonly rig: Rig;
  readonly site: Site;
  readonly siteFolder: string;
  readonly journalFolder: string;
  readonly gatewayUrl: string;
  /** CLOCK_MONOTONIC now on the rig's clock, ns. */
  nowNs(): number;
  /** undefined: the controller has said nothing for a second. */
  live(): LiveState | undefined;
  /** Sends the signal to the process that is running now. @returns when, ns of the rig's clock */
  kill(child: SiteChild, signal?: NodeJS.Signals): Promise<number>;
  /** How often the parent has started it. */
  starts(child: SiteChild): number;
  ends(child: SiteChild): number;
  /** What the site said last, for an error's text. */
  lastWords(): string;
  /** Settles when every device is armed and the feed is heard. */
  ready(): Promise<void>;
  /**
   * Settles when so many parcels that came in from now on have left by an outbound chute, however many come for that: on
   * a machine that is held up, a good part of them rides to the safe end.
   */
  sorted(parcels: number): Promise<void>;
  /** Settles when every parcel has its physical end, and the journal its own; endless traffic ends with it. */
  trafficDone(): Promise<void>;
  /** SIGTERM; then what the run left behind. `isComplete` false: parcels still ride, and have no end. */
  finish(o?: { isComplete: boolean }): Promise<LineRun>;
  /** Settles when it holds. @throws after half a minute, or when the site ends */
  until(what: string, holds: () => Promise<boolean> | boolean): Promise<void>;
  /** Runs another command of Coline on the site's folder to its end. */
  coline(...args: string[]): Promise<Ran>;
  /** The same with answers on its input, given at once; what it says is told as it comes. */
  talk(args: readonly string[], o: { answers: string; heard(text: string): void }): Promise<Ran>;
}

export type SiteChild = "controller" | "gateway";

export interface LineRun {
  evidence: RunEvidence;
  report: RunReport;
  verdict: Verdict;
  exitCode: number | null;
  starts: Readonly<Record<SiteChild, number>>;
  /** Once the site had ended: what its gates and relays did then. */
  atEnd: RigStatus;
  /** What controller, gateway and their parent said last; for an error's text. */
  lastWords: string;
}

export interface LogLine {
  name: string;
  msg: string;
  [field: string]: unknown;
}

const exampleSite = (name: string): string => fileURLToPath(new URL(`../../config/sites/${name}`, import.meta.url));
const READY_WITHIN_MS = 60_000;
const STANDSTILL_MS = 60_000;
const POLL_MS = 50;
const LIVE_MS = 1000;

/** Everything that it starts ends with the test, however that ends. */
export async function startLine(o: LineRigOptions): Promise<LineRig> {
  const folder = mkdtempSync(join(tmpdir(), "coline-line-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const siteFolder = join(folder, "site");
  const example = exampleSite(o.example ?? "common-line");
  const rig = await startRig({
    site: movedTo(o.atHost ?? {}, load(example)),
    parcels: o.parcels,
    perHour: o.perHour ?? 10_000,
    seed: o.seed ?? 1,
    ...o.rig,
  });
  onTestFinished(() => rig.stop());
  const { devices, scanners } = rig.addresses;
  // One port for the whole run: customs finds the gateway again after a restart.
  const gatewayPort = await freePort();
  // What the simulated parcels bear is no part of what has to be proved.
  const { codes } = load(exampleSite("common-line")).customs;
  const plant = o.mustCommission === true ? ({ plant: "asked", codes } as const) : {};
  localiseSite(example, siteFolder, { devices, scanners, dataFolder: "data", gatewayPort, ...plant });
  if (o.token !== undefined) {
    const token = `tokens:\n  - { name: wang, scopes: [feed, operator], sha256: "${o.token.sha256}" }\n`;
    const file = join(siteFolder, "gateway.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/^tokens: \[\]\n/m, "") + token);
  }
  const site = load(siteFolder);
  const { journalFolder } = dataPlaces(site.dataFolder);
  mkdirSync(journalFolder, { recursive: true }); // The live socket is named by it.
  const run = new SiteRun(siteFolder, { under: o.under ?? [], env: o.env?.(folder) ?? {} });
  onTestFinished(async () => void (await run.end()));
  const client = liveClient({ journalFolder });
  onTestFinished(() => client.close());
  const line = new Line({ rig, site, siteFolder, journalFolder, run, client, gatewayPort });
  await rig.connectFeed({ host: "127.0.0.1", port: gatewayPort, token: o.token?.text ?? null });
  await line.ready();
  return line;
}

class Line implements LineRig {
  readonly rig: Rig;
  readonly site: Site;
  readonly siteFolder: string;
  readonly journalFolder: string;
  readonly gatewayUrl: string;
  readonly #run: SiteRun;
  readonly #client: LiveClient;

  constructor(o: {
    rig: Rig;
    site: Site;
    siteFolder: string;
    journalFolder: string;
    run: SiteRun;
    client: LiveClient;
    gatewayPort: number;
  }) {
    this.rig = o.rig;
    this.site = o.site;
    this.siteFolder = o.siteFolder;
    this.journalFolder = o.journalFolder;
    this.gatewayUrl = `http://127.0.0.1:${o.gatewayPort}`;
    this.#run = o.run;
    this.#client = o.client;
  }

  nowNs(): number {
    return Number(process.hrtime.bigint() - BigInt(this.rig.addresses.epochNs));
  }

  live(): LiveState | undefined {
    const newest = this.#client.newest();
    return newest === null || newest.ageMs > LIVE_MS ? undefined : newest.state;
  }

  async kill(child: SiteChild, signal: NodeJS.Signals = "SIGKILL"): Promise<number> {
    const pid = await this.#run.until(`${child} to run`, () => this.#run.pid(child));
    process.kill(pid, signal);
    return this.nowNs();
  }

  starts(child: SiteChild): number {
    return this.#run.count(child, "started");
  }

  ends(child: SiteChild): number {
    return this.#run.count(child, "ended");
  }

  lastWords(): string {
    return this.#run.lastWords();
  }

  async ready(): Promise<void> {
    await this.#run.until("devices, scanners and feed to be ready", async () => {
      const devices = this.live()?.devices ?? [];
      const { feed } = await this.rig.status();
      const armed = devices.length > 0 && devices.every((device) => device["armed"] !== false);
      return armed && feed !== null && feed.acknowledged > 0 && feed.waiting === 0;
    });
  }

  async sorted(parcels: number): Promise<void> {
    const fromNs = this.nowNs();
    await this.until(`${parcels} parcels to be sorted`, async () => {
      const truth = await this.rig.truth();
      const outbound = new Set(truth.chutes.flatMap(({ id, zone }) => (zone.kind === "outbound" ? [id] : [])));
      const left = truth.parcels.filter(
        ({ fedNs, end }) => fedNs > fromNs && end.kind === "chute" && outbound.has(end.chuteId),
      );
      return left.length >= parcels;
    });
  }

  async trafficDone(): Promise<void> {
    const isEndless = this.rig.plan.traffic.some(({ parcels }) => parcels === null);
    if (isEndless) await this.rig.pauseTraffic();
    let progress = "";
    let movedMs = performance.now();
    for (;;) {
      const status = await this.rig.status();
      if (status.isDone || (isEndless && (await this.#isEmpty(status)))) break;
      const now = JSON.stringify([status.belts, status.fed]);
      if (now !== progress) movedMs = performance.now();
      progress = now;
      if (performance.now() - movedMs > STANDSTILL_MS) {
        throw new Error(`the line stands\n${await this.#asItIs()}\n${this.#run.lastWords()}`);
      }
      await sleep(POLL_MS);
    }
    const reached = (): boolean => this.live()?.line.belts.every((belt) => belt.items.length === 0) ?? false;
    await this.#run.until("an end for each item", reached);
    await this.rig.feedAcknowledged();
  }

  async #isEmpty({ belts }: RigStatus): Promise<boolean> {
    if (belts.some(({ riding }) => riding > 0)) return false;
    return (await this.rig.truth()).parcels.every(({ end }) => end.kind !== "chute" || end.atNs !== null);
  }

  async finish({ isComplete } = { isComplete: true }): Promise<LineRun> {
    this.#client.close();
    const exitCode = await this.#run.end();
    const atEnd = await this.rig.status();
    const mustCommission = this.site.layout.commissioning !== undefined;
    const evidence = { ...(await gatherEvidence(this.rig, this.journalFolder)), isComplete, mustCommission };
    return {
      evidence,
      report: reportRun(evidence),
      verdict: verifyJournal(fileFolder(this.journalFolder)),
      exitCode,
      starts: { controller: this.starts("controller"), gateway: this.starts("gateway") },
      atEnd,
      lastWords: this.#run.lastWords(),
    };
  }

  async until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    try {
      await this.#run.until(what, holds);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await this.#asItIs()}`, { cause: error });
    }
  }

  /** World and line, for an error's text. */
  async #asItIs(): Promise<string> {
    const { belts, alarms } = this.live()?.line ?? {};
    const devices = this.live()?.devices;
    return JSON.stringify({ rig: await this.rig.status(), belts, alarms, devices }, null, 1);
  }

  coline(...args: string[]): Promise<Ran> {
    return runColine(args);
  }

  talk(args: readonly string[], o: { answers: string; heard(text: string): void }): Promise<Ran> {
    return runColine(args, o);
  }
}

/** `coline run` as a child, and what it says. */
class SiteRun {
  readonly log: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #rest = "";
  #plain = "";

  constructor(siteFolder: string, o: { under: readonly string[]; env: Readonly<Record<string, string>> }) {
    const command = [...o.under, process.execPath, colineMain, "run", siteFolder];
    const [program = process.execPath, ...args] = command;
    this.#child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...o.env } });
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#hear(chunk.toString()));
    this.#ended = new Promise((resolve) => this.#child.once("close", (code) => resolve(code)));
  }

  pid(child: SiteChild): number | undefined {
    const last = this.log.findLast((line) => line["child"] === child);
    return last?.msg === "started" ? (last["childPid"] as number) : undefined;
  }

  count(child: SiteChild, event: "started" | "ended"): number {
    return this.log.filter((line) => line["child"] === child && line.msg === event).length;
  }

  async until<T>(what: string, find: () => Promise<T> | T): Promise<Exclude<T, undefined | false>> {
    const byMs = performance.now() + READY_WITHIN_MS;
    for (;;) {
      const found = await find();
      if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
      if (this.#child.exitCode !== null) throw new Error(`the site has ended; wanted: ${what}\n${this.lastWords()}`);
      if (performance.now() > byMs) throw new Error(`waited in vain for ${what}\n${this.lastWords()}`);
      await sleep(POLL_MS);
    }
  }

  /** SIGTERM when it still runs. */
  end(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGTERM");
    return this.#ended;
  }

  lastWords(): string {
    return [...this.log.slice(-30).map((line) => JSON.stringify(line)), this.#plain.slice(-4000)].join("\n");
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("{")) this.log.push(JSON.parse(line) as LogLine);
      else this.#plain += `${line}\n`;
    }
  }
}

function load(folder: string): Site {
  const loaded = provedSite(folder);
  if (!loaded.ok) throw new Error(loaded.report);
  return loaded.site;
}

const movedTo = (hosts: Readonly<Record<string, string>>, { line, chutes }: Site): Pick<Site, "line" | "chutes"> => ({
  chutes,
  line: {
    ...line,
    devices: line.devices.map((device) =>
      device.driver === "modbus-tcp" ? { ...device, host: hosts[device.id] ?? device.host } : device,
    ),
  },
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
