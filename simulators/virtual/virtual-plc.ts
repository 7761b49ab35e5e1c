// A device of the controller on the virtual clock: the product's own bus machine against the simulated PLC's program.
import type { PlcEvent } from "../../drivers/buses/job.ts";
import { PlcMachine } from "../../drivers/buses/plc-machine.ts";
import type { PlcAction, PlcInput } from "../../drivers/buses/plc-steps.ts";
import type { PlcEvents, PlcPort } from "../../drivers/buses/port.ts";
import type { MachineDevice } from "../../drivers/buses/schema.ts";
import { tell } from "../../drivers/buses/tell.ts";
import type { PlcWiring } from "../../drivers/inputs/wiring.ts";
import type { VirtualClock } from "./clock.ts";
import type { VirtualLink } from "./virtual-link.ts";
import type { VirtualLoop } from "./virtual-loop.ts";

export interface VirtualPlcOptions {
  clock: VirtualClock;
  link: VirtualLink;
  loop: Pick<VirtualLoop, "whenAwake">;
  device: MachineDevice;
  wiring: PlcWiring;
}

/** `epochNs`: the virtual time at which this run of the controller began. */
export function virtualPlc(o: VirtualPlcOptions & { epochNs: number }): PlcPort & { kill(): void } {
  const { clock, link, loop } = o;
  const nowNs = (): number => clock.nowNs() - o.epochNs;
  let events: PlcEvents | null = null;
  let isDead = false;
  /** Ends of deadlines that replies have long overtaken are let run out: one that fires early is only set anew. */
  const wakes = { nearNs: Number.POSITIVE_INFINITY, farNs: Number.POSITIVE_INFINITY };
  let pending: PlcEvent[] = [];
  let delivering = false;
  let closed: (() => void) | null = null;
  const machine = new PlcMachine({
    device: o.device,
    wiring: o.wiring,
    lastLook: (id) => events?.lastLook(id) ?? false,
  });

  const perform = (action: PlcAction): void => {
    switch (action.kind) {
      case "connect":
        return link.connect({
          opened: () => heard({ kind: "connected" }),
          reply: (tag, reply) => heard({ kind: "reply", tag, reply }),
          ended: (why) => heard({ kind: "disconnected", why }),
        });
      case "reset":
        return link.reset();
      case "send":
        return link.send(action.tag, action.request);
      case "event":
        pending.push(action.event);
        return;
      case "closed":
        return closed?.();
      default:
        action satisfies never;
    }
  };
  const handle = (input: PlcInput): void => {
    if (isDead) return;
    for (const action of machine.handle(input, nowNs())) perform(action);
    arrangeWake();
  };
  const arrangeWake = (): void => {
    const atNs = machine.wakeAtNs();
    if (atNs >= Math.min(wakes.nearNs, wakes.farNs) || atNs === Number.POSITIVE_INFINITY) return;
    const slot = wakes.farNs === Number.POSITIVE_INFINITY ? "farNs" : "nearNs";
    wakes[slot] = atNs;
    clock.at(atNs + o.epochNs, () =>
      loop.whenAwake(() => {
        if (wakes[slot] !== atNs || isDead) return;
        wakes[slot] = Number.POSITIVE_INFINITY;
        if (machine.wakeAtNs() <= nowNs()) fromDevice({ kind: "wake" });
        else arrangeWake();
      }),
    );
  };
  const deliver = (): void => {
    if (delivering || events === null) return;
    delivering = true;
    for (let event = pending.shift(); event !== undefined && !isDead; event = pending.shift()) tell(events, event);
    delivering = false;
  };
  const fromDevice = (input: PlcInput): void => {
    handle(input);
    deliver();
  };
  const heard = (input: PlcInput): void => loop.whenAwake(() => fromDevice(input));
  const fromCaller = (input: PlcInput): void => {
    handle(input);
    if (pending.length > 0 && !delivering) clock.after(0, () => loop.whenAwake(deliver));
  };
  return {
    deviceId: o.device.id,
    open(to) {
      events = to;
      fromCaller({ kind: "open" });
    },
    permit: (permit) => fromCaller({ kind: "permit", permit }),
    cancel: (id) => fromCaller({ kind: "cancel", id }),
    withdraw: (withdrawal) => fromCaller({ kind: "withdraw", ...withdrawal }),
    linePermit: (coilId, isAllowed) => fromCaller({ kind: "linePermit", coilId, isAllowed }),
    tested: (gateId: string) => fromCaller({ kind: "tested", gateId }),
    alive: () => machine.alive(nowNs()),
    health: () => machine.health(),
    close: () =>
      new Promise((resolve) => {
        closed = resolve;
        fromCaller({ kind: "close" });
      }),
    kill() {
      isDead = true;
      pending = [];
      link.reset();
    },
  };
}
