// What `coline simulate` says: first what is about to be run, then what came of it.
import type { DrawnFault } from "../../../simulators/scenarios/draw-faults.ts";
import { endsNs, type PlannedFault } from "../../../simulators/scenarios/planned-fault.ts";
import type { Scenario } from "../../../simulators/scenarios/scenario-schema.ts";
import type { Violation } from "../../../simulators/virtual/run-watch.ts";
import { percent, type ScenarioRun } from "../../../simulators/virtual/scenario-verdict.ts";
import { reasonText } from "../../faults/table.ts";
import { textTable } from "../text-table.ts";

const seconds = (ns: number): string => `${Number((ns / 1e9).toFixed(3))} s`;

/** Seed, scenario and every drawn fault rate, before anything runs. */
export function headText(o: {
  site: string;
  name: string;
  seed: number;
  scenario: Scenario;
  drawn: readonly DrawnFault[];
  isTaught: boolean;
}): string {
  const { scenario, drawn } = o;
  const calmFromS = scenario.durationS - scenario.calmS;
  const rows = drawn.map((each) => faultRow(each, calmFromS));
  return lines([
    `seed ${o.seed}  scenario ${o.name}  site ${o.site}`,
    `  ${scenario.about}`,
    `  ${scenario.durationS} s of running belt, the last ${scenario.calmS} s calm; ${rateWords(scenario)}`,
    ...(o.isTaught ? ["  the site knows other carriers: it was taught to read the simulated parcels' labels"] : []),
    ...(rows.length === 0
      ? ["  no faults"]
      : textTable(
          [
            { title: "fault" },
            { title: "where" },
            { title: "times", align: "right" },
            { title: "an hour", align: "right" },
            { title: "first at", align: "right" },
            { title: "lasts" },
            { title: "how much" },
          ],
          rows,
        ).map((line) => `  ${line}`)),
    "",
  ]);
}

function rateWords({ traffic }: Scenario): string {
  const { perHour } = traffic;
  if (perHour === undefined) return "as many parcels as fit";
  if (typeof perHour === "number") return `${perHour} parcels an hour on each belt`;
  return `${perHour.map((point) => `${point.perHour} from ${point.atS} s`).join(", ")} parcels an hour on each belt`;
}

function faultRow({ fault, planned }: DrawnFault, calmFromS: number): string[] {
  const [first] = planned;
  const spans = planned.map((one) => endsNs(one) - one.atNs);
  const [shortest, longest] = [Math.min(...spans), Math.max(...spans)];
  const lasts =
    longest === 0 ? "" : shortest === longest ? seconds(longest) : `${seconds(shortest)} to ${seconds(longest)}`;
  return [
    fault.kind,
    [...new Set(planned.map(placeOf))].join(", "),
    String(planned.length),
    ((planned.length * 3600) / calmFromS).toFixed(1),
    first === undefined ? "" : seconds(first.atNs),
    lasts,
    amountOf(planned),
  ];
}

const placeOf = (fault: PlannedFault): string =>
  "deviceId" in fault ? fault.deviceId : "scannerId" in fault ? fault.scannerId : "beltId" in fault ? fault.beltId : "";

/** What besides time and place is drawn, from the least to the most. */
function amountOf(planned: readonly PlannedFault[]): string {
  const named = [
    ["at", "atUm", 1000, "mm"],
    ["gap", "gapUm", 1000, "mm"],
    ["by", "byUm", 1000, "mm"],
    ["", "umPerM", 1000, "mm/m"],
    ["+", "extraNs", 1e6, "ms"],
    ["sync", "syncNs", 1e6, "ms"],
    ["", "perS", 1, "a second"],
    ["behind", "behind", 1, "parcels"],
    ["no-read", "noReadShare", 0.01, "%"],
  ] as const;
  return named
    .flatMap(([word, key, unit, name]) => {
      const values = planned.flatMap((fault) => (fault as unknown as Partial<Record<string, number>>)[key] ?? []);
      if (values.length === 0) return [];
      const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => (value / unit).toFixed(0));
      return [`${word} ${low === high ? low : `${low} to ${high}`} ${name}`.trim()];
    })
    .join(", ");
}

export function runText(run: ScenarioRun, wallS: number): string {
  const { due, delivered, deliveredShare } = run;
  return lines([
    `${run.parcels} parcels came in, in ${run.simulatedS.toFixed(0)} s; where they physically ended:`,
    ...table(run.perChute),
    ...(run.removed > 0 ? [`  taken off by hand  ${run.removed}`] : []),
    ...(run.onBelt > 0 ? [`  still on a belt  ${run.onBelt}`] : []),
    "why, as the journal has it:",
    ...table(run.endReasons, reasonText),
    `released, readable and in their chute: ${delivered} of ${due}${deliveredShare === null ? "" : `, ${percent(deliveredShare)}`}`,
    ...(run.lateHolds > 0 ? [`held after they had left (late holds): ${run.lateHolds}`] : []),
    "",
    "faults injected:",
    ...(Object.keys(run.injected).length === 0 ? ["  none"] : table(run.injected)),
    "reasons and alarms in the journal:",
    ...table(run.reasons, (code) => `${code}  ${reasonText(code)}`),
    "",
    `safety: ${run.violations.length === 0 ? "no clause of the law was broken" : `${run.violations.length} findings`}`,
    ...run.violations.flatMap(violationLines),
    `liveness: ${livenessWords(run)}`,
    ...run.missedAfterwards.slice(0, 3).flatMap(violationLines),
    ...run.failures.map((failure) => `! ${failure}`),
    ...(run.journalHead === undefined ? [] : [`the journal ends with ${run.journalHead}`]),
    `${run.passed ? "passed" : "FAILED"}: seed ${run.seed}, ${(run.simulatedS / Math.max(wallS, 0.001)).toFixed(0)} times real time`,
  ]);
}

function livenessWords({ dueAfterwards, missedAfterwards }: ScenarioRun): string {
  const missed = missedAfterwards.length;
  return `after the last fault ${dueAfterwards - missed} of ${dueAfterwards} released parcels were delivered`;
}

function violationLines({ finding, foundNs, story }: Violation): string[] {
  const { rule, clause, parcelId, detail } = finding;
  const law = clause === 0 ? rule : `law ${clause} (${rule})`;
  return [
    `! ${law}: ${parcelId === null ? "" : `parcel ${parcelId} `}${detail} (found at ${seconds(foundNs)})`,
    ...story.map((line) => `    ${line}`),
  ];
}

/** The faults that are left of a broken run, each with all that it takes to plan it by hand. */
export function shrunkText(faults: readonly PlannedFault[], o: { runs: number; of: number }): string {
  return lines([
    `shrunk from ${o.of} faults to ${faults.length} in ${o.runs} runs; these alone still break it:`,
    ...faults.map((fault) => `  ${JSON.stringify(fault)}`),
  ]);
}

function table(counts: Readonly<Record<string, number>>, say: (key: string) => string = (key) => key): string[] {
  const width = Math.max(1, ...Object.keys(counts).map((key) => say(key).length));
  return Object.entries(counts).map(([key, count]) => `  ${say(key).padEnd(width)}  ${String(count).padStart(7)}`);
}

const lines = (all: readonly string[]): string => `${all.join("\n")}\n`;
