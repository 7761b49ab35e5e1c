// Compares which reasons and alarms each kind of fault brought about on the wired line and on the virtual one.

export interface FaultSpan {
  kind: string;
  fromNs: number;
  untilNs: number;
}

/** A code of the fault table in an entry of the journal, and when it was written. */
export interface Heard {
  code: string;
  atNs: number;
}

/** An alarm as long as it stands: while it does, that its condition comes again is counted, and not written. */
export interface Stood {
  code: string;
  fromNs: number;
  untilNs: number;
}

/** What a kind of fault brought about; the codes of the run as a whole stand under `WHOLE_RUN`. */
export type CodesByKind = ReadonlyMap<string, ReadonlySet<string>>;

export const WHOLE_RUN = "whole run";

export interface KindComparison {
  kind: string;
  /** On the wired line and in each of the virtual runs. */
  equal: readonly string[];
  /**
   * A matter of timing: the virtual runs differ in it among themselves, it comes without any fault too, they say it after
   * another kind of fault that comes close by, or it is an alarm that stood on the wired line when the fault came.
   */
  timing: readonly string[];
  /** A machine that is held up for moments brings it about by itself. */
  heldUp: readonly string[];
  /** Known to come after this fault on real wires only. */
  onWires: readonly string[];
  /** Every virtual run has it, the wired one has not. */
  missing: readonly string[];
  /** The wired run has it, no virtual one has. */
  extra: readonly string[];
}

/** What a fault was the cause of is said by then: its parcels have left the belt, and the belt was started again. */
const HEARD_AFTER_NS = 14e9;

export function codesByKind(heard: readonly Heard[], spans: readonly FaultSpan[]): CodesByKind {
  const codes = new Map<string, Set<string>>([[WHOLE_RUN, new Set(heard.map(({ code }) => code))]]);
  for (const { kind, fromNs, untilNs } of spans) {
    const ofKind = codes.get(kind) ?? new Set();
    codes.set(kind, ofKind);
    for (const { code, atNs } of heard) if (atNs >= fromNs && atNs <= untilNs + HEARD_AFTER_NS) ofKind.add(code);
  }
  return codes;
}

/** Alarms by kind of fault that stood when one of that kind came. */
export function stoodByKind(stood: readonly Stood[], spans: readonly FaultSpan[]): CodesByKind {
  const codes = new Map<string, Set<string>>();
  for (const { kind, fromNs } of spans) {
    const ofKind = codes.get(kind) ?? new Set();
    codes.set(kind, ofKind);
    for (const alarm of stood) if (alarm.fromNs < fromNs && fromNs < alarm.untilNs) ofKind.add(alarm.code);
  }
  return codes;
}

/**
 * @param o.stood alarms that stood on the wired line when a fault of a kind came
 * @param o.virtual runs of the same scenario and seed, each with its faults moved by a part of a second
 * @param o.withoutFaults codes of a virtual run without any fault
 * @param o.heldUp codes that a machine brings about by itself that is held up for moments
 * @param o.onWires codes by kind of fault that only real wires know; of the faults that were played
 */
export function compareReasons(o: {
  wired: CodesByKind;
  stood: CodesByKind;
  virtual: readonly CodesByKind[];
  withoutFaults: ReadonlySet<string>;
  heldUp: ReadonlySet<string>;
  onWires: Readonly<Record<string, readonly string[]>>;
}): KindComparison[] {
  const { wired, virtual, withoutFaults, heldUp } = o;
  const kinds = [...new Set([...virtual, wired].flatMap((codes) => [...codes.keys()]))];
  const hasSeveral = kinds.filter((kind) => kind !== WHOLE_RUN).length > 1;
  /** What the virtual runs say at all: close to a fault of another kind it may come after this one too. */
  const said = new Set(
    hasSeveral ? virtual.flatMap((codes) => [...codes.values()].flatMap((ofKind) => [...ofKind])) : [],
  );
  // Close to such a fault they may come after another one too.
  const known = new Set(kinds.flatMap((kind) => o.onWires[kind] ?? []));
  return kinds.map((kind) => {
    const here = wired.get(kind) ?? new Set<string>();
    const there = virtual.map((codes) => codes.get(kind) ?? new Set<string>());
    const comparison: Record<Side, string[]> = {
      equal: [],
      timing: [],
      heldUp: [],
      onWires: [],
      missing: [],
      extra: [],
    };
    for (const code of [...new Set([...here, ...there.flatMap((codes) => [...codes])])].sort()) {
      const count = there.filter((codes) => codes.has(code)).length;
      const side = sideOf({ isHere: here.has(code), isAlways: count === there.length, isEver: count > 0 });
      const differs = side === "missing" || side === "extra";
      const isStanding = side === "missing" && o.stood.get(kind)?.has(code) === true;
      if (isStanding || (differs && withoutFaults.has(code))) comparison.timing.push(code);
      else if (side === "extra" && said.has(code)) comparison.timing.push(code);
      else if (side === "extra" && heldUp.has(code)) comparison.heldUp.push(code);
      else if (side === "extra" && known.has(code)) comparison.onWires.push(code);
      else comparison[side].push(code);
    }
    return { kind, ...comparison };
  });
}

type Side = Exclude<keyof KindComparison, "kind">;

function sideOf(o: { isHere: boolean; isAlways: boolean; isEver: boolean }): "equal" | "timing" | "missing" | "extra" {
  if (o.isAlways) return o.isHere ? "equal" : "missing";
  return o.isEver ? "timing" : "extra";
}

export const isEqual = ({ missing, extra }: KindComparison): boolean => missing.length + extra.length === 0;
