// Wires one device of a site: which terminal of its simulated PLC is which eye, switch, relay or gate.
import type { ChutesConfig } from "../../src/config/chutes-schema.ts";
import type { DeviceConfig, GateConfig, LineConfig } from "../../src/config/line-schema.ts";
import type { Actuator, DevicePlan, Sensor } from "../world/plan.ts";
import { siteNodes } from "./opcua/site-nodes.ts";
import { TERMINALS } from "./process-image.ts";
import type { PlcGatePlan, PlcPlan } from "./terminals.ts";
import { wireTracker } from "./tracker-wiring.ts";

/** @throws RangeError when the site asks for terminals or registers that a simulated PLC does not have */
export function wireDevice(
  device: DeviceConfig,
  site: { line: LineConfig; chutes: ChutesConfig },
  options: { ports: "free" | "site"; ioWatchdogMs: number | "site" | null },
): { device: DevicePlan; plc: PlcPlan } {
  refuseWhatItCannot(device, site.line);
  const terminals = new Terminals(device.id);
  const onDevice = <T extends { device: string }>(part: T | undefined): part is T => part?.device === device.id;
  const encoders: { register: number; counter: number }[] = [];
  const counters: { counter: number; beltId: string }[] = [];
  const encoderIds: string[] = [];
  const latches: { register: number; terminal: number; counter: number }[] = [];
  const relays: { coil: number; terminal: number }[] = [];
  const relay = (coil: number, drives: Actuator) => relays.push({ coil, terminal: terminals.newOutput(drives) });

  for (const belt of site.line.belts) {
    for (const { id, input, latch } of belt.eyes.filter(onDevice)) {
      const terminal = terminals.siteInput(input, { kind: "eye", eyeId: id });
      // The encoder of its belt is on the same device, and the next one to be counted.
      if (latch !== undefined) latches.push({ register: latch.register, terminal, counter: counters.length });
    }
    const { encoder, runPermit, infeedPermit } = belt;
    if (onDevice(encoder)) {
      encoders.push({ register: counterRegister(encoder), counter: counters.length });
      counters.push({ counter: counters.length, beltId: belt.id });
      encoderIds.push(encoder.id);
    }
    if (onDevice(runPermit)) {
      relay(runPermit.coil ?? 0, { kind: "runPermit", beltId: belt.id });
      if (runPermit.feedback !== undefined) {
        terminals.siteInput(runPermit.feedback, { kind: "beltDriven", beltId: belt.id });
      }
    }
    for (const [name, signal] of Object.entries(belt.signals)) {
      if (!onDevice(signal)) continue;
      const isAutomatic = name === "automatic";
      terminals.siteInput(signal.input, isAutomatic ? { kind: "automatic", beltId: belt.id } : { kind: "alwaysWell" });
    }
    if (onDevice(infeedPermit)) relay(infeedPermit.coil ?? 0, { kind: "infeedPermit", beltId: belt.id });
  }
  for (const { id, eye, fullInput } of site.chutes.chutes) {
    if (onDevice(eye)) terminals.siteInput(eye.input, { kind: "chuteEye", chuteId: id });
    if (onDevice(fullInput)) terminals.siteInput(fullInput.input, { kind: "chuteNotFull", chuteId: id });
  }
  const served = () => terminals.inputs.map(({ terminal }) => ({ address: terminal, terminal }));
  const gates = site.line.belts.flatMap((belt) => belt.gates.filter(onDevice));
  for (const gate of gates) wireSwitches(gate, terminals);
  const discreteInputs = served();
  const commanded = gates.filter(({ drive }) => drive.kind !== "destination");
  const gatePlans = commanded.map((gate) => wireGate(gate, terminals, encoderIds));
  const tracker = wireTracker({ device, site, encoderIds, newOutput: (drives) => terminals.newOutput(drives) });
  return {
    device: {
      id: device.id,
      ioWatchdogNs: ioWatchdogNs(device, options.ioWatchdogMs),
      inputs: terminals.inputs,
      outputs: terminals.outputs,
      counters,
    },
    plc: {
      deviceId: device.id,
      ...placeOf(device, options.ports),
      unit: device.driver === "opcua" ? 1 : device.unit,
      scanMs: 1,
      watchdog: device.watchdog?.kind === "echo" ? device.watchdog : null,
      encoders,
      discreteInputs,
      packedInputs: device.driver === "opcua" ? null : (device.packedInputs ?? null),
      latches,
      gates: gatePlans,
      relays,
      ...(tracker === null ? {} : { tracker }),
      ...(device.driver === "opcua" ? { opcua: siteNodes(device, site.line) } : {}),
    },
  };
}

function ioWatchdogNs({ watchdog }: DeviceConfig, asked: number | "site" | null): number | null {
  const ownMs = watchdog?.kind === "echo" ? watchdog.outputsFallMs : null;
  const fallsMs = asked === "site" ? ownMs : asked;
  return fallsMs === null ? null : Math.round(fallsMs * 1_000_000);
}

/** Where it listens; a unit of a serial line has no place in a network. */
function placeOf(device: DeviceConfig, ports: "free" | "site"): { host: string; port: number } {
  if (device.driver === "modbus-rtu") return { host: "127.0.0.1", port: 0 };
  const { host, port } = device.driver === "opcua" ? urlOf(device.endpoint) : device;
  return { host, port: ports === "free" ? 0 : port };
}

/** 4840 is the registered port (OPC 10000-6, 7.2). */
function urlOf(endpoint: string): { host: string; port: number } {
  const { hostname, port } = new URL(endpoint.replace("opc.tcp:", "http:"));
  return { host: hostname, port: Number(port || 4840) };
}

/** A simulated PLC is a PLC of one's own, as docs/reference/modbus.md describes it. */
function refuseWhatItCannot(device: DeviceConfig, line: LineConfig): void {
  const not = (what: string): never => {
    throw new RangeError(`device ${device.id}: a simulated PLC has no ${what}`);
  };
  if (device.driver !== "opcua") {
    const isOrderly = device.wordOrder === "highFirst" && device.byteOrder === "highFirst";
    if (device.inputs !== undefined || !isOrderly) not("other map than its own");
  }
  if (device.watchdog !== undefined && device.watchdog.kind !== "echo") not(`watchdog of kind ${device.watchdog.kind}`);
  for (const { encoder, eyes, runPermit, infeedPermit, gates } of line.belts) {
    if (encoder?.device === device.id && encoder.from !== "inputRegisters") not("count in holding registers");
    const kept = eyes.flatMap((eye) => (eye.device === device.id && eye.latch !== undefined ? [eye.latch] : []));
    if (
      kept.some(({ from, depth }) => from !== "inputRegisters" || depth !== 2) ||
      (kept.length > 0 && encoder?.bits === 16)
    )
      not("kept edges other than the last two, in input registers, with 32 bits");
    for (const permit of [runPermit, infeedPermit])
      if (permit.device === device.id && permit.coil === undefined) not("permits in registers");
    for (const { drive } of gates.filter((gate) => gate.device === device.id)) {
      const isOwn =
        drive.kind === "coil"
          ? drive.pulse === undefined && drive.feedback === undefined
          : drive.kind === "destination" || (drive.kind === "mailbox" && drive.bits === 32);
      if (!isOwn) not(`drive like ${drive.kind} of the site`);
    }
  }
}

/** A simulated PLC serves 32 bits, the high word first: of a 16-bit encoder the site reads only the low one. */
function counterRegister(encoder: { id: string; register: number; bits: 16 | 32 }): number {
  if (encoder.bits === 32) return encoder.register;
  if (encoder.register === 0) throw new RangeError(`encoder ${encoder.id}: the rig serves 16 bits from register 1 on`);
  return encoder.register - 1;
}

/** The switches that a plain gate's site reads as inputs of their own. */
function wireSwitches({ id, drive }: GateConfig, terminals: Terminals): void {
  if (drive.kind !== "coil") return;
  if (drive.homeInput !== undefined) terminals.siteInput(drive.homeInput, { kind: "gateHome", gateId: id });
  if (drive.outInput !== undefined) terminals.siteInput(drive.outInput, { kind: "gateOut", gateId: id });
}

function wireGate({ id, drive, chutes }: GateConfig, terminals: Terminals, encoderIds: readonly string[]): PlcGatePlan {
  const output = (chuteId: string): number => terminals.newOutput({ kind: "gate", gateId: id, chuteId });
  if (drive.kind === "coil") {
    return { kind: "coil", gateId: id, coil: drive.coil, terminal: output(chutes[0] ?? "") };
  }
  if (drive.kind !== "mailbox") throw new RangeError(`gate ${id}: a simulated PLC has no drive of kind ${drive.kind}`);
  return {
    kind: "mailbox",
    gateId: id,
    register: drive.register,
    status: drive.status,
    encoder: drive.encoder === undefined ? 0 : Math.max(0, encoderIds.indexOf(drive.encoder)),
    positions: Object.entries(drive.positions).map(([chuteId, code]) => ({ code, terminal: output(chuteId) })),
    homeTerminal: terminals.hiddenInput({ kind: "gateHome", gateId: id }),
    outTerminal: terminals.hiddenInput({ kind: "gateOut", gateId: id }),
  };
}

/** Hands out the terminals of one device: site inputs keep their number, everything else takes free ones from the top. */
class Terminals {
  readonly inputs: { terminal: number; senses: Sensor }[] = [];
  readonly outputs: { terminal: number; drives: Actuator }[] = [];
  #lastHidden = TERMINALS;
  readonly #deviceId: string;

  constructor(deviceId: string) {
    this.#deviceId = deviceId;
  }

  siteInput(terminal: number, senses: Sensor): number {
    if (terminal >= TERMINALS) throw this.#beyond(`input ${terminal}`);
    this.inputs.push({ terminal, senses });
    return terminal;
  }

  hiddenInput(senses: Sensor): number {
    this.#lastHidden -= 1;
    if (this.inputs.some(({ terminal }) => terminal === this.#lastHidden)) throw this.#beyond("so many switches");
    this.inputs.push({ terminal: this.#lastHidden, senses });
    return this.#lastHidden;
  }

  newOutput(drives: Actuator): number {
    const terminal = this.outputs.length;
    if (terminal >= TERMINALS) throw this.#beyond("so many outputs");
    this.outputs.push({ terminal, drives });
    return terminal;
  }

  #beyond(what: string): RangeError {
    return new RangeError(
      `device ${this.#deviceId}: ${what} cannot be wired, a simulated PLC has ${TERMINALS} terminals`,
    );
  }
}
