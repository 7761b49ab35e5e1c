// What the nodes of a device say, as the registers that its machine polls: unknown never looks like a value. Pure.
import type { ImageCell, ImageInput, ImagePlan } from "./image-plan.ts";
import type { BitRef, ListRef, NodeRef, NumberRef } from "./node-table.ts";
import { bitOf, type Judged, numberOf } from "./value.ts";

/** What is known of a node now. */
export type Look = (node: NodeRef) => Judged;

/** Bits of a gate's state (docs/reference/opcua.md): a fault hides the gate's place, an unset armed bit disarms it. */
const FAULT = 4;
const STATE_VALUES = 3;

export class UaImage {
  readonly #cells: readonly ImageCell[];
  /** As last known: a number that is not known now keeps its old value, and what judges it is told apart. */
  readonly #words: Uint16Array;
  readonly #unknown = new Map<string, string>();

  constructor(plan: ImagePlan) {
    this.#cells = plan.cells;
    this.#words = new Uint16Array(Math.max(0, ...plan.cells.map(({ address, count }) => address + count)));
  }

  /** Nodes that have to be read for these registers, each once. */
  nodesOf(span: { address: number; count: number }): readonly string[] {
    const nodes = new Set<string>();
    for (const cell of this.#within(span))
      for (const { node, isReported } of nodesIn(cell)) if (!isReported) nodes.add(node);
    return [...nodes];
  }

  /** What is not known, and why: by node. */
  get unknown(): ReadonlyMap<string, string> {
    return this.#unknown;
  }

  /** The registers as the nodes say now. */
  take(span: { address: number; count: number }, look: Look): number[] {
    const noted: Look = (ref) => {
      const seen = fitting(ref, look(ref));
      if (seen.isKnown) this.#unknown.delete(ref.node);
      else this.#unknown.set(ref.node, seen.why);
      return seen;
    };
    for (const cell of this.#within(span)) this.#put(cell, noted);
    return [...this.#words.subarray(span.address, span.address + span.count)];
  }

  #within({ address, count }: { address: number; count: number }): ImageCell[] {
    return this.#cells.filter((cell) => cell.address < address + count && cell.address + cell.count > address);
  }

  #put(cell: ImageCell, look: Look): void {
    switch (cell.kind) {
      case "number": {
        const value = numberAt(cell.number, look);
        if (value !== null) this.#putNumber(cell.address, cell.count, value);
        return;
      }
      case "state":
        return this.#putState(cell.address, look(cell.node));
      case "latch":
        return this.#putLatch(cell, look(cell.list));
      case "inputs": {
        let word = 0;
        for (const [bit, input] of cell.inputs.entries()) if (isOn(input, look)) word |= 1 << bit;
        this.#words[cell.address] = word;
        return;
      }
      default:
        cell satisfies never;
    }
  }

  #putNumber(address: number, count: 1 | 2, value: number): void {
    if (count === 2) this.#words[address] = value >>> 16;
    this.#words[address + count - 1] = value & 0xffff;
  }

  /** Not known: it keeps what it had, and the eye it belongs to is not known either. */
  #putLatch({ address, list, words }: Extract<ImageCell, { kind: "latch" }>, seen: Judged): void {
    if (!seen.isKnown || !listed(list, seen)) return;
    for (let at = 0; at < list.length; at += 1) {
      const value = numberOf(seen.value, at) ?? 0;
      if (at === 0) this.#putNumber(address, 1, value);
      else this.#putNumber(address + 1 + (at - 1) * words, words, value);
    }
  }

  /** Sequence, verdict and bits of one array, so that they belong together. */
  #putState(address: number, seen: Judged): void {
    const values = Array.from({ length: STATE_VALUES }, (_, i) => (seen.isKnown ? numberOf(seen.value, i) : null));
    const [sequence, verdict, bits] = values;
    if (sequence === null || sequence === undefined || verdict === null || bits === null) {
      this.#words[address + 3] = FAULT;
      return;
    }
    this.#putNumber(address, 2, sequence);
    this.#words[address + 2] = verdict ?? 0;
    this.#words[address + 3] = bits ?? FAULT;
  }
}

function isOn(input: ImageInput, look: Look): boolean {
  switch (input.kind) {
    case "plain":
      return bitAt(input.bit, look) ?? input.whenUnknown;
    case "known":
      return input.of.every((ref) => isKnown(ref, look));
    case "faulty":
      return (
        input.of.some((ref) => !isKnown(ref, look)) || (input.fault !== null && bitAt(input.fault, look) !== false)
      );
    default:
      return input satisfies never;
  }
}

const isBit = (ref: NodeRef): ref is BitRef => "index" in ref;
const isNumber = (ref: NodeRef): ref is NumberRef => "type" in ref;
const isList = (ref: NodeRef): ref is ListRef => "length" in ref;

function isKnown(ref: NodeRef, look: Look): boolean {
  if (isBit(ref)) return bitAt(ref, look) !== null;
  if (isList(ref)) return listed(ref, look(ref));
  return isNumber(ref) ? numberAt(ref, look) !== null : look(ref).isKnown;
}

/** A value of another kind than the site says is not known either. */
function fitting(ref: NodeRef, seen: Judged): Judged {
  if (!seen.isKnown) return seen;
  if (isBit(ref) && bitOf(seen.value, ref.index) === null)
    return { isKnown: false, why: ref.index === 0 ? "is no Boolean" : `has no bit ${ref.index}` };
  if (isList(ref) && !listed(ref, seen)) return { isKnown: false, why: `is no array of ${ref.length} numbers` };
  return isNumber(ref) && numberOf(seen.value) === null ? { isKnown: false, why: "is no whole number" } : seen;
}

const listed = ({ length }: ListRef, seen: Judged): boolean =>
  seen.isKnown &&
  typeof seen.value === "object" &&
  seen.value.slice(0, length).every(Number.isInteger) &&
  seen.value.length >= length;

/** null: not known. */
export function bitAt(ref: BitRef, look: Look): boolean | null {
  const seen = look(ref);
  const bit = seen.isKnown ? bitOf(seen.value, ref.index) : null;
  return bit === null ? null : bit !== ref.inverted;
}

/** null: not known. */
export function numberAt(ref: NumberRef, look: Look): number | null {
  const seen = look(ref);
  return seen.isKnown ? numberOf(seen.value) : null;
}

function nodesIn(cell: ImageCell): NodeRef[] {
  switch (cell.kind) {
    case "number":
      return [cell.number];
    case "state":
      return [cell.node];
    case "latch":
      return [cell.list];
    case "inputs":
      return cell.inputs.flatMap((input) =>
        input.kind === "plain"
          ? [input.bit]
          : input.kind === "known"
            ? [...input.of]
            : [...input.of, ...faultOf(input)],
      );
    default:
      return cell satisfies never;
  }
}

const faultOf = ({ fault }: { fault: BitRef | null }): BitRef[] => (fault === null ? [] : [fault]);
