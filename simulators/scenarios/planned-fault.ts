// One fault at its instant, as it is injected into a virtual line: what a scenario's faults become when they are drawn.
import type { Incident } from "../world/incidents.ts";

/** `atNs` is of the simulation; `forNs` how long it lasts. A fault without an end befalls once, or the next parcel it fits. */
export type PlannedFault = { atNs: number } & FaultKind;

export type FaultKind =
  /** The controller's process is gone and started again; at a loss of power the disk keeps what was synced. */
  | { kind: "kill" | "powerLoss" }
  /** The controller's loop stands still; what devices, disk and customs say meanwhile waits. */
  | { kind: "stall"; forNs: number }
  /** A PLC stops in mid-air and then carries out what its socket holds; or its cable is out. */
  | { kind: "cut"; deviceId: string; forNs: number }
  /** `onCommand`: not before a command for a gate has come, which it holds then. */
  | { kind: "freeze"; deviceId: string; forNs: number; onCommand?: boolean }
  /** A PLC stops, and its outputs fall; `forNs` later its program begins anew, and its counters go on where they stood. */
  | { kind: "halt"; deviceId: string; forNs: number }
  /** A PLC loses its power: outputs fall, its memory and counters begin anew `forNs` later. */
  | { kind: "reboot"; deviceId: string; forNs: number }
  | { kind: "slowPlc"; deviceId: string; extraNs: number; forNs: number }
  /** A PLC that tracks shows no verdicts, or looks at no telegrams. */
  | { kind: "muteTracker" | "deafTracker"; deviceId: string; forNs: number }
  /** Its program starts anew: it knows no parcel any more, its counter goes on. */
  | { kind: "forgetfulTracker"; deviceId: string }
  | { kind: "slowDisk"; syncNs: number; forNs: number }
  | { kind: "fullDisk"; forNs: number }
  /** Nothing comes from customs, no heartbeat either. */
  | { kind: "silentFeed"; forNs: number }
  /** The line is not told what customs has changed: only a look-up shows it. */
  | { kind: "lostHints"; forNs: number }
  /** The gateway ends between the commit of the next word that keeps a parcel in and its hint, and is back `forNs` later. */
  | { kind: "gatewayDies"; forNs: number }
  /** Customs says again what it has said, of so many parcels a second. */
  | { kind: "releaseStorm"; perS: number; forNs: number }
  /** A gate, once it is out, sticks there for so long. */
  | { kind: "stuckGate"; beltId: string; gateId: string; forNs: number }
  /** Parcels stick at a place and pile up behind it. */
  | { kind: "jam"; beltId: string; atUm: number; forNs: number }
  /** The encoder counts so many µm too much per metre, or too little. */
  | { kind: "encoderSlip"; beltId: string; umPerM: number; forNs: number }
  | { kind: "encoderJump"; beltId: string; byUm: number }
  | { kind: "deadScanner"; scannerId: string; forNs: number }
  | { kind: "weakScanner"; scannerId: string; noReadShare: number; forNs: number }
  | { kind: "slowScanner"; scannerId: string; extraNs: number; forNs: number }
  | Incident;

/** When it is over, ns; of one that waits for a parcel, when it begins to wait. */
export const endsNs = (fault: PlannedFault): number => fault.atNs + ("forNs" in fault ? fault.forNs : 0);
