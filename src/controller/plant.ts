// The plant as the controller drives it: every device and scanner of the site, each call sent to the one it concerns.
import type { PlcEvents, PlcPort } from "../../drivers/buses/port.ts";
import type { PortNotice, ScannerEvents, ScannerPort } from "../../drivers/scanners/port.ts";
import type { Site } from "../config/load.ts";
import { infeedPermitId, runPermitId } from "../config/wiring.ts";
import type { LineInput, PermitOutput } from "../line/step.ts";

export interface Plant {
  open(): void;
  permit(permit: PermitOutput): void;
  cancel(id: number): void;
  withdraw(withdrawal: { id: number; gateId: string; voidUpTo: number; trackingId?: number }): void;
  runPermit(beltId: string, allowed: boolean): void;
  infeedPermit(beltId: string, allowed: boolean): void;
  /** A person has tested the gate at standstill. */
  tested(gateId: string): void;
  /** The loop lives: feeds every watchdog. */
  alive(): void;
  /** One object a device, for the live state. */
  health(): readonly Readonly<Record<string, string | number | boolean | null>>[];
  close(withinMs: number): Promise<void>;
}

export interface PlantOptions {
  site: Pick<Site, "line" | "layout">;
  /** By id; not opened yet. */
  devices: ReadonlyMap<string, PlcPort>;
  scanners: readonly ScannerPort[];
  feed(input: LineInput): void;
  lastLook(id: number): boolean;
  /** What costs time at a scanner's port, after each opening. */
  portNotices?(scannerId: string, notices: readonly PortNotice[]): void;
}

export function openPlant(o: PlantOptions): Plant {
  const { devices, scanners } = o;
  const gateDevice = new Map(
    o.site.layout.belts.flatMap((belt) =>
      belt.gates.map((gate) => [gate.id, mustHave(devices, gate.deviceId)] as const),
    ),
  );
  /** Which device has the permit, until its outcome is known. */
  const permitDevice = new Map<number, PlcPort>();
  const events = plcEvents(o, (id) => permitDevice.delete(id));
  const permitCoils = new Map(
    o.site.line.belts.flatMap(({ id, runPermit, infeedPermit }) => [
      [runPermitId(id), mustHave(devices, runPermit.device)] as const,
      [infeedPermitId(id), mustHave(devices, infeedPermit.device)] as const,
    ]),
  );
  return {
    open() {
      for (const device of devices.values()) device.open(events);
      for (const scanner of scanners) scanner.open(scannerEvents(o));
    },
    permit(permit) {
      const device = gateDevice.get(permit.gateId);
      if (device === undefined) throw new Error(`no device for gate ${permit.gateId}`);
      permitDevice.set(permit.id, device);
      const { kind: _, ...rest } = permit;
      device.permit(rest);
    },
    cancel: (id) => permitDevice.get(id)?.cancel(id),
    withdraw({ id, gateId, voidUpTo, trackingId }) {
      const recalled = trackingId === undefined ? {} : { trackingId };
      gateDevice.get(gateId)?.withdraw({ id, gateId, voidUpTo, ...recalled });
    },
    runPermit: (beltId, allowed) => permitCoils.get(runPermitId(beltId))?.linePermit(runPermitId(beltId), allowed),
    infeedPermit: (beltId, allowed) =>
      permitCoils.get(infeedPermitId(beltId))?.linePermit(infeedPermitId(beltId), allowed),
    tested: (gateId) => gateDevice.get(gateId)?.tested(gateId),
    alive() {
      for (const device of devices.values()) device.alive();
    },
    health: () => [...[...devices.values()].map((device) => ({ ...device.health() })), ...scanners.map(scannerHealth)],
    async close(withinMs) {
      await Promise.all([...devices.values()].map((device) => device.close(withinMs)));
      await Promise.all(scanners.map((scanner) => scanner.close()));
    },
  };
}

const scannerHealth = (scanner: ScannerPort) => ({
  scannerId: scanner.scannerId,
  ...scanner.facts(),
  ...scanner.counts(),
  lastError: scanner.lastError(),
});

function mustHave(devices: ReadonlyMap<string, PlcPort>, id: string): PlcPort {
  const device = devices.get(id);
  if (device === undefined) throw new Error(`no device ${id} in the site`);
  return device;
}

function plcEvents(o: PlantOptions, settled: (id: number) => void): PlcEvents {
  const beltByEncoder = new Map(
    o.site.layout.belts.flatMap((belt) => (belt.encoder === null ? [] : [[belt.encoder.id, belt.id] as const])),
  );
  return {
    lastLook(id) {
      const go = o.lastLook(id);
      if (!go) settled(id);
      return go;
    },
    command(id, outcome) {
      settled(id);
      o.feed({ kind: "command", id, outcome });
    },
    withdrawal: (id, outcome) => o.feed({ kind: "withdrawal", id, outcome }),
    report: (beltId, report) => o.feed({ kind: "report", beltId, report }),
    belt(encoderId, stamp, errorNs) {
      const beltId = beltByEncoder.get(encoderId);
      if (beltId !== undefined) o.feed({ kind: "belt", beltId, stamp, errorNs });
    },
    eye: (eyeId, edge, after, upTo) => o.feed({ kind: "eye", eyeId, edge, after, upTo }),
    gate: (gateId, position) => o.feed({ kind: "gate", gateId, position }),
    unsampled: (deviceId, fromNs, toNs) => o.feed({ kind: "unsampled", deviceId, fromNs, toNs }),
    stood: (deviceId, forNs) => o.feed({ kind: "stood", deviceId, forNs }),
    drive: (beltId, running, atNs) => o.feed({ kind: "drive", beltId, running, atNs }),
    signal: (inputId, value) => o.feed({ kind: "signal", inputId, value }),
    device: (deviceId, connected, armed) => o.feed({ kind: "device", deviceId, connected, armed }),
  };
}

const scannerEvents = (o: PlantOptions): ScannerEvents => ({
  telegram: (scannerId, telegram) => o.feed({ kind: "telegram", scannerId, telegram }),
  state: (scannerId, state) => o.feed({ kind: "scanner", scannerId, state }),
  notices: (scannerId, notices) => o.portNotices?.(scannerId, notices),
});
