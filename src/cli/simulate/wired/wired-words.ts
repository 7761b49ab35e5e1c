// What `coline simulate --wired` says of the comparison, and the object it ends with.
import type { KindComparison } from "../../../../simulators/scenarios/compare-reasons.ts";
import { textTable } from "../../text-table.ts";
import { verdictWords, type WiredOutcome } from "./wired-outcome.ts";

export function comparisonText({ wired, twins, comparison, failures, passed }: WiredOutcome): string {
  const rows = comparison.map((of) => [
    of.kind,
    String(of.equal.length),
    String(of.timing.length),
    String(of.heldUp.length),
    String(of.onWires.length),
    [...of.missing.map((code) => `-${code}`), ...of.extra.map((code) => `+${code}`)].join(" "),
  ]);
  const named = (side: "timing" | "heldUp" | "onWires"): string[] =>
    [...new Set(comparison.flatMap((of) => of[side]))].sort();
  const { stalls, worstStallMs } = wired.simulator;
  const lines = [
    "",
    `reasons and alarms after each kind of fault, wired against ${twins.codes.length} virtual runs with their faults moved a little:`,
    ...textTable(
      [
        { title: "fault" },
        { title: "equal", align: "right" },
        { title: "timing", align: "right" },
        { title: "busy machine", align: "right" },
        { title: "on wires", align: "right" },
        { title: "differ (- missing, + extra)" },
      ],
      rows,
    ).map((line) => `  ${line}`),
    ...listed("a matter of timing", named("timing")),
    ...listed("of a busy machine", named("heldUp")),
    ...listed("known on real wires only", named("onWires")),
    `verdict: virtual ${verdictWords(twins.run)}, wired ${verdictWords(wired)}`,
    `released parcels that rode on because a command would have been late: ${wired.late}`,
    ...(wired.heldUpAfterwards > 0
      ? [`released parcels after the last fault that missed their chute on a busy machine: ${wired.heldUpAfterwards}`]
      : []),
    ...(stalls > 0
      ? [`the machine held up the simulated line itself ${stalls} times, at worst ${worstStallMs} ms`]
      : []),
    ...failures.map((failure) => `! ${failure}`),
    passed ? "the same on both" : "NOT the same on both",
    "",
  ];
  return lines.join("\n");
}

function listed(what: string, codes: readonly string[]): string[] {
  if (codes.length === 0) return [];
  const lines: string[] = [];
  let line = `${what}:`;
  for (const code of codes) {
    if (line.length + code.length >= WIDTH) {
      lines.push(line);
      line = " ";
    }
    line += ` ${code}`;
  }
  return [...lines, line];
}

/** Of a plain terminal. */
const WIDTH = 100;

export interface WiredFigures {
  scenario: string;
  seed: number;
  /** Of running belt. */
  seconds: number;
  passed: boolean;
  verdict: { virtual: string; wired: string };
  parcels: number;
  violations: number;
  /** Of the released and readable parcels. */
  deliveredShare: { virtual: number | null; wired: number | null };
  late: number;
  heldUpAfterwards: number;
  injected: Readonly<Record<string, number>>;
  reasons: Readonly<Record<string, number>>;
  comparison: readonly KindComparison[];
  failures: readonly string[];
  findings: readonly string[];
  simulator: { stalls: number; worstStallMs: number };
}

export function wiredFigures(o: { scenario: string; seconds: number; outcome: WiredOutcome }): WiredFigures {
  const { wired, twins, comparison, failures, passed } = o.outcome;
  return {
    scenario: o.scenario,
    seed: wired.seed,
    seconds: o.seconds,
    passed,
    verdict: { virtual: verdictWords(twins.run), wired: verdictWords(wired) },
    parcels: wired.parcels,
    violations: wired.violations.length,
    deliveredShare: { virtual: twins.run.deliveredShare, wired: wired.deliveredShare },
    late: wired.late,
    heldUpAfterwards: wired.heldUpAfterwards,
    injected: wired.injected,
    reasons: wired.reasons,
    comparison,
    failures,
    findings: wired.violations.map(({ finding }) => `law ${finding.clause} (${finding.rule}): ${finding.detail}`),
    simulator: wired.simulator,
  };
}
