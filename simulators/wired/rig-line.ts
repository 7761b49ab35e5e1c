// The wired line at work: moves the world on the real clock and joins it to PLC processes, scanners and the customs feed.

import type { ReadDue } from "../world/scanner-eyes.ts";
import { createTraffic } from "../world/traffic.ts";
import type { Statement, Truth } from "../world/truth.ts";
import { World } from "../world/world.ts";
import { CustomsFeed } from "./customs-feed.ts";
import { type Fault, inject } from "./faults.ts";
import type { RigPlan } from "./plan.ts";
import type { FeedAddress, RigAddresses, RigRecords, RigStatus } from "./rig-messages.ts";
import { WiredDevice } from "./wired-device.ts";
import { WiredScanner } from "./wired-scanner.ts";
import { WorldClock } from "./world-clock.ts";

/** What the PLCs want now is carried out from now on, not from when the world last moved, give or take this much. */
const PIECE_NS = 2_000_000;
const COLLECT_MS = 500;
const FEED_HEARTBEAT_MS = 1000;
const MAX_RECORDS = 200_000;

export class RigLine {
  readonly #plan: RigPlan;
  readonly #world: World;
  readonly #devices: WiredDevice[] = [];
  readonly #scanners = new Map<string, WiredScanner>();
  readonly #records: Omit<RigRecords, "pauses" | "befallen"> = { arrivals: [], telegrams: [], lost: 0 };
  readonly #later = new Set<NodeJS.Timeout>();
  readonly #onTrouble: (error: Error) => void;
  /** Real time at the world's time 0: when everything listens. */
  #epochNs = process.hrtime.bigint();
  #clock = new WorldClock(this.#epochNs);
  #feed: CustomsFeed | null = null;
  #unsaid: Statement[] = [];
  #wasOpen = false;
  #counts = { telegrams: 0, telegramsUnplugged: 0, trips: 0 };
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
   * Everything listens when this settles; belts may be started, but no parcel is fed before the infeed is opened.
   * @param onTrouble what went wrong later, beside any call: the rig is not to be trusted any more
   */
  static async start(plan: RigPlan, onTrouble: (error: Error) => void): Promise<RigLine> {
    const line = new RigLine(plan, onTrouble);
    try {
      for (const plc of plan.plcs) line.#devices.push(await WiredDevice.start(plc, line.#world));
      for (const scanner of plan.scanners) line.#scanners.set(scanner.scannerId, await WiredScanner.start(scanner));
    } catch (error) {
      await line.stop();
      throw error;
    }
    line.#epochNs = process.hrtime.bigint();
    line.#clock = new WorldClock(line.#epochNs);
    line.#step();
    line.#collector = setInterval(() => line.#beside(line.#collect()), COLLECT_MS);
    return line;
  }

  addresses(): RigAddresses {
    return {
      epochNs: this.#epochNs.toString(),
      devices: Object.fromEntries(this.#devices.map(({ id, address }) => [id, address])),
      scanners: Object.fromEntries([...this.#scanners].map(([scannerId, { address }]) => [scannerId, address])),
    };
  }

  /** Everything that customs has said so far goes out first. */
  connectFeed(address: FeedAddress): void {
    this.#feed?.close();
    this.#feed = new CustomsFeed({
      ...address,
      heartbeatMs: FEED_HEARTBEAT_MS,
      nowNs: () => this.#clock.at(process.hrtime.bigint()),
      report: (report) => this.#world.feedReport(report),
    });
    this.#feed.say(this.#unsaid);
    this.#unsaid = [];
  }

  infeed(isOpen: boolean): void {
    if (isOpen && !this.#wasOpen)
      for (const scanner of this.#scanners.values()) this.#beside(scanner.blank(this.#world.nowNs));
    this.#wasOpen ||= isOpen;
    this.#world.infeedShut = !isOpen;
  }

  pressStart(beltId: string): void {
    this.#world.pressStart(beltId);
  }

  manual(isManual: boolean): void {
    for (const { id } of this.#plan.world.belts)
      this.#world.trouble(id, ({ drive }) => {
        drive.isAutomatic = !isManual;
      });
  }

  testParcel(o: { beltId: string; code: string }): void {
    this.#world.incident({ kind: "testParcel", ...o });
  }

  changeContainer(chuteId: string): void {
    this.#world.changeContainer(chuteId);
  }

  /** A person puts everything into the safe end that lies in its eye. */
  clearSafeEnd({ beltId, atUm }: { beltId: string; atUm: number }): void {
    this.#world.clear(beltId, atUm);
  }

  inject(fault: Fault): Promise<void> {
    return inject(fault, {
      incident: (incident) => this.#world.incident(incident),
      trouble: (beltId, what) => this.#world.trouble(beltId, what),
      plc: (deviceId) => this.#device(deviceId).plc,
      zeroCounts: (deviceId) => {
        for (const beltId of this.#device(deviceId).countedBelts)
          this.#world.trouble(beltId, ({ motion }) => motion.zeroCount());
      },
      holdCounts: (deviceId) => {
        const held = this.#device(deviceId).countedBelts.map((beltId) => {
          return { beltId, sinceUm: this.#world.beltState(beltId).travelUm };
        });
        return () => {
          for (const { beltId, sinceUm } of held)
            this.#world.trouble(beltId, ({ motion }) => motion.jumpCount(sinceUm - motion.travelUm));
        };
      },
      scanner: (scannerId) => this.#scanner(scannerId),
      reads: (scannerId, state) => this.#world.scanner(scannerId, state),
      silenceFeed: (isSilent) => this.#feed?.silence(isSilent),
      stormFeed: (perS) => this.#feed?.storm(perS),
      later: (afterNs, end) => this.#after(afterNs / 1e6, end),
    });
  }

  status(): RigStatus {
    const { count, totalNs, worstNs } = this.#clock.pauses;
    return {
      atNs: this.#world.nowNs,
      isDone: this.#world.isDone,
      ...this.#world.counts(),
      ...this.#counts,
      belts: this.#plan.world.belts.map(({ id }) => ({ id, ...this.#world.beltState(id) })),
      devices: this.#devices.map(({ id, outputsFallen }) => ({ id, outputsFallen })),
      feed: this.#feed?.counts() ?? null,
      stalls: count,
      stalledMs: Math.round(totalNs / 1_000_000),
      worstStallMs: Math.round(worstNs / 1_000_000),
    };
  }

  truth(): Truth {
    return this.#world.truth();
  }

  /** Without the commands that a frozen PLC still keeps to itself. */
  async records(): Promise<RigRecords> {
    await Promise.race([this.#collect(), new Promise((resolve) => setTimeout(resolve, COLLECT_MS))]);
    const befallen = Object.fromEntries(this.#world.befallen);
    return { ...this.#records, pauses: this.#clock.allPauses, befallen };
  }

  async stop(): Promise<void> {
    if (this.#tick !== null) clearTimeout(this.#tick);
    if (this.#collector !== null) clearInterval(this.#collector);
    for (const timer of this.#later) clearTimeout(timer);
    this.#feed?.close();
    await Promise.all([...this.#scanners.values(), ...this.#devices].map((part) => part.stop()));
  }

  #step(): void {
    this.#tick = setTimeout(() => this.#step(), 1);
    const alive = this.#devices.filter((device) => device.hasCommitted(this.#world.nowNs));
    const waitingNs = Math.min(...this.#devices.map((device) => device.waitedForNs));
    const nowNs = this.#clock.follow(process.hrtime.bigint(), this.#world.nowNs, waitingNs);
    while (nowNs - this.#world.nowNs > PIECE_NS) {
      for (const device of alive) device.keepOutputs();
      this.#world.advance(this.#world.nowNs + PIECE_NS);
    }
    for (const device of alive) device.takeOutputs();
    this.#world.advance(nowNs);
    for (const device of this.#devices) device.giveInputs();
    for (const read of this.#world.takeReads()) this.#beside(this.#send(read));
    for (const scanner of this.#scanners.values()) this.#beside(scanner.heartbeat(this.#world.nowNs));
    const said = this.#world.takeStatements();
    if (this.#feed === null) this.#unsaid.push(...said);
    else if (said.length > 0) this.#feed.say(said);
  }

  async #send({ scannerId, parcelId, codes }: ReadDue): Promise<void> {
    const said = await this.#scanner(scannerId).say(codes, this.#world.nowNs);
    if (said === "unheard") this.#counts.telegramsUnplugged += 1;
    if (typeof said !== "number") return;
    this.#counts.telegrams += 1;
    this.#keep(this.#records.telegrams, { scannerId, parcelId, lastByteNs: this.#clock.at(BigInt(said)) });
  }

  #collect(): Promise<unknown> {
    return Promise.all(this.#devices.map((device) => this.#collectFrom(device)));
  }

  async #collectFrom(device: WiredDevice): Promise<void> {
    const collected = await device.collect();
    if (collected === null) return;
    this.#records.lost += collected.lost;
    this.#counts.trips = Math.max(this.#counts.trips, collected.trips);
    for (const { atNs, ...arrival } of collected.arrivals) {
      const kept = { deviceId: device.id, ...arrival, atNs: this.#clock.at(BigInt(atNs)) };
      this.#keep(this.#records.arrivals, kept);
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
      this.#beside(Promise.resolve().then(end));
    }, afterMs);
    this.#later.add(timer);
  }

  /** Work that nobody waits for: its failure is the rig's trouble. */
  #beside(work: Promise<unknown>): void {
    work.catch((error: Error) => this.#onTrouble(error));
  }

  #device(deviceId: string): WiredDevice {
    const device = this.#devices.find(({ id }) => id === deviceId);
    return known(device, `device ${deviceId}`);
  }

  #scanner(scannerId: string): WiredScanner {
    return known(this.#scanners.get(scannerId), `scanner ${scannerId}`);
  }
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new RangeError(`rig: the site has no ${what}`);
  return found;
}
