// The real-time process: wires clock, drivers, line core, releases and journal, and keeps them going.
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { telegramWireNs } from "../../drivers/registry.ts";
import type { PortNotice } from "../../drivers/scanners/port.ts";
import type { Site } from "../config/load.ts";
import { fileDisk } from "../journal/file-disk.ts";
import { inputRecorder, recordedCore, recordedLooks } from "../journal/inputs/recorder.ts";
import { readTail } from "../journal/tail.ts";
import { beginRun, type RunningJournal } from "../journal/writer.ts";
import { createLine } from "../line/core.ts";
import { identityAtStart } from "../line/journal-identity.ts";
import { restore } from "../line/restore.ts";
import type { LineCore, LineOutput } from "../line/step.ts";
import { ARRIVAL_BLUR_NS } from "../line/telegram.ts";
import { dataPlaces } from "../process/data-folder.ts";
import type { LiveState } from "../process/live-message.ts";
import { type LiveServer, liveServer } from "../process/live-server.ts";
import type { Log } from "../process/log.ts";
import { createMetrics, type Metrics } from "../process/metrics.ts";
import { systemClock } from "../releases/clock.ts";
import { openReleaseReader } from "../releases/reader.ts";
import { type RunClock, runClock } from "./clock.ts";
import { type CommandDesk, commandDesk } from "./command-desk.ts";
import { DeviceWords } from "./device-words.ts";
import { lineMeter } from "./line-meter.ts";
import { type LineRunner, lineRunner } from "./line-runner.ts";
import { openDevices, prepareDevices } from "./open-devices.ts";
import { openPortWatch } from "./open-port-watch.ts";
import { openScanners } from "./open-scanners.ts";
import { openPlant, type Plant } from "./plant.ts";
import { wakeTimer } from "./wake-timer.ts";

export interface ControllerOptions {
  site: Site;
  log: Log;
  codeVersion: string;
  /** Called while the loop goes round, every few milliseconds. */
  alive(): void;
  /** Must end the process at once: the journal cannot be relied on any more. */
  fatal(error: Error): void;
}

export interface Controller {
  /** Withdraws the gates, drops the line permits, closes the journal. */
  stop(): Promise<void>;
}

/**
 * How often the loop says that it lives: several times within the shortest watchdog that `check` accepts, and three
 * times within the time to which a telegram's arrival is to be known.
 */
const ALIVE_EVERY_MS = Math.floor(ARRIVAL_BLUR_NS / 3e6);
const PUBLISH_EVERY_MS = 200;
const ROLL_EVERY_MS = 2000;
const WORDS_EVERY_MS = 1000;
const WITHDRAW_WITHIN_MS = 1500;

export async function startController(o: ControllerOptions): Promise<Controller> {
  const { site, log } = o;
  const { journalFolder, releaseFile } = dataPlaces(site.dataFolder);
  mkdirSync(journalFolder, { recursive: true });
  await prepareDevices(site);
  const clock = runClock();
  const watch = openPortWatch(log);
  const scanners = await openScanners(site, { nowNs: clock.nowNs, heardAfterNs: watch.heardAfterNs });
  const metrics = createMetrics();
  const meter = lineMeter(metrics, wireTimes(site));
  const releaseClock = systemClock();
  const { bootId } = releaseClock;
  const releases = openReleaseReader(releaseFile, releaseClock);

  const disk = fileDisk(journalFolder);
  const found = readTail(disk);
  const state = restore(found.tail.checkpoint, found.tail.entries);
  const restored = state.nextEntry > 1;
  const journalId = identityAtStart(state, { look: releases.look("", ""), fresh: randomUUID() });
  if (restored && journalId !== state.journalId) {
    log.warn({ journalId }, "the journal goes on under a new identity: the gateway counts its spending from the start");
  }
  const inputs = site.line.storage.recordInputs ? inputRecorder() : null;
  const looks = inputs === null ? releases : recordedLooks(releases, inputs);
  const bare = createLine({ state, releases: looks });
  const core = timed(inputs === null ? bare : recordedCore(bare, inputs), metrics);
  let runner: LineRunner | null = null;
  let live: LiveServer | null = null;
  const desk = commandDesk({
    feed: (input) => line.feed(input),
    nowNs: clock.nowNs,
    epochMonotonicNs: clock.epochMonotonicNs,
  });
  const journal = beginRun({
    disk,
    end: found.end,
    checkpoint: restored ? core.checkpoint() : null,
    inputs,
    codeVersion: o.codeVersion,
    bootId,
    nowNs: clock.nowNs,
    wallTime: clock.wallTime,
    limits: {
      slowAfterNs: site.layout.storageShareNs,
      freeFloorBytes: site.line.storage.minFreeMb * 2 ** 20,
    },
    events: {
      durable(n) {
        meter.durable(n, clock.nowNs());
        runner?.feed({ kind: "durable", upToEntry: n });
        desk.durable(n);
        live?.head(journal.head());
      },
      storage: (now) => runner?.feed({ kind: "storage", state: now }),
    },
    fatal: o.fatal,
  });

  const wake = wakeTimer(clock.nowNs, () => line.feed({ kind: "wake" }));
  const plant = openPlant({
    site,
    devices: openDevices(site, clock),
    scanners,
    portNotices: (scannerId, notices) => sayPort(log, { scannerId, notices }),
    feed: (input) => line.feed(input),
    lastLook: (id) => lookAndMeasure(id),
  });
  const line = lineRunner({
    core,
    nowNs: clock.nowNs,
    actuators: {
      journal(entry) {
        meter.entry(entry, clock.nowNs());
        journal.append(entry);
      },
      permit(permit) {
        meter.permit(permit);
        plant.permit(permit);
      },
      cancel: (id) => plant.cancel(id),
      withdraw: (withdrawal) => plant.withdraw(withdrawal),
      runPermit: (beltId, allowed) => plant.runPermit(beltId, allowed),
      infeedPermit: (beltId, allowed) => plant.infeedPermit(beltId, allowed),
      tested: (gateId) => plant.tested(gateId),
      answer: (tag, answer) => desk.answered(tag, answer),
      alarm: (alarm) => sayAlarm(log, alarm),
      wakeAt: (atNs) => wake.at(atNs),
    },
  });
  runner = line;
  const lookAndMeasure = (id: number): boolean => {
    const go = line.lastLook(id);
    if (go) meter.written(id, clock.nowNs());
    return go;
  };

  live = await liveServer({
    journalFolder,
    onMessage(message, reply) {
      switch (message.kind) {
        case "releaseHint":
          return line.feed({ kind: "releaseHint", waybills: message.waybills });
        case "command":
          return desk.take(message, (answer) => reply({ kind: "answer", tag: message.tag, answer }));
        case "resetMetrics":
          return metrics.reset();
        default:
          message satisfies never;
      }
    },
  });
  line.feed({
    kind: "run",
    run: journal.run,
    journalId,
    codeVersion: o.codeVersion,
    bootId,
    startedAt: clock.startedAt,
    epochMonotonicNs: String(clock.epochMonotonicNs),
    restored,
    layout: site.layout,
  });
  plant.open();
  const { codeVersion } = o;
  const alive = (): void => {
    watch.turned(clock.nowNs());
    o.alive();
  };
  const timers = keepGoing({ journal, core, plant, desk, live, metrics, clock, codeVersion, log, alive });
  return {
    async stop() {
      await plant.close(WITHDRAW_WITHIN_MS);
      for (const timer of timers) clearInterval(timer);
      watch.close();
      wake.stop();
      // The journal takes nothing any more: a sync that ends now must lead to no entry.
      line.close();
      await journal.close();
      await live?.close();
      await releases.close();
      metrics.close();
    },
  };
}

function keepGoing(o: {
  journal: RunningJournal;
  core: LineCore;
  plant: Plant;
  desk: CommandDesk;
  live: LiveServer;
  metrics: Metrics;
  clock: RunClock;
  codeVersion: string;
  log: Log;
  alive: () => void;
}): NodeJS.Timeout[] {
  const { journal, core, plant, desk, live, metrics, clock } = o;
  const words = new DeviceWords(o.log);
  const state = (): LiveState => ({
    at: clock.wallTime(),
    run: journal.run,
    codeVersion: o.codeVersion,
    line: core.snapshot(clock.nowNs()),
    metrics: metrics.snapshot(),
    devices: plant.health(),
  });
  return [
    setInterval(() => {
      plant.alive();
      journal.tick();
      o.alive();
    }, ALIVE_EVERY_MS),
    setInterval(() => {
      desk.tick();
      live.publish(state);
    }, PUBLISH_EVERY_MS),
    setInterval(() => journal.rollIfFull(() => core.checkpoint()), ROLL_EVERY_MS),
    setInterval(() => words.look(plant.health(), clock.nowNs()), WORDS_EVERY_MS),
  ];
}

/** What a telegram of so many bytes takes on its scanner's serial wire, ns. */
function wireTimes(site: Site): (scannerId: string, byteCount: number) => number {
  const scanners = new Map(site.line.scanners.map((scanner) => [scanner.id, scanner]));
  return (scannerId, byteCount) => {
    const scanner = scanners.get(scannerId);
    return scanner === undefined ? 0 : telegramWireNs(scanner, byteCount);
  };
}

/** The core with the cost of each step measured. */
function timed(core: LineCore, metrics: Metrics): LineCore {
  const steps = metrics.stage("core");
  return {
    ...core,
    handle(input, atNs) {
      const beganMs = performance.now();
      const outputs = core.handle(input, atNs);
      steps.record((performance.now() - beganMs) * 1e6);
      return outputs;
    },
  };
}

/** What costs time at a scanner's port; said after the turn, as alarms are. */
function sayPort(log: Log, { scannerId, notices }: { scannerId: string; notices: readonly PortNotice[] }): void {
  setImmediate(() => {
    for (const { code, text } of notices) log.warn({ scannerId, notice: code }, text);
  });
}

/** Said after the turn: a log call costs up to milliseconds, and a command may wait behind it. */
function sayAlarm(log: Log, alarm: Extract<LineOutput, { kind: "alarm" }>): void {
  setImmediate(() => {
    const fields = { code: alarm.code, source: alarm.source, priority: alarm.priority };
    if (alarm.phase === "unacknowledged" && alarm.shelved !== true) log.warn(fields, alarm.text);
    else log.info(fields, `${alarm.text}: ${alarm.phase ?? "returned to normal"}`);
  });
}
