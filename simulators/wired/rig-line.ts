// The wired line at work: moves the world on the real clock and joins it to PLC processes, scanners and the customs feed.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createTraffic } from "../world/traffic.ts";
import type { Statement, Truth } from "../world/truth.ts";
import { World } from "../world/world.ts";
import { CustomsFeed } from "./customs-feed.ts";
import { type Fault, inject } from "./faults.ts";
import type { RigPlan, ScannerLinkPlan } from "./plan.ts";
import { PlcProcess } from "./plc/process.ts";
import { createImage, imageFolder, type WorldTerminals } from "./process-image.ts";
import type { FeedAddress, RigAddresses, RigArrival, RigRecords, RigStatus } from "./rig-messages.ts";
import { ScannerProcess } from "./scanner/process.ts";
import { heartbeatBytes, readingBytes } from "./telegram-bytes.ts";

/** After a stall the world catches up in pieces, so that no PLC seems silent that was not. */
const CATCH_UP_NS = 10_000_000;
const STALL_NS = 20_000_000;
const COLLECT_MS = 500;
const FEED_HEARTBEAT_MS = 1000;
const MAX_RECORDS = 200_000;

interface WiredDevice {
  id: string;
  image: WorldTerminals;
  plc: PlcProcess;
  commits: number;
  /** Its arrivals are being asked for; a frozen PLC answers when it thaws. */
  collecting: Promise<void> | null;
}

interface WiredScanner {
  plan: ScannerLinkPlan;
  process: ScannerProcess;
  spokeNs: number;
  isPlugged: boolean;
}

export class RigLine {
  readonly #plan: RigPlan;
  readonly #world: World;
  /** The world's time 0: when everything listens. */
  #epochNs = process.hrtime.bigint();
  readonly #devices: WiredDevice[] = [];
  readonly #scanners = new Map<string, WiredScanner>();
  readonly #records: RigRecords = { arrivals: [], telegrams: [], lost: 0 };
  readonly #later = new Set<NodeJS.Timeout>();
  readonly #onTrouble: (error: Error) => void;
  #feed: CustomsFeed | null = null;
  #unsaid: Statement[] = [];
  #counts = { telegrams: 0, telegramsUnplugged: 0, trips: 0, stalls: 0, worstStallNs: 0 };
  #tick: NodeJS.Timeout | null = null;
  #collector: NodeJS.Timeout | null = null;

  private constructor(plan: RigPlan, onTrouble: (error: Error) => void) {
    this.#plan = plan;
    this.#onTrouble = onTrouble;
    this.#world = new World(
      plan.world,
      new Map(plan.traffic.map((traffic) => [traffic.beltId, createTraffic(traffic)])),
    );
    this.#world.infeedShut = true;
  }

  /**
   * Everything listens when this settles; belts may be started, but no parcel is fed before `startTraffic`.
   * @param onTrouble what went wrong later, beside any call: the rig is not to be trusted any more
   */
  static async start(plan: RigPlan, onTrouble: (error: Error) => void): Promise<RigLine> {
    const line = new RigLine(plan, onTrouble);
    try {
      await line.#startDevices();
      await line.#startScanners();
    } catch (error) {
      await line.stop();
      throw error;
    }
    line.#epochNs = process.hrtime.bigint();
    line.#step();
    line.#collector = setInterval(() => void line.#collect(), COLLECT_MS);
    return line;
  }

  addresses(): RigAddresses {
    const hosts = new Map(this.#plan.plcs.map(({ deviceId, host }) => [deviceId, host]));
    return {
      epochNs: this.#epochNs.toString(),
      devices: Object.fromEntries(
        this.#devices.map(({ id, plc }) => [id, { host: hosts.get(id) ?? "127.0.0.1", port: plc.port }]),
      ),
      scanners: Object.fromEntries(this.#plan.scanners.map(({ scannerId, linkPath }) => [scannerId, linkPath])),
    };
  }

  /** Everything that customs has said so far goes out first. */
  connectFeed(address: FeedAddress): void {
    this.#feed?.close();
    this.#feed = new CustomsFeed({
      ...address,
      heartbeatMs: FEED_HEARTBEAT_MS,
      nowNs: () => this.#nowNs(),
      report: (report) => this.#world.feedReport(report),
    });
    this.#feed.say(this.#unsaid);
    this.#unsaid = [];
  }

  infeed(isOpen: boolean): void {
    this.#world.infeedShut = !isOpen;
  }

  pressStart(beltId: string): void {
    this.#world.pressStart(beltId);
  }

  changeContainer(chuteId: string): void {
    this.#world.changeContainer(chuteId);
  }

  inject(fault: Fault): Promise<void> {
    return inject(fault, {
      incident: (incident) => this.#world.incident(incident),
      plc: (deviceId) => this.#device(deviceId).plc,
      scanner: (scannerId) => this.#pluggable(scannerId),
      ridingAtUm: (beltId) => this.#ridingAtUm(beltId),
      later: (afterMs, end) => this.#after(afterMs, end),
    });
  }

  status(): RigStatus {
    const { stalls, worstStallNs, ...counts } = this.#counts;
    return {
      atNs: this.#world.nowNs,
      isDone: this.#world.isDone,
      ...this.#world.counts(),
      ...counts,
      belts: this.#plan.world.belts.map(({ id }) => ({ id, ...this.#world.beltState(id) })),
      devices: this.#devices.map(({ id }) => ({ id, outputsFallen: this.#world.terminals(id).outputsFallen })),
      feed: this.#feed?.counts() ?? null,
      stalls,
      worstStallMs: Math.round(worstStallNs / 1_000_000),
    };
  }

  truth(): Truth {
    return this.#world.truth();
  }

  async records(): Promise<RigRecords> {
    await Promise.race([this.#collect(), new Promise((resolve) => setTimeout(resolve, COLLECT_MS))]);
    return this.#records;
  }

  async stop(): Promise<void> {
    if (this.#tick !== null) clearTimeout(this.#tick);
    if (this.#collector !== null) clearInterval(this.#collector);
    for (const timer of this.#later) clearTimeout(timer);
    this.#feed?.close();
    await Promise.all([
      ...[...this.#scanners.values()].map(({ process }) => process.stop()),
      ...this.#devices.map(({ plc }) => plc.stop()),
    ]);
    for (const { image } of this.#devices) image.close();
  }

  async #startDevices(): Promise<void> {
    for (const plan of this.#plan.plcs) {
      const image = createImage(join(imageFolder(), `coline-${process.pid}-${randomUUID()}`));
      try {
        const plc = await PlcProcess.start(plan, image.path);
        this.#devices.push({ id: plan.deviceId, image, plc, commits: image.refresh().commits, collecting: null });
      } catch (error) {
        image.close();
        throw error;
      }
    }
  }

  async #startScanners(): Promise<void> {
    for (const plan of this.#plan.scanners) {
      const process = new ScannerProcess({ linkPath: plan.linkPath, baud: plan.baud });
      await process.start();
      this.#scanners.set(plan.scannerId, { plan, process, spokeNs: 0, isPlugged: true });
    }
  }

  #nowNs(): number {
    return Number(process.hrtime.bigint() - this.#epochNs);
  }

  #step(): void {
    this.#tick = setTimeout(() => this.#step(), 1);
    const nowNs = this.#nowNs();
    const sinceNs = nowNs - this.#world.nowNs;
    if (sinceNs > STALL_NS) this.#counts.stalls += 1;
    this.#counts.worstStallNs = Math.max(this.#counts.worstStallNs, sinceNs);
    const alive = this.#devices.filter((device) => this.#takeOutputs(device));
    while (nowNs - this.#world.nowNs > CATCH_UP_NS) {
      for (const { id } of alive) this.#world.terminals(id).commit();
      this.#world.advance(this.#world.nowNs + CATCH_UP_NS);
    }
    for (const { id } of alive) this.#world.terminals(id).commit();
    this.#world.advance(nowNs);
    for (const device of this.#devices) this.#giveInputs(device);
    this.#speak(nowNs);
  }

  /** @returns whether the PLC has committed since the last step */
  #takeOutputs(device: WiredDevice): boolean {
    const { commits } = device.image.refresh();
    if (commits === device.commits) return false;
    device.commits = commits;
    const terminals = this.#world.terminals(device.id);
    for (const { terminal } of terminals.plan.outputs) terminals.output(terminal, device.image.output(terminal));
    return true;
  }

  #giveInputs({ id, image }: WiredDevice): void {
    const terminals = this.#world.terminals(id);
    terminals.refresh();
    for (const { terminal } of terminals.plan.inputs) image.input(terminal, terminals.input(terminal));
    for (const { counter } of terminals.plan.counters) image.counter(counter, terminals.counter(counter));
    image.publish();
  }

  #speak(nowNs: number): void {
    for (const read of this.#world.takeReads()) {
      const scanner = this.#scanner(read.scannerId);
      const bytes = readingBytes(scanner.plan.framing, read.codes);
      if (bytes !== null) this.#send(scanner, bytes, read.parcelId);
    }
    for (const scanner of this.#scanners.values()) {
      const { heartbeatMs, framing } = scanner.plan;
      if (heartbeatMs === null || nowNs - scanner.spokeNs < heartbeatMs * 1_000_000) continue;
      this.#send(scanner, heartbeatBytes(framing), null);
    }
    const said = this.#world.takeStatements();
    if (said.length === 0) return;
    if (this.#feed === null) this.#unsaid.push(...said);
    else this.#feed.say(said);
  }

  /** A scanner whose plug is out reads all the same: nobody hears it. */
  #send(scanner: WiredScanner, bytes: Uint8Array, parcelId: string | null): void {
    scanner.spokeNs = this.#nowNs();
    if (!scanner.isPlugged) {
      this.#counts.telegramsUnplugged += 1;
      return;
    }
    this.#counts.telegrams += 1;
    const { scannerId } = scanner.plan;
    scanner.process.send(bytes).then(
      (lastByteNs) => {
        if (parcelId === null) return;
        this.#keep(this.#records.telegrams, { scannerId, parcelId, lastByteNs: lastByteNs - Number(this.#epochNs) });
      },
      (error: Error) => {
        if (scanner.isPlugged) this.#onTrouble(error);
        else this.#counts.telegramsUnplugged += 1; // The plug was pulled in the middle of it.
      },
    );
  }

  #collect(): Promise<unknown> {
    return Promise.all(
      this.#devices.map((device) => {
        device.collecting ??= this.#collectFrom(device).finally(() => {
          device.collecting = null;
        });
        return device.collecting;
      }),
    );
  }

  async #collectFrom({ id, plc }: WiredDevice): Promise<void> {
    try {
      const { arrivals, lost, trips } = await plc.arrivals();
      this.#records.lost += lost;
      this.#counts.trips = Math.max(this.#counts.trips, trips);
      for (const { atNs, ...arrival } of arrivals) {
        const kept: RigArrival = { deviceId: id, ...arrival, atNs: atNs - Number(this.#epochNs) };
        this.#keep(this.#records.arrivals, kept);
      }
    } catch (error) {
      this.#onTrouble(error as Error);
    }
  }

  /** The oldest record is dropped beyond the cap, and counted. */
  #keep<T>(records: T[], record: T): void {
    if (records.push(record) <= MAX_RECORDS) return;
    records.shift();
    this.#records.lost += 1;
  }

  #after(afterMs: number, end: () => void | Promise<void>): void {
    const timer = setTimeout(() => {
      this.#later.delete(timer);
      Promise.resolve()
        .then(end)
        .catch((error: Error) => this.#onTrouble(error));
    }, afterMs);
    this.#later.add(timer);
  }

  #pluggable(scannerId: string) {
    const scanner = this.#scanner(scannerId);
    return {
      unplug: async () => {
        scanner.isPlugged = false;
        await scanner.process.unplug();
      },
      plug: async () => {
        await scanner.process.plug();
        scanner.isPlugged = true;
      },
    };
  }

  #ridingAtUm(beltId: string): number {
    const traffic = known(
      this.#plan.traffic.find((plan) => plan.beltId === beltId),
      `belt ${beltId}`,
    );
    return traffic.ridingUm.toUm;
  }

  #device(deviceId: string): WiredDevice {
    return known(
      this.#devices.find(({ id }) => id === deviceId),
      `device ${deviceId}`,
    );
  }

  #scanner(scannerId: string): WiredScanner {
    return known(this.#scanners.get(scannerId), `scanner ${scannerId}`);
  }
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new RangeError(`rig: the site has no ${what}`);
  return found;
}
