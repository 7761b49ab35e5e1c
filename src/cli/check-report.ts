// What `coline check` says of a site: every problem at its place, and for a good site the proof and the budgets.
import type { Site } from "../config/load.ts";
import { type Problem, problemText } from "../config/problem.ts";
import { USUAL_TELEGRAM_BYTES } from "../proof/facts.ts";
import type { Proof } from "../proof/prove.ts";
import type { GateBudget } from "../proof/time-budget.ts";
import { LOOP_ALLOWANCE_NS } from "../proof/time-budget.ts";
import { textTable } from "./text-table.ts";

const mm = (um: number): string => (um / 1000).toFixed(0);
const ms = (ns: number): string => (ns / 1e6).toFixed(0);

export function problemReport(folder: string, problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const lines = problems.map(problemText);
  return `${[...lines, "", `${folder}: ${counted(errors, "error")}, ${counted(problems.length - errors, "warning")}`].join("\n")}\n`;
}

export function proofReport(site: Site, proof: Proof, warnings: readonly Problem[]): string {
  const sections = [
    [`site ${site.line.site}`, `layout ${site.layout.hash}`],
    lawSection(site, proof),
    ...site.layout.belts.map((belt) => beltSection(site, proof, belt.id)),
    reactionSection(site, proof),
    busSection(proof),
    scannerSection(proof),
    ...(warnings.length === 0 ? [] : [warnings.map(problemText)]),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n\nok: the site keeps the law and its times close\n`;
}

function lawSection(site: Site, proof: Proof): string[] {
  const { belts, chutes, routes } = site.layout;
  return [
    `The law: ${proof.combinations} combinations, 0 breaches`,
    `  ${counted(belts.length, "belt")} × stream × direction × disposition × chutes that can be had; ` +
      `${counted(chutes.length, "chute")}, ${counted(routes.length, "rule")}`,
    ...proof.safeEnds.map(
      ({ beltId, ridingItems, reserveItems }) =>
        `  safe end of ${beltId}: at most ${ridingItems} items ride when the infeed stops, room for ${reserveItems}`,
    ),
  ];
}

function beltSection(site: Site, proof: Proof, beltId: string): string[] {
  const belt = site.line.belts.find((each) => each.id === beltId);
  const budgets = proof.gates.filter((budget) => budget.beltId === beltId);
  const rows = budgets.map((budget) => gateRow(site, proof, budget));
  const pitchMm = (belt?.items.maxLengthMm ?? 0) + (belt?.items.gapMm ?? 0);
  const perHour = Math.floor(((belt?.speedMmPerS ?? 0) * 3600) / pitchMm);
  return [
    `Belt ${beltId}: ${belt?.speedMmPerS} mm/s, items of ${belt?.items.minLengthMm} to ${belt?.items.maxLengthMm} mm, ` +
      `gap ${belt?.items.gapMm} mm: ${perHour} of the longest an hour`,
    ...textTable(
      [
        { title: "gate" },
        { title: "at mm", align: "right" },
        { title: "error mm", align: "right" },
        { title: "window mm", align: "right" },
        { title: "ms", align: "right" },
        { title: "spare ms", align: "right" },
        { title: "gap mm", align: "right" },
        { title: "of", align: "right" },
        { title: "late command" },
        { title: "forgotten" },
      ],
      rows,
    ).map((line) => `  ${line}`),
  ];
}

function gateRow(site: Site, proof: Proof, budget: GateBudget): string[] {
  const command = proof.commands.find((each) => each.gateId === budget.gateId);
  const gate = site.layout.belts.flatMap((belt) => belt.gates).find((each) => each.id === budget.gateId);
  const { gap } = budget;
  const late = command?.late === "bounded" ? `bounded ${mm(gap.lateUm ?? 0)} mm` : (command?.late ?? "");
  const isTold = gate?.finalUm !== undefined;
  const forgotten = {
    // A PLC that tracks drops its destinations when its watchdog trips.
    excluded: isTold ? "dropped by watchdog" : `home in ${ms(gate?.maxOutNs ?? 0)} ms`,
    bounded: "bounded by watchdog",
    open: "open",
  }[command?.forgotten ?? "open"];
  return [
    budget.gateId,
    mm(budget.atUm),
    mm(budget.errorUm),
    mm(budget.windowUm),
    ms(budget.windowNs),
    ms(budget.haveNs - budget.needNs),
    mm(gap.askedUm),
    mm(budget.guaranteedGapUm),
    late,
    forgotten,
  ];
}

function reactionSection(site: Site, proof: Proof): string[] {
  const busNs = Math.max(...proof.gates.map((gate) => gate.needNs)) - LOOP_ALLOWANCE_NS - site.layout.storageShareNs;
  const wireNs = Math.max(...proof.scanners.map(({ usualWireNs, transitNs }) => usualWireNs + transitNs));
  const total = LOOP_ALLOWANCE_NS + site.layout.storageShareNs + busNs;
  return [
    `Reaction: ${ms(total)} ms of 50 ms planned, from a telegram's last byte to the command at the device`,
    `  loop ${ms(LOOP_ALLOWANCE_NS)} ms: an allowance for serial wake-up, look-up, rules and pauses`,
    `  disk ${ms(site.layout.storageShareNs)} ms: storage.shareMs`,
    `  bus  ${ms(busNs)} ms: a poll in flight, one other command, the command`,
    `before it, ${(wireNs / 1e6).toFixed(1)} ms for ${USUAL_TELEGRAM_BYTES} bytes on the slowest scanner's wire, in which the parcel rides on`,
  ];
}

const busSection = (proof: Proof): string[] => [
  "Buses",
  ...textTable(
    [
      { title: "devices" },
      { title: "load %", align: "right" },
      { title: "longest wait of a command ms", align: "right" },
    ],
    proof.buses.map(({ deviceIds, loadPercent, waitNs }) => [
      deviceIds.join(", "),
      String(loadPercent),
      (waitNs / 1e6).toFixed(1),
    ]),
  ).map((line) => `  ${line}`),
];

const scannerSection = (proof: Proof): string[] => [
  "Scanners (on the wire, before the reaction begins)",
  ...textTable(
    [
      { title: "scanner" },
      { title: "baud", align: "right" },
      { title: `${USUAL_TELEGRAM_BYTES} bytes ms`, align: "right" },
      { title: "longest telegram ms", align: "right" },
      { title: "way to here ms", align: "right" },
    ],
    proof.scanners.map(({ scannerId, baud, usualWireNs, wireNs, transitNs }) => [
      scannerId,
      String(baud),
      ...[usualWireNs, wireNs, transitNs].map((ns) => (ns / 1e6).toFixed(1)),
    ]),
  ).map((line) => `  ${line}`),
];

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
