// The wired rig as its user sees it: starts the rig's process for a site, gives it faults, asks it for the truth.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { realTimePrefix } from "../../src/process/real-time.ts";
import { schedulingClass } from "../../src/process/scheduling-class.ts";
import type { Truth } from "../world/truth.ts";
import type { Fault } from "./faults.ts";
import { planRig, portPaths, RIG_DEFAULTS, type RigPlan, type RigPlanOptions, type SiteConfig } from "./plan.ts";
import type { FeedAddress, FromRig, RigAddresses, RigCalls, RigRecords, RigStatus, ToRig } from "./rig-messages.ts";

export interface RigOptions extends Partial<Omit<RigPlanOptions, "portLink">> {
  site: SiteConfig;
  /** Of scanners and serial lines. "site": the site's own paths; "temporary": in a folder that goes with the rig; else in that one. */
  portLinks?: "site" | "temporary" | { folder: string };
  /** Path of the network namespace in which the PLCs live, at the hosts that the site names; left out: this one. */
  plcNetwork?: string;
  /** Something went wrong beside any call: what the rig says from then on is not to be trusted. */
  onTrouble?: (message: string) => void;
}

export interface Rig {
  readonly addresses: RigAddresses;
  readonly plan: RigPlan;
  /** Customs begins to speak, with everything it had to say so far. */
  connectFeed(address: FeedAddress): Promise<void>;
  /** Settles when the gateway has acknowledged everything that customs has said. */
  feedAcknowledged(): Promise<void>;
  /** The person at the infeed opens it: parcels come while the infeed permit is there. */
  startTraffic(): Promise<void>;
  pauseTraffic(): Promise<void>;
  pressStart(beltId: string): Promise<void>;
  /** Somebody switches every belt to manual, or back. */
  switchToManual(isManual: boolean): Promise<void>;
  /** A person lays a test parcel down at the belt's start, as soon as there is room. */
  layTestParcel(beltId: string, code: string): Promise<void>;
  changeContainer(chuteId: string): Promise<void>;
  /** A person puts into the safe end what lies at a place of the belt, that of its end eye. */
  clearSafeEnd(beltId: string, atUm: number): Promise<void>;
  /** Settles when the fault is there; what lasts ends by itself. */
  inject(fault: Fault): Promise<void>;
  status(): Promise<RigStatus>;
  truth(): Promise<Truth>;
  records(): Promise<RigRecords>;
  /** Settles when a bounded traffic is done: every parcel has its physical end. */
  finished(): Promise<void>;
  stop(): Promise<void>;
}

const POLL_MS = 100;
const STOP_MS = 5000;

/** @throws when the site cannot be wired, an address is taken or a link cannot be made; nothing is left running then */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { site, portLinks = "temporary", plcNetwork, onTrouble = failLoudly, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), "coline-rig-"));
  const linkFolder = typeof portLinks === "object" ? portLinks.folder : folder;
  const portLink: RigPlanOptions["portLink"] = ({ id, path }) => (portLinks === "site" ? path : join(linkFolder, id));
  let child: RigChild | null = null;
  try {
    const plan = inNetwork(plcNetwork, planRig(site, { ...RIG_DEFAULTS, ...rest, portLink }));
    for (const path of portPaths(plan)) mkdirSync(dirname(path), { recursive: true });
    child = new RigChild(onTrouble);
    const addresses = await child.call("start", plan);
    return rigOf({ child, plan, addresses, folder });
  } catch (error) {
    await child?.end();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

const inNetwork = (network: string | undefined, plan: RigPlan): RigPlan =>
  network === undefined ? plan : { ...plan, plcs: plan.plcs.map((plc) => ({ ...plc, network })) };

function rigOf(o: { child: RigChild; plan: RigPlan; addresses: RigAddresses; folder: string }): Rig {
  const { child } = o;
  const done = async (call: Promise<unknown>): Promise<void> => void (await call);
  const until = async (holds: (status: RigStatus) => boolean): Promise<void> => {
    while (!holds(await child.call("status", null))) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  };
  return {
    addresses: o.addresses,
    plan: o.plan,
    connectFeed: (address) => done(child.call("connectFeed", address)),
    feedAcknowledged: () => until(({ feed }) => feed !== null && feed.waiting === 0),
    startTraffic: () => done(child.call("infeed", true)),
    pauseTraffic: () => done(child.call("infeed", false)),
    switchToManual: (isManual) => done(child.call("manual", isManual)),
    pressStart: (beltId) => done(child.call("pressStart", beltId)),
    layTestParcel: (beltId, code) => done(child.call("testParcel", { beltId, code })),
    changeContainer: (chuteId) => done(child.call("changeContainer", chuteId)),
    clearSafeEnd: (beltId, atUm) => done(child.call("clearSafeEnd", { beltId, atUm })),
    inject: (fault) => done(child.call("inject", fault)),
    status: () => child.call("status", null),
    truth: () => child.call("truth", null),
    records: () => child.call("records", null),
    finished: () => until(({ isDone }) => isDone),
    stop: async () => {
      await child.end();
      rmSync(o.folder, { recursive: true, force: true });
    },
  };
}

class RigChild {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  readonly #exited: Promise<void>;
  #lastId = 0;

  constructor(onTrouble: (message: string) => void) {
    const main = fileURLToPath(import.meta.url).replace(/rig\.([jt]s)$/, "rig-process.$1");
    // Belts, scanners and PLCs do not stall because a desktop is busy: where the system allows it, neither do ours.
    const priority = schedulingClass().realTime ? [] : realTimePrefix().argv;
    const [program = process.execPath, ...args] = [...priority, process.execPath, "--single-threaded-gc", main];
    this.#child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child.on("message", (message: FromRig) => {
      if ("trouble" in message) return onTrouble(message.trouble);
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if ("failed" in message) waiting?.reject(new Error(message.failed));
      else waiting?.resolve(message.answer);
    });
    this.#exited = new Promise((resolve) => {
      const gone = (error: Error): void => {
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        resolve();
      };
      this.#child.once("exit", (code, signal) =>
        gone(new Error(`the rig's process ended (${signal ?? `exit code ${code}`})`)),
      );
      this.#child.once("error", gone);
    });
  }

  call<K extends keyof RigCalls>(call: K, argument: RigCalls[K][0]): Promise<RigCalls[K][1]> {
    if (!this.#child.connected) return Promise.reject(new Error("the rig's process has ended"));
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.send({ id, call, argument } as ToRig);
    return answered as Promise<RigCalls[K][1]>;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected) {
      this.#child.disconnect(); // It stops its devices and goes.
    }
    const enforce = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    await this.#exited;
    clearTimeout(enforce);
  }
}

function failLoudly(message: string): void {
  throw new Error(`wired rig: ${message}`);
}
