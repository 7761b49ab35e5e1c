// `npm run bench:core`: what one input costs in the line core alone, and how that grows with parcels and chutes.
import { parseArgs } from "node:util";
import { CONTROL, coreLayout, coreLine } from "./core-line.ts";

const usage = `usage: npm run bench:core [-- options]
  --items LIST     parcels on the belt (10,100,1000)
  --chutes LIST    chutes at the belt (10,100,500)
  --parcels N      parcels that come in while it is measured (1500)
  --json           print figures as JSON`;

const KINDS = [
  "belt sample",
  "induction",
  "track eye",
  "arrival",
  "telegram",
  "unreleased",
  "durable",
  "last look",
  "command",
  "gate",
  CONTROL,
] as const;
type Kind = (typeof KINDS)[number];
/** What is bound, that is all but the control. */
const BOUND_KINDS = KINDS.filter((kind) => kind !== CONTROL);

/** What may not be exceeded: µs at the median, and how many times the smallest case's the largest one's may be. */
const BOUND_US = 20;
const BOUND_RATIO = 1.5;

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "10,100,1000" },
    chutes: { type: "string", default: "10,100,500" },
    parcels: { type: "string", default: "1500" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const itemCounts = wholeNumbers("items", values.items);
const chuteCounts = wholeNumbers("chutes", values.chutes);
const parcels = wholeNumbers("parcels", values.parcels)[0] ?? 0;

interface Case {
  items: number;
  chutes: number;
  /** On the belt at the end, and permits that passed their last look while it was measured. */
  riding: number;
  sorted: number;
  /** All inputs that a parcel brings, each at its median; belt samples are not counted among them. */
  parcelUs: number;
  kinds: Record<Kind, { count: number; p50Us: number; p99Us: number }>;
}

const SAMPLES_A_PARCEL = 84;
/** By then the engine has compiled all of it: a first case that begins sooner is measured in slower code than the next. */
const WARM_UP_PARCELS = 6000;
const cases: Case[] = [];
for (const items of itemCounts) for (const chutes of chuteCounts) cases.push(measure(items, chutes));
if (values.json) console.log(JSON.stringify({ node: process.version, boundUs: BOUND_US, cases }));
else print(cases);

function measure(items: number, chutes: number): Case {
  const layout = coreLayout({ items, chutes });
  const taken = new Map<string, number[]>(KINDS.map((kind) => [kind, []]));
  let isMeasured = false;
  const line = coreLine({
    layout,
    took(kind, ns) {
      if (isMeasured) taken.get(kind)?.push(ns);
    },
  });
  // The belt runs empty, then fills.
  const fullAfter = Math.ceil((layout.belts[0]?.lengthUm ?? 0) / 10_000);
  for (let i = 0; i < 2 * fullAfter + WARM_UP_PARCELS * SAMPLES_A_PARCEL; i += 1) line.sample();
  const before = line.sortedSoFar();
  isMeasured = true;
  for (let i = 0; i < parcels * SAMPLES_A_PARCEL; i += 1) line.sample();
  const sorted = line.sortedSoFar() - before;
  // Every second one is released. A line on which nothing is sorted is a fast one.
  if (sorted < parcels / 4) throw new Error(`${sorted} of ${parcels} parcels were sorted: this is no line at work`);
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, spread(taken.get(kind) ?? [])])) as Case["kinds"];
  const ofParcels = KINDS.filter((kind) => kind !== "belt sample" && kind !== CONTROL).map((kind) => kinds[kind]);
  return {
    ...{ items, chutes, riding: line.ridingNow(), sorted },
    parcelUs: ofParcels.reduce((sum, { p50Us, count }) => sum + p50Us * count, 0) / parcels,
    kinds,
  };
}

function spread(taken: number[]): Case["kinds"][Kind] {
  taken.sort((a, b) => a - b);
  const at = (share: number): number => (taken[Math.floor((taken.length - 1) * share)] ?? 0) / 1000;
  return { count: taken.length, p50Us: at(0.5), p99Us: at(0.99) };
}

function print(all: readonly Case[]): void {
  const cell = (value: number): string => value.toFixed(1).padStart(7);
  const wide = 15;
  console.log(`one call of the line core, µs, median and 99th percentile, node ${process.version}`);
  console.log(
    ["items × chutes".padEnd(14), ...KINDS.map((kind) => kind.padStart(wide))].join(""),
    "  a parcel, riding",
  );
  for (const { items, chutes, kinds, riding, parcelUs } of all) {
    const cells = KINDS.map((kind) => (cell(kinds[kind].p50Us) + cell(kinds[kind].p99Us)).padStart(wide));
    console.log(`${`${items} × ${chutes}`.padEnd(14)}${cells.join("")}${cell(parcelUs)}, ${riding}`);
  }
  const [first] = all;
  const most = all.find(({ items, chutes }) => items === Math.max(...itemCounts) && chutes === first?.chutes);
  const widest = all.find(({ items, chutes }) => items === first?.items && chutes === Math.max(...chuteCounts));
  if (first === undefined || most === undefined || widest === undefined) return;
  const beyond = all.flatMap(({ items, chutes, kinds }) =>
    BOUND_KINDS.filter((kind) => kinds[kind].p50Us > BOUND_US).map(
      (kind) => `${kind} ${kinds[kind].p50Us.toFixed(1)} µs at ${items} × ${chutes}`,
    ),
  );
  beyond.push(...ratios(`${most.items} items to ${first.items}`, first, most));
  beyond.push(...ratios(`${widest.chutes} chutes to ${first.chutes}`, first, widest));
  const bounds = `no median above ${BOUND_US} µs, none above ${BOUND_RATIO} times the smallest case's`;
  console.log(beyond.length === 0 ? `held: ${bounds}` : `not held: ${bounds}; ${beyond.join(", ")}`);
}

/** @returns those beyond the bound, in words */
function ratios(name: string, few: Case, many: Case): string[] {
  const found = KINDS.map((kind) => ({ kind, ratio: many.kinds[kind].p50Us / few.kinds[kind].p50Us }));
  const cells = found.map(({ ratio }) => `${ratio.toFixed(2)}${ratio > BOUND_RATIO ? " !" : "  "}`.padStart(15));
  console.log(`${name.padEnd(14)}${cells.join("")}`);
  return found
    .filter(({ kind, ratio }) => kind !== CONTROL && ratio > BOUND_RATIO)
    .map(({ kind, ratio }) => `${kind} ${ratio.toFixed(2)} times (${name})`);
}

function wholeNumbers(name: string, text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.every((number) => Number.isSafeInteger(number) && number >= 1 && number <= 1_000_000)) return numbers;
  console.error(`--${name} must be whole numbers from 1 to 1000000, separated by commas\n${usage}`);
  process.exit(2);
}
