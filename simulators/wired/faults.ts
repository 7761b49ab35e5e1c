// The faults that a wired rig can be given by name, and what each does to the line.
import type { Incident } from "../world/incidents.ts";

/** Faults of a device end by themselves after `forMs`; the others befall the next parcel that they fit. */
export type Fault =
  | { kind: "noRead"; scannerId: string }
  | { kind: "doubleCode"; scannerId: string }
  /** `atMm`: where on the belt; left out: after the scanners, before the first gate. */
  | { kind: "parcelTakenOff"; beltId: string; atMm?: number }
  | { kind: "holdWhileRiding"; beltId: string; atMm?: number }
  | { kind: "copiedLabel"; beltId: string }
  /** Its connections are reset and new ones refused. */
  | { kind: "plcCut"; deviceId: string; forMs: number }
  /** Every reply takes `delayMs` longer. */
  | { kind: "plcSlow"; deviceId: string; delayMs: number; forMs: number }
  /** It stops in mid-air and then carries out what its sockets hold. */
  | { kind: "plcFrozen"; deviceId: string; forMs: number }
  | { kind: "scannerUnplugged"; scannerId: string; forMs: number };

/** A device of the rig, as far as a fault touches it. */
export interface FaultyPlc {
  freeze(): void;
  thaw(): void;
  slow(delayMs: number): void;
  cut(): Promise<void>;
  restore(): Promise<void>;
}

export interface FaultyScanner {
  unplug(): Promise<void>;
  plug(): Promise<void>;
}

export interface FaultTargets {
  incident(incident: Incident): void;
  plc(deviceId: string): FaultyPlc;
  scanner(scannerId: string): FaultyScanner;
  /** Where parcels of a belt ride between the scanners and the first gate, µm. */
  ridingAtUm(beltId: string): number;
  /** Ends a fault later. */
  later(afterMs: number, end: () => void | Promise<void>): void;
}

/** @throws RangeError for a device, scanner or belt that the site does not have */
export async function inject(fault: Fault, targets: FaultTargets): Promise<void> {
  switch (fault.kind) {
    case "noRead":
      return targets.incident({ kind: "noRead", scannerId: fault.scannerId });
    case "doubleCode":
      return targets.incident({ kind: "secondCode", scannerId: fault.scannerId });
    case "parcelTakenOff":
      return targets.incident({ kind: "takeOff", beltId: fault.beltId, atUm: placeOf(fault, targets) });
    case "holdWhileRiding":
      return targets.incident({ kind: "holdRiding", beltId: fault.beltId, atUm: placeOf(fault, targets) });
    case "copiedLabel":
      return targets.incident({ kind: "copyLabel", beltId: fault.beltId });
    case "plcCut": {
      const plc = targets.plc(fault.deviceId);
      await plc.cut();
      return targets.later(fault.forMs, () => plc.restore());
    }
    case "plcSlow": {
      const plc = targets.plc(fault.deviceId);
      plc.slow(fault.delayMs);
      return targets.later(fault.forMs, () => plc.slow(0));
    }
    case "plcFrozen": {
      const plc = targets.plc(fault.deviceId);
      plc.freeze();
      return targets.later(fault.forMs, () => plc.thaw());
    }
    case "scannerUnplugged": {
      const scanner = targets.scanner(fault.scannerId);
      await scanner.unplug();
      return targets.later(fault.forMs, () => scanner.plug());
    }
  }
}

const placeOf = (fault: { beltId: string; atMm?: number }, targets: FaultTargets): number =>
  fault.atMm === undefined ? targets.ridingAtUm(fault.beltId) : Math.round(fault.atMm * 1000);
