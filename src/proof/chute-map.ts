// A second opinion on the chute map: every parcel that can exist, on every belt, with every chute there or not.
// Written apart from the line core's interlock and without its code, so that one mistake is not made twice.
import {
  type ChuteLayout,
  DIRECTIONS,
  DISPOSITIONS,
  type Direction,
  type Disposition,
  type LineLayout,
  type RouteRule,
  STREAMS,
  type Stream,
} from "../line/layout.ts";
import type { ProofFinding } from "./facts.ts";

/** What customs knows of a parcel; a parcel without a record has neither stream nor direction. */
export interface Parcel {
  record: { stream: Stream; direction: Direction } | null;
  disposition: Disposition;
}

export interface ChuteMapProof {
  /** Belt × parcel × subset of the chutes that the matching rule names. */
  combinations: number;
  findings: ProofFinding[];
}

export function proveChuteMap(layout: LineLayout): ChuteMapProof {
  const findings = layout.belts.flatMap((belt) => unsafeEnd(layout, belt.safeEnd.chuteId, belt.id));
  const breaches = new Map<string, ProofFinding>();
  let combinations = 0;
  for (const belt of layout.belts) {
    for (const parcel of parcels()) {
      const rule = layout.routes.find((each) => matches(each, parcel));
      const named = (rule?.to ?? []).flatMap((id) => layout.chutes.find((each) => each.id === id) ?? []);
      for (const available of subsets(named.filter((chute) => chute.beltId === belt.id))) {
        combinations++;
        for (const chute of reached(rule, available)) {
          const why = breach(parcel, chute);
          const key = `${rule?.id} ${chute.id}`;
          if (why !== null && !breaches.has(key)) breaches.set(key, finding({ rule, parcel, chute, available, why }));
        }
      }
    }
  }
  return { combinations, findings: [...findings, ...breaches.values()] };
}

/** Why the law forbids this parcel in this chute; null: it does not. */
function breach(parcel: Parcel, { zone, alsoFor }: ChuteLayout): string | null {
  // Written out here: which zones have a stream is part of the second opinion.
  if (zone.kind !== "outbound" && zone.kind !== "storage" && zone.kind !== "buffer") return null;
  if (zone.kind === "outbound" && parcel.disposition !== "released") return "nothing leaves unreleased (law 1)";
  if (parcel.record === null) return "without a record the stream is unknown (law 4)";
  // Which of its streams it takes is asked at each permit (law 4); a rule may name it for any of them.
  const { stream, direction } = parcel.record;
  const own = [zone, ...alsoFor].some((each) => each.stream === stream && each.direction === direction);
  return own ? null : "streams stay apart (law 4)";
}

/** Whatever nothing acts on ends here: parcels of all streams, released by nobody. */
function unsafeEnd(layout: LineLayout, chuteId: string, beltId: string): ProofFinding[] {
  const zone = layout.chutes.find((chute) => chute.id === chuteId)?.zone.kind;
  if (zone === "inspection" || zone === "abnormal") return [];
  return [
    {
      severity: "error",
      code: "CONFIG_UNSAFE_END",
      kind: "safeEnd",
      id: beltId,
      key: "chute",
      what: `belt "${beltId}" ends in "${chuteId}", which is ${zone}: ${zone === "recirculation" ? "what nobody knows would go round for ever" : "doing nothing would not be safe"} (law 5)`,
      right: "a chute for inspection or abnormal parcels",
    },
  ];
}

function finding(o: {
  rule: RouteRule | undefined;
  parcel: Parcel;
  chute: ChuteLayout;
  available: readonly ChuteLayout[];
  why: string;
}): ProofFinding {
  const { record, disposition } = o.parcel;
  const who = record === null ? "no record" : `${record.stream} ${record.direction}`;
  const others = o.available.length < (o.rule?.to.length ?? 0) ? ` when only ${names(o.available)} can be had` : "";
  return {
    severity: "error",
    code: "CONFIG_LAW_BREACHED",
    kind: "route",
    id: o.rule?.id ?? "",
    key: "to",
    what: `a parcel (${who}, ${disposition}) would enter "${o.chute.id}"${others}: ${o.why}`,
    right: `in "when" only what may enter "${o.chute.id}", or another chute`,
  };
}

const names = (chutes: readonly ChuteLayout[]): string => chutes.map(({ id }) => `"${id}"`).join(", ");

function* parcels(): Generator<Parcel> {
  for (const disposition of DISPOSITIONS) {
    yield { record: null, disposition };
    for (const stream of STREAMS) {
      for (const direction of DIRECTIONS) yield { record: { stream, direction }, disposition };
    }
  }
}

const matches = (rule: RouteRule, { record, disposition }: Parcel): boolean =>
  (rule.disposition === undefined || rule.disposition === disposition) &&
  (rule.stream === undefined || rule.stream === record?.stream) &&
  (rule.direction === undefined || rule.direction === record?.direction);

/** In order, the first that can be had; balanced, any of them may be the one. */
const reached = (rule: RouteRule | undefined, available: readonly ChuteLayout[]): readonly ChuteLayout[] =>
  rule?.balance === "ordered" ? available.slice(0, 1) : available;

function* subsets<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let bits = 0; bits < 1 << items.length; bits++) yield items.filter((_, index) => (bits >> index) & 1);
}
