// A network cable and a PLC's socket in virtual time: requests arrive in order, a frozen PLC executes them when it wakes.
import type { PlcReply, PlcRequest } from "../wired/plc/request.ts";
import type { VirtualClock } from "./clock.ts";

export interface VirtualLink {
  /** A new connection; `opened` comes after a round trip unless the cable is cut. */
  connect(events: { opened(): void; reply(tag: number, reply: PlcReply): void; ended(why: string): void }): void;
  send(tag: number, request: PlcRequest): void;
  /** The client's reset: no reply of it is delivered any more; what the PLC holds already, it will still execute. */
  reset(): void;
  freeze(): void;
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
}

const ONE_WAY_NS = 150_000;

export function virtualLink(o: {
  clock: VirtualClock;
  serve: (request: PlcRequest) => PlcReply;
  jitterNs: () => number;
}): VirtualLink {
  const { clock } = o;
  const held: Held[] = [];
  let events: Parameters<VirtualLink["connect"]>[0] | null = null;
  let connection = 0;
  let isFrozen = false;
  let isCut = false;
  let extraNs = 0;
  let arrivesNs = 0;

  const serve = ({ connection: of, tag, request }: Held): void => {
    const reply = o.serve(request);
    clock.after(ONE_WAY_NS + o.jitterNs(), () => {
      if (of === connection && !isCut) events?.reply(tag, reply);
    });
  };
  const arrive = (one: Held): void => {
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
      const one = { connection, tag, request };
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
    thaw() {
      isFrozen = false;
      for (const one of held.splice(0)) serve(one);
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
