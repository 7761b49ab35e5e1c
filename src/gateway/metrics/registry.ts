// What Prometheus sees: the controller's figures as they last came over the live socket, and the gateway's own.
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { LiveState } from "../../process/live-message.ts";
import type { StageFigures } from "../../process/metrics.ts";

export interface GatewayMetrics {
  contentType: string;
  text(): Promise<string>;
  /** Lines of POST /v1/releases by what became of them. */
  feedLines(result: "applied" | "unchanged" | "rejected", by: number): void;
  /** Waybills that the release store forgot. */
  pruned(by: number): void;
  /** A segment of the journal that was compressed, archived or deleted. */
  segmentKept(what: SegmentDeed): void;
  keepingFailed(code: string): void;
  close(): void;
}

export type SegmentDeed = "compressed" | "archived" | "deleted";

/** Where the figures come from, asked at every scrape. */
export interface MetricsSources {
  newest(): { state: LiveState; ageMs: number } | null;
  connected(): boolean;
  /** The last line entry whose spending is in the release store. */
  carriedEntry(): number;
  /** Readers of the journal that stand still. */
  troubles(): number;
  /** Free bytes where the release store lies; null: could not be read. */
  freeBytes(): number | null;
}

const FIGURES = ["last", "mean", "p50", "p99", "p999", "max"] as const;

export function gatewayMetrics(sources: MetricsSources): GatewayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "coline_gateway_" });
  const counter = (name: string, help: string, ...labelNames: string[]): Counter =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const feed = counter("coline_feed_lines_total", "lines of POST /v1/releases by what became of them", "result");
  const pruned = counter("coline_releases_pruned_total", "waybills long over that the release store forgot");
  const kept = counter("coline_journal_segments_total", "closed segments by what was done with them", "done");
  const failed = counter("coline_journal_keeping_failures_total", "segments that could not be kept so", "code");
  const gateway = gatewayGauges(registry);
  const controller = controllerGauges(registry);
  return {
    contentType: registry.contentType,
    async text() {
      gateway(sources);
      controller(sources.newest()?.state ?? null);
      return registry.metrics();
    },
    feedLines: (result, by) => feed.inc({ result }, by),
    pruned: (by) => pruned.inc(by),
    segmentKept: (done) => kept.inc({ done }),
    keepingFailed: (code) => failed.inc({ code }),
    close: () => registry.clear(),
  };
}

function gatewayGauges(registry: Registry): (sources: MetricsSources) => void {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const up = gauge("coline_controller_up", "1: the controller is connected to the gateway");
  const age = gauge(
    "coline_state_age_seconds",
    "age of the controller's last state; all coline_stage figures are as old",
  );
  const carried = gauge("coline_carried_entry", "last line entry whose spending is in the release store");
  const troubles = gauge("coline_gateway_troubles", "readers of the journal that stand still");
  const free = gauge("coline_release_store_free_bytes", "free space where the release store lies");
  return (sources) => {
    up.set(sources.connected() ? 1 : 0);
    age.set((sources.newest()?.ageMs ?? Number.NaN) / 1e3);
    carried.set(sources.carriedEntry());
    troubles.set(sources.troubles());
    free.set(sources.freeBytes() ?? Number.NaN);
  };
}

function controllerGauges(registry: Registry): (state: LiveState | null) => void {
  const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
  const stage = ["stage", "device", "since"];
  const seconds = gauge("coline_stage_seconds", "duration of a stage of a parcel's way", [...stage, "figure"]);
  const count = gauge("coline_stage_count", "values behind coline_stage_seconds", stage);
  const misses = gauge("coline_stage_misses", "done, but outside the bound", stage);
  const drops = gauge("coline_stage_drops", "not done, because it would have been late", stage);
  const loop = gauge("coline_controller_loop_delay_seconds", "wait of the controller's event loop", ["figure"]);
  const realTime = gauge("coline_controller_real_time", "1: the controller has a real-time scheduling class", [
    "policy",
  ]);
  const counter = gauge("coline_controller_events", "the controller's counters since its start", ["name"]);
  const lineCounts = gauge("coline_line_counts", "counts of the line core", ["name"]);
  const alarms = gauge("coline_alarms_active", "standing alarms", ["code", "priority"]);
  const unseen = gauge("coline_alarms_unacknowledged", "alarms, standing or returned, that nobody has acknowledged", [
    "code",
    "priority",
  ]);
  const shelved = gauge("coline_alarms_shelved", "alarms that a person has put aside", ["code", "priority"]);
  const scanner = gauge("coline_scanner", "counts and settings of a scanner and its port; true is 1", [
    "scanner",
    "figure",
  ]);
  const modes = gauge("coline_belt_mode", "1: the belt is in this mode", ["belt", "mode"]);
  const all = [
    ...[scanner, modes, seconds, count, misses, drops],
    ...[loop, realTime, counter, lineCounts, alarms, unseen, shelved],
  ];

  const setStage = (labels: { stage: string; device: string; since: string }, figures: StageFigures): void => {
    // Without a value there is no figure: 0 would say "fast".
    if (figures.count > 0)
      for (const figure of FIGURES) seconds.set({ ...labels, figure }, figures[`${figure}Ns`] / 1e9);
    count.set(labels, figures.count);
    misses.set(labels, figures.misses);
    drops.set(labels, figures.drops);
  };
  return (state) => {
    // A controller that restarted, or a device that is gone, must not leave old figures behind.
    for (const each of all) each.reset();
    if (state === null) return;
    const { metrics, line } = state;
    for (const { stage: name, device, sinceStart, sinceReset } of metrics.stages) {
      setStage({ stage: name, device, since: "start" }, sinceStart);
      setStage({ stage: name, device, since: "reset" }, sinceReset);
    }
    loop.set({ figure: "mean" }, metrics.eventLoop.meanNs / 1e9);
    loop.set({ figure: "p99" }, metrics.eventLoop.p99Ns / 1e9);
    loop.set({ figure: "max" }, metrics.eventLoop.maxNs / 1e9);
    loop.set({ figure: "maxEver" }, metrics.eventLoop.maxEverNs / 1e9);
    realTime.set({ policy: metrics.scheduling.policy }, metrics.scheduling.realTime ? 1 : 0);
    for (const [name, value] of Object.entries(metrics.counters)) counter.set({ name }, value);
    for (const [name, value] of Object.entries(line.counts)) lineCounts.set({ name }, value);
    // A controller of before may say nothing of them.
    for (const { scannerId, ...facts } of state.devices ?? []) {
      if (typeof scannerId !== "string") continue;
      for (const [figure, value] of Object.entries(facts))
        if (typeof value === "number" || typeof value === "boolean")
          scanner.set({ scanner: scannerId, figure }, Number(value));
    }
    // A controller of before does not say its modes.
    for (const { id, mode } of line.belts) if (mode !== undefined) modes.set({ belt: id, mode }, 1);
    for (const { code, priority, phase, shelved: aside } of line.alarms) {
      // A controller of before puts nothing aside.
      if ((aside ?? null) !== null) {
        shelved.inc({ code, priority });
        continue;
      }
      if (phase !== "returned") alarms.inc({ code, priority });
      if (phase !== "acknowledged") unseen.inc({ code, priority });
    }
  };
}
