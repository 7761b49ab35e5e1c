// What a demo says at its end: the truth against the journal, the figures, and the verdict.
import type { RunReport } from "../../../simulators/world/checkers/report.ts";
import { reasonText } from "../../faults/table.ts";
import type { Quantiles, RunFigures } from "./figures.ts";

export interface DemoResult {
  parcels: number;
  perChute: Readonly<Record<string, number>>;
  reasons: Readonly<Record<string, number>>;
  misdiverted: number;
  unreleasedOutbound: number;
  lateDropped: number;
  released: { due: number; delivered: number };
  latencyMs: Omit<Quantiles, "count">;
  decisionMs: Omit<Quantiles, "count">;
  releaseToChuteS: Omit<Quantiles, "count">;
  lateHolds: number;
  /** Moments in which the machine held up the simulated line itself for more than 20 ms, and the worst. */
  simulator: { stalls: number; worstStallMs: number };
  /** Of the last minute, for each processor; above 2 others take what a serial line's bytes need to come in time. */
  loadPerCpu: number;
  findings: string[];
  /**
   * late: the law was kept, but too many commands came too late, so that their parcels rode to the safe end. heldUp: it was
   * kept, but the machine held up a simulated belt that no encoder counts, and released parcels rode to the safe end for it.
   */
  verdict: "kept" | "late" | "heldUp" | "broken";
}

/** More late drops than this share of the permits break the promise that the line does not wait. */
const LATE_SHARE_MAX = 0.01;

export function judgeDemo(o: {
  report: RunReport;
  figures: RunFigures;
  late: ReadonlySet<string>;
  heldUp: ReadonlySet<string>;
  /** Of the journal's ends, by parcel. */
  reasonsOf: (parcelId: string) => readonly string[];
  simulator: DemoResult["simulator"];
  loadPerCpu: number;
}): DemoResult {
  const { report, figures, late, heldUp } = o;
  const notLate = report.missed.filter(({ parcelId }) => parcelId === null || !late.has(parcelId));
  const missed = notLate.filter(({ parcelId }) => parcelId === null || !heldUp.has(parcelId));
  const missedForMachine = notLate.length - missed.length;
  const findings = [...report.findings, ...missed].map(
    ({ rule, clause, parcelId, detail }) =>
      `${clause === 0 ? rule : `law ${clause} (${rule})`}: ${parcelId ?? "?"} ${detail}${journalSays(parcelId)}`,
  );
  function journalSays(parcelId: string | null): string {
    const reasons = parcelId === null ? [] : o.reasonsOf(parcelId);
    return reasons.length === 0 ? "" : `; the journal says ${reasons.join(", ")}`;
  }
  const isBroken = findings.length > 0;
  const tooLate = figures.lateDropped > figures.permits * LATE_SHARE_MAX;
  if (tooLate) findings.push(`${figures.lateDropped} of ${figures.permits} permits were dropped as late`);
  if (missedForMachine > 0)
    findings.push(
      `${missedForMachine} released parcels rode to the safe end beside a belt without encoder that was held up`,
    );
  return {
    parcels: report.parcels,
    perChute: report.perChute,
    reasons: report.reasons,
    misdiverted: report.misdiverted,
    unreleasedOutbound: report.unreleasedOutbound,
    lateDropped: figures.lateDropped,
    released: report.released,
    latencyMs: rounded(figures.latencyMs),
    decisionMs: rounded(figures.decisionMs),
    releaseToChuteS: rounded(figures.releaseToChuteS),
    lateHolds: report.lateHolds,
    simulator: o.simulator,
    loadPerCpu: Math.round(o.loadPerCpu * 10) / 10,
    findings,
    verdict: isBroken ? "broken" : missedForMachine > 0 ? "heldUp" : tooLate ? "late" : "kept",
  };
}

export function demoReport(result: DemoResult): string {
  const { released } = result;
  return [
    "",
    `${result.parcels} parcels were fed; where they physically ended:`,
    ...table(result.perChute),
    "and why, as the journal has it:",
    ...table(result.reasons, reasonText),
    `Released, readable parcels in their chute   ${released.delivered} of ${released.due}`,
    `Unreleased parcels in outbound chutes       ${result.unreleasedOutbound}`,
    `Misdiverted                                 ${result.misdiverted}`,
    `Dropped because they would have been late   ${result.lateDropped}`,
    ...(result.lateHolds > 0 ? [`Held after they had left (late holds)       ${result.lateHolds}`] : []),
    "",
    row("", ["p50", "p99", "p99.9", "max"]),
    row("telegram to decision, ms", figuresRow(result.decisionMs)),
    row("planned to command at the gate, ms", figuresRow(result.latencyMs)),
    row("release to chute, s", figuresRow(result.releaseToChuteS)),
    "",
    ...(result.simulator.stalls > 0
      ? [
          `The machine held up the simulated line itself ${result.simulator.stalls} times, at worst ${result.simulator.worstStallMs} ms.`,
          "",
        ]
      : []),
    ...result.findings.slice(0, 20).map((finding) => `! ${finding}`),
    verdictWords[result.verdict],
    ...(result.verdict === "kept" ? [] : busyWords(result)),
    "",
  ].join("\n");
}

/** Above this others take what the kernel needs to hand a serial line's bytes on, whatever priority the line itself has. */
const BUSY_LOAD = 2;

function busyWords({ verdict, simulator, loadPerCpu }: DemoResult): string[] {
  if (loadPerCpu > BUSY_LOAD)
    return [`The machine has ${loadPerCpu} times as much to do as it can; try again when it has less to do.`];
  return verdict !== "broken" && simulator.stalls > 0
    ? ["The machine was too busy for the simulated line itself; try again when it has less to do."]
    : [];
}

const verdictWords: Readonly<Record<DemoResult["verdict"], string>> = {
  kept: "The law was kept: nothing left unreleased, and the line did not wait.",
  late: "The law was kept: nothing left unreleased. But the line was late: see the line marked with !",
  heldUp: "The law was kept: nothing left unreleased. But the simulated line stood: see the line marked with !",
  broken: "BROKEN: see the lines marked with !",
};

function table(counts: Readonly<Record<string, number>>, say: (key: string) => string = (key) => key): string[] {
  const width = Math.max(...Object.keys(counts).map((key) => say(key).length), 1);
  return Object.entries(counts).map(([key, count]) => `  ${say(key).padEnd(width)}  ${String(count).padStart(6)}`);
}

const row = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(36)}${cells.map((cell) => cell.padStart(9)).join("")}`;

const figuresRow = ({ p50, p99, p999, max }: Omit<Quantiles, "count">): string[] =>
  [p50, p99, p999, max].map((value) => value.toFixed(2));

const rounded = ({ p50, p99, p999, max }: Quantiles): Omit<Quantiles, "count"> => ({
  p50: round(p50),
  p99: round(p99),
  p999: round(p999),
  max: round(max),
});

const round = (value: number): number => Math.round(value * 1000) / 1000;
