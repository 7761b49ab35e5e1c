// One run of the controller in virtual time: the product's core, runner, plant and journal on a clock, bus and disk of our own.

import type { Site } from "../../src/config/load.ts";
import { wiringOf } from "../../src/config/wiring.ts";
import { lineRunner } from "../../src/controller/line-runner.ts";
import { openPlant } from "../../src/controller/plant.ts";
import type { JournalFailed } from "../../src/journal/failures.ts";
import { inputRecorder, recordedCore, recordedLooks } from "../../src/journal/inputs/recorder.ts";
import type { JournalLimits } from "../../src/journal/limits.ts";
import { readTail } from "../../src/journal/tail.ts";
import { beginRun } from "../../src/journal/writer.ts";
import type { createLine } from "../../src/line/core.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import type { ReleasePort } from "../../src/line/release.ts";
import { restore } from "../../src/line/restore.ts";
import type { LineInput, LineSnapshot } from "../../src/line/step.ts";
import { ARRIVAL_BLUR_NS, type Telegram } from "../../src/line/telegram.ts";
import type { Due, VirtualClock } from "./clock.ts";
import { machineOf } from "./machine-of.ts";
import type { VirtualDisk } from "./virtual-disk.ts";
import type { VirtualLink } from "./virtual-link.ts";
import type { VirtualLoop } from "./virtual-loop.ts";
import { virtualPlc } from "./virtual-plc.ts";

export interface VirtualController {
  feed(input: LineInput): void;
  /** Of this run. */
  nowNs(): number;
  /** What the scanner read, in one telegram; no codes: its no-read text. */
  telegram(scannerId: string, codes: readonly string[]): void;
  snapshot(): LineSnapshot;
  /** The process is gone between two instants; what it had asked of others goes on. */
  kill(): void;
}

export interface VirtualControllerOptions {
  site: Site;
  clock: VirtualClock;
  disk: VirtualDisk;
  releases: ReleasePort;
  links: ReadonlyMap<string, VirtualLink>;
  loop: VirtualLoop;
  core: typeof createLine;
  journalLimits?: Partial<JournalLimits>;
  /** Each entry as it is appended: for checkers. */
  onEntry(entry: LineEntry): void;
  onFatal(error: JournalFailed): void;
}

/** The identity of each run's journal. */
export const VIRTUAL_JOURNAL = "virtual";
const ALIVE_EVERY_NS = 5_000_000;
const ROLL_EVERY_NS = 2_000_000_000;

export function virtualController(o: VirtualControllerOptions): VirtualController {
  const { clock, site, loop } = o;
  const epochNs = clock.nowNs();
  const nowNs = (): number => clock.nowNs() - epochNs;
  const found = readTail(o.disk);
  const state = restore(found.tail.checkpoint, found.tail.entries);
  const restored = state.nextEntry > 1;
  const inputs = inputRecorder();
  const core = recordedCore(o.core({ state, releases: recordedLooks(o.releases, inputs) }), inputs);
  const devices = new Map(
    site.line.devices.map((device) => {
      const link = o.links.get(device.id);
      if (link === undefined) throw new Error(`no link to device ${device.id}`);
      return [
        device.id,
        virtualPlc({ clock, link, loop, device: machineOf(device), wiring: wiringOf(site, device.id), epochNs }),
      ] as const;
    }),
  );
  let isDead = false;
  let wakeNs = Number.POSITIVE_INFINITY;
  let wake: Due | null = null;
  const feed = (input: LineInput): void => {
    loop.whenAwake(() => {
      if (!isDead) line.feed(input);
    });
  };
  const journal = beginRun({
    disk: o.disk,
    end: found.end,
    checkpoint: restored ? core.checkpoint() : null,
    inputs,
    codeVersion: "virtual",
    bootId: "virtual",
    nowNs,
    wallTime: () => new Date(Math.floor(clock.nowNs() / 1e6)).toISOString(),
    limits: { slowAfterNs: site.layout.storageShareNs, ...o.journalLimits },
    endOfTurn: (callback) => {
      clock.after(0, () =>
        loop.whenAwake(() => {
          if (!isDead) callback();
        }),
      );
    },
    events: {
      durable(n) {
        if (!isDead) feed({ kind: "durable", upToEntry: n });
      },
      storage: (now) => feed({ kind: "storage", state: now }),
    },
    fatal: o.onFatal,
  });
  const plant = openPlant({ site, devices, scanners: [], feed, lastLook: (id) => !isDead && line.lastLook(id) });
  const line = lineRunner({
    core,
    nowNs,
    actuators: {
      journal(entry) {
        o.onEntry(entry);
        journal.append(entry);
      },
      permit: (permit) => plant.permit(permit),
      cancel: (id) => plant.cancel(id),
      withdraw: (withdrawal) => plant.withdraw(withdrawal),
      runPermit: (beltId, allowed) => plant.runPermit(beltId, allowed),
      infeedPermit: (beltId, allowed) => plant.infeedPermit(beltId, allowed),
      tested: (gateId) => plant.tested(gateId),
      answer: () => {},
      alarm: () => {},
      wakeAt(atNs) {
        if (wakeNs <= atNs) return;
        // As the controller's own timer: one at a time, or each wish would leave a chain of wakes of its own behind.
        if (wake !== null) clock.takeBack(wake);
        wakeNs = atNs;
        wake = clock.at(atNs + epochNs, () => {
          wakeNs = Number.POSITIVE_INFINITY;
          feed({ kind: "wake" });
        });
      },
    },
  });
  const every = (periodNs: number, action: () => void): void => {
    const again = (): void =>
      loop.whenAwake(() => {
        if (isDead) return;
        action();
        clock.after(periodNs, again);
      });
    clock.after(periodNs, again);
  };
  feed({
    kind: "run",
    run: journal.run,
    journalId: VIRTUAL_JOURNAL,
    codeVersion: "virtual",
    bootId: "virtual",
    startedAt: new Date(Math.floor(clock.nowNs() / 1e6)).toISOString(),
    epochMonotonicNs: String(epochNs),
    restored,
    layout: site.layout,
  });
  plant.open();
  for (const { id } of site.line.scanners) feed({ kind: "scanner", scannerId: id, state: "up" });
  every(ALIVE_EVERY_NS, () => {
    plant.alive();
    journal.tick();
  });
  every(ROLL_EVERY_NS, () => journal.rollIfFull(() => core.checkpoint()));
  return {
    feed,
    nowNs,
    telegram(scannerId, codes) {
      // Bytes that come to a loop that stands may have lain there since it does: more it does not know.
      const sinceNs = (loop.standsSinceNs() ?? clock.nowNs()) - epochNs;
      loop.whenAwake(() => feed({ kind: "telegram", scannerId, telegram: telegramOf(codes, nowNs(), sinceNs) }));
    },
    snapshot: () => core.snapshot(nowNs()),
    kill() {
      isDead = true;
      if (wake !== null) clock.takeBack(wake);
      for (const device of devices.values()) device.kill();
    },
  };
}

const telegramOf = (codes: readonly string[], atNs: number, sinceNs: number): Telegram => ({
  kind: codes.length === 0 ? "noRead" : "codes",
  codes: codes.map((text) => ({ text, symbology: null })),
  rawHex: Buffer.from(codes.join(";")).toString("hex"),
  firstByteNs: atNs,
  lastByteNs: atNs,
  arrivedAfterNs: sinceNs - ARRIVAL_BLUR_NS,
});
