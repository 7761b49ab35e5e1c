// A network cable and a PLC's socket in virtual time: requests arrive in order, a frozen PLC executes them when it wakes.
import { COMMAND_REGISTERS } from "../wired/plc/mailbox.ts";
import type { PlcReply, PlcRequest } from "../wired/plc/request.ts";
import type { VirtualClock } from "./clock.ts";

export interface VirtualLink {
  /** A new connection; `opened` comes after a round trip unless the cable is cut. */
  connect(events: { opened(): void; reply(tag: number, reply: PlcReply): void; ended(why: string): void }): void;
  send(tag: number, request: PlcRequest): void;
  /** The client's reset: no reply of it is delivered any more; what the PLC holds already, it will still execute. */
  reset(): void;
  freeze(): void;
  /** Once, in the moment in which the next command for a gate is there, before the PLC has seen it. */
  beforeCommand(action: () => void): void;
  thaw(): void;
  /** The PLC drops its connections and takes none until `mend`. */
  cut(): void;
  mend(): void;
  /** Further time that each request takes at the PLC. */
  slow(extraNs: number): void;
}

interface Held {
  connection: number;
  tag: number;
  request: PlcRequest;
  sentNs: number;
}

const ONE_WAY_NS = 150_000;
/** A PLC that wakes up takes its newest connection first; what older ones hold, it comes to so many jitters later. */
const OLD_SOCKET_JITTERS = 400;

export function virtualLink(o: {
  clock: VirtualClock;
  /** @param sentNs when the client wrote it */
  serve: (request: PlcRequest, sentNs: number) => PlcReply;
  jitterNs: () => number;
}): VirtualLink {
  const { clock } = o;
  const held: Held[] = [];
  let events: Parameters<VirtualLink["connect"]>[0] | null = null;
  let connection = 0;
  let isFrozen = false;
  let awaiting: (() => void) | null = null;
  let isCut = false;
  let extraNs = 0;
  let arrivesNs = 0;

  const serve = ({ connection: of, tag, request, sentNs }: Held): void => {
    const reply = o.serve(request, sentNs);
    clock.after(ONE_WAY_NS + o.jitterNs(), () => {
      if (of === connection && !isCut) events?.reply(tag, reply);
    });
  };
  const arrive = (one: Held): void => {
    const awaits = isCommand(one.request) ? awaiting : null;
    if (awaits !== null) {
      awaiting = null;
      awaits();
    }
    if (isFrozen) held.push(one);
    else serve(one);
  };
  return {
    connect(next) {
      connection += 1;
      events = next;
      const mine = connection;
      clock.after(2 * ONE_WAY_NS, () => {
        if (mine !== connection) return;
        if (isCut) next.ended("refused");
        else next.opened();
      });
    },
    send(tag, request) {
      if (isCut) return;
      const one = { connection, tag, request, sentNs: clock.nowNs() };
      // TCP keeps the order: nothing overtakes what was sent before it.
      arrivesNs = Math.max(arrivesNs, clock.nowNs() + ONE_WAY_NS + o.jitterNs() + extraNs);
      clock.at(arrivesNs, () => arrive(one));
    },
    reset() {
      connection += 1;
      events = null;
    },
    freeze() {
      isFrozen = true;
    },
    beforeCommand(action) {
      awaiting = action;
    },
    thaw() {
      isFrozen = false;
      const old: Held[] = [];
      for (const one of held.splice(0)) {
        if (one.connection === connection) serve(one);
        else old.push(one);
      }
      if (old.length === 0) return;
      clock.after(OLD_SOCKET_JITTERS * o.jitterNs(), () => {
        for (const one of old) arrive(one);
      });
    },
    cut() {
      isCut = true;
      const lost = events;
      events = null;
      connection += 1;
      held.length = 0;
      if (lost !== null) clock.after(ONE_WAY_NS, () => lost.ended("reset by peer"));
    },
    mend() {
      isCut = false;
    },
    slow(ns) {
      extraNs = ns;
    },
  };
}

/** Coils that are switched on, or a mailbox's command; its withdrawal has two registers, the watchdog's echo one. */
const isCommand = (request: PlcRequest): boolean =>
  (request.kind === "writeCoil" && request.on) ||
  (request.kind === "writeCoils" && request.on.some((isOn) => isOn)) ||
  (request.kind === "writeRegisters" && request.values.length === COMMAND_REGISTERS);
