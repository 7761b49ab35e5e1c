// The faults that a wired rig plays, in the words of a scenario, and what each does to the line.
import type { FaultKind, PlannedFault } from "../scenarios/planned-fault.ts";
import type { Incident } from "../world/incidents.ts";
import type { ScannerState } from "../world/scanner-eyes.ts";
import type { World } from "../world/world.ts";

/** Those that befall the controller's machine, which is none of the rig's: whoever runs the controller plays them. */
export const MACHINE_FAULTS = ["kill", "powerLoss", "stall", "slowDisk", "fullDisk"] as const;
export type MachineFault = Extract<FaultKind, { kind: (typeof MACHINE_FAULTS)[number] }>;

/** What no wire can do: lose hints alone, or stop a gateway or a PLC in the very moment in which a hold or a command is there. */
type VirtualOnly = { kind: "lostHints" | "gatewayDies" };
export type WiredFault = Exclude<PlannedFault, VirtualOnly>;
export const isForWires = (fault: PlannedFault): fault is WiredFault =>
  fault.kind !== "lostHints" && fault.kind !== "gatewayDies" && !(fault.kind === "freeze" && fault.onCommand === true);

/** What lasts ends by itself after `forNs`; the others befall the next parcel that they fit. */
export type Fault =
  | Exclude<FaultKind, MachineFault | VirtualOnly>
  /** The plug of a scanner is out: its tty disappears. */
  | { kind: "unplug"; scannerId: string; forNs: number };

/** A device of the rig, as far as a fault touches it. */
export interface FaultyPlc {
  freeze(): void;
  thaw(): void;
  slow(delayMs: number): Promise<void>;
  cut(): Promise<void>;
  restore(): Promise<void>;
  powerOff(): Promise<void>;
  powerOn(): Promise<void>;
  /** Of a PLC that tracks. */
  troubleTracker(trouble: { isMute?: boolean; isDeaf?: boolean }): Promise<void>;
  forget(): Promise<void>;
}

export interface FaultyScanner {
  unplug(): Promise<void>;
  plug(): Promise<void>;
  mute(isMute: boolean): void;
}

export interface FaultTargets {
  incident(incident: Incident): void;
  trouble(beltId: string, what: Parameters<World["trouble"]>[1]): void;
  plc(deviceId: string): FaultyPlc;
  /** A PLC whose power comes back counts from 0. */
  zeroCounts(deviceId: string): void;
  scanner(scannerId: string): FaultyScanner;
  /** A PLC that has stopped counts no belt. @returns to be called when it begins anew, where it stopped */
  holdCounts(deviceId: string): () => void;
  /** How well a scanner reads. */
  reads(scannerId: string, state: ScannerState): void;
  silenceFeed(isSilent: boolean): void;
  stormFeed(perS: number): void;
  /** Ends a fault later. */
  later(afterNs: number, end: () => void | Promise<void>): void;
}

/** @throws RangeError for a device, scanner or belt that the site does not have */
export async function inject(fault: Fault, to: FaultTargets): Promise<void> {
  switch (fault.kind) {
    case "freeze": {
      const plc = to.plc(fault.deviceId);
      plc.freeze();
      return to.later(fault.forNs, () => plc.thaw());
    }
    case "cut": {
      const plc = to.plc(fault.deviceId);
      to.later(fault.forNs, () => plc.restore());
      return plc.cut();
    }
    case "reboot": {
      const plc = to.plc(fault.deviceId);
      to.later(fault.forNs, () => {
        to.zeroCounts(fault.deviceId);
        return plc.powerOn();
      });
      return plc.powerOff();
    }
    case "halt": {
      const plc = to.plc(fault.deviceId);
      const goOn = to.holdCounts(fault.deviceId);
      to.later(fault.forNs, () => {
        goOn();
        return plc.powerOn();
      });
      return plc.powerOff();
    }
    case "slowPlc": {
      const plc = to.plc(fault.deviceId);
      to.later(fault.forNs, () => plc.slow(0));
      return plc.slow(fault.extraNs / 1e6);
    }
    case "muteTracker":
    case "deafTracker": {
      const plc = to.plc(fault.deviceId);
      const what = fault.kind === "muteTracker" ? "isMute" : "isDeaf";
      to.later(fault.forNs, () => plc.troubleTracker({ [what]: false }));
      return plc.troubleTracker({ [what]: true });
    }
    case "forgetfulTracker":
      return to.plc(fault.deviceId).forget();
    case "silentFeed":
      to.silenceFeed(true);
      return to.later(fault.forNs, () => to.silenceFeed(false));
    case "releaseStorm":
      to.stormFeed(fault.perS);
      return to.later(fault.forNs, () => to.stormFeed(0));
    case "jam":
      to.trouble(fault.beltId, (belt) => belt.jam(fault.atUm));
      return to.later(fault.forNs, () => to.trouble(fault.beltId, (belt) => belt.jam(null)));
    case "stuckGate":
      return to.trouble(fault.beltId, ({ gates }) => {
        gates.find(({ plan }) => plan.id === fault.gateId)?.stickWhenOut(fault.forNs);
      });
    case "encoderSlip":
      to.trouble(fault.beltId, ({ motion }) => motion.slipWheel(fault.umPerM));
      return to.later(fault.forNs, () => to.trouble(fault.beltId, ({ motion }) => motion.slipWheel(0)));
    case "encoderJump":
      return to.trouble(fault.beltId, ({ motion }) => motion.jumpCount(fault.byUm));
    case "weakScanner":
      return reading(fault, { kind: "weak", noReadShare: fault.noReadShare }, to);
    case "slowScanner":
      return reading(fault, { kind: "slow", uptoNs: fault.extraNs }, to);
    case "deadScanner": {
      const scanner = to.scanner(fault.scannerId);
      scanner.mute(true);
      to.later(fault.forNs, () => scanner.mute(false));
      return reading(fault, { kind: "dead" }, to);
    }
    case "unplug": {
      const scanner = to.scanner(fault.scannerId);
      await scanner.unplug();
      return to.later(fault.forNs, () => scanner.plug());
    }
    default:
      return to.incident(fault satisfies Incident);
  }
}

function reading(fault: { scannerId: string; forNs: number }, state: ScannerState, to: FaultTargets): void {
  to.scanner(fault.scannerId); // Says so where there is none.
  to.reads(fault.scannerId, state);
  to.later(fault.forNs, () => to.reads(fault.scannerId, { kind: "well" }));
}
