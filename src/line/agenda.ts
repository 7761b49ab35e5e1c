// Until where and when nothing on a belt can become due, and what is where: so that an input looks at what it concerns.
import { Bounds } from "./bounds.ts";
import type { RouteRule } from "./layout.ts";
import { Places } from "./places.ts";

/**
 * One belt's items and gates, in the orders in which they are asked for. Before its bounds `attend` changes nothing.
 * Derived data, never part of a checkpoint: whatever changes an item or a gate touches it, and it is reckoned anew before
 * anybody asks.
 */
export interface Agenda {
  /** By item: position of the belt's last sample at which an eye, the reading or the end of the belt is to be judged. */
  readonly seenUm: Bounds;
  /** By item: position, reckoned to the present moment, at which its reserved permit can be handed over. */
  readonly handOverUm: Bounds;
  /** As `handOverUm`, of permits that the bus has: at which they can be late. */
  readonly lateUm: Bounds;
  /** By item: time at which its arrival in the chute can be overdue. */
  readonly arrivalNs: Bounds;
  /** By item: its position error at position 0, were it to grow evenly; the sign turned, so that the widest is first. */
  readonly errorUm: Bounds;
  readonly places: Places;
  /** Items that have come to the gate of their permit. */
  readonly atGate: number[];
  /** Items that have a permit, by gate. */
  readonly byGate: Map<string, number[]>;
  /** Items that have a name, by waybill. */
  readonly named: Map<string, number[]>;
  /** What each item is entered under. */
  readonly entered: Map<number, Entered>;
  /** Gates that are out, or on their way home, or are to go home. */
  readonly busyGates: Set<string>;
  /** Position at which something of the belt itself, or a busy gate, is to be judged. */
  beltUm: number;
  /** Something has happened besides the belt's travel: `attend` is due whatever the bounds. */
  isStirred: boolean;
  readonly touched: Set<number>;
  readonly touchedGates: Set<string>;
}

export interface Entered {
  originUm: number;
  isAtGate: boolean;
  gateId: string | null;
  waybill: string | null;
}

/** Each blurs when something is due; named here, so that what is due need not know who judges it. */
export interface Slacks {
  edgeUm: number;
  lengthUm: number;
  arrivalNs: number;
  homeNs: number;
  leadNs: number;
  loopNs: number;
}

export interface Agendas {
  readonly slacks: Slacks;
  /** Every question is answered with everything there is: the check of what is left out. */
  readonly looksAtAll: boolean;
  readonly byBelt: Map<string, Agenda>;
  /** In this call of the core more than a belt's position may have changed. */
  isLookedAt: boolean;
  /** Of each rule that balances by it, how full its chutes are. */
  readonly fillings: Map<RouteRule, Filling>;
}

/** By place in the rule's list: the parcels since the container was changed, the earlier place first among equals. */
export interface Filling {
  readonly bounds: Bounds;
  readonly placesOf: ReadonlyMap<string, readonly number[]>;
}

export const emptyAgendas = (slacks: Slacks, looksAtAll: boolean): Agendas => ({
  slacks,
  looksAtAll,
  isLookedAt: true,
  byBelt: new Map(),
  fillings: new Map(),
});

export const emptyAgenda = (): Agenda => ({
  seenUm: new Bounds(),
  handOverUm: new Bounds(),
  lateUm: new Bounds(),
  arrivalNs: new Bounds(),
  errorUm: new Bounds(),
  places: new Places(),
  atGate: [],
  byGate: new Map(),
  named: new Map(),
  entered: new Map(),
  busyGates: new Set(),
  beltUm: 0,
  isStirred: true,
  touched: new Set(),
  touchedGates: new Set(),
});
