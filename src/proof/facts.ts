// What the proof must know of a site besides the layout that the line core works on: device timing and wiring.
import type { LineLayout } from "../line/layout.ts";

export interface SiteFacts {
  layout: LineLayout;
  belts: readonly BeltFacts[];
  gates: readonly GateFacts[];
  devices: readonly DeviceFacts[];
  scanners: readonly ScannerFacts[];
}

export interface BeltFacts {
  beltId: string;
  /** Clear gap that the infeed guarantees, µm. */
  guaranteedGapUm: number;
  runDeviceId: string;
  infeedDeviceId: string;
}

export interface GateFacts {
  gateId: string;
  /** The device judges sequence and belt window of each command, and limits the time out. */
  judges: boolean;
  /** Width of the counts and sequences by which it judges; null: it judges nothing. */
  judgedBits: 16 | 32 | null;
}

export interface DeviceFacts {
  deviceId: string;
  /** Devices with the same one share a wire; null: a wire of its own. */
  lineId: string | null;
  pollNs: number;
  timeoutNs: number;
  /** Requests that one poll of all inputs takes. */
  requestsPerPoll: number;
  /** How long one poll keeps the wire, reply and silence included. */
  pollTakesNs: number;
  /** The longest of its requests. */
  longestNs: number;
  /** How long reading the outputs back takes besides; 0: it has none, or each poll brings them. */
  outputsNs: number;
  /** A gate's command, reply included. */
  commandNs: number;
  /** Discrete inputs and belt counts come with one request. */
  isOneRequest: boolean;
  watchdog: {
    timeoutNs: number;
    refusesWhenTripped: boolean;
    /** It is fed by echoing its own count, which takes a request each time. */
    isEchoed: boolean;
    /** How long outputs stay when the device's program stands; null: it has none, its watchdog is its hardware. */
    outputsFallNs: number | null;
    /** Why it can never be armed over Modbus; null: it can. */
    whyNeverArmed: string | null;
  } | null;
  /** It tracks a belt's parcels itself; left out: it does not. */
  tracker?: TrackerFacts;
}

export interface TrackerFacts {
  /** Reports that it keeps until they are written over. */
  slots: number;
  cycleNs: number;
}

export interface ScannerFacts {
  scannerId: string;
  baud: number;
  /** Longest telegram on the wire; reported apart from the reaction, which runs from its last byte. */
  wireNs: number;
  /** A telegram of `USUAL_TELEGRAM_BYTES` on the wire. */
  usualWireNs: number;
  /** How much later than over a serial port of this machine a telegram may be here. */
  transitNs: number;
  /** Its path is given out anew at every plug; null: it stays, or there is none. */
  unstablePath: string | null;
}

/** A FedEx number of 34 digits in its frame. */
export const USUAL_TELEGRAM_BYTES = 40;

export type PlaceKind =
  | "belt"
  | "eye"
  | "station"
  | "gate"
  | "device"
  | "scanner"
  | "chute"
  | "route"
  | "safeEnd"
  | "site";

/** Something the proof found; the loader knows the place of `kind` and `id` in the files. */
export interface ProofFinding {
  severity: "error" | "warning";
  code: string;
  kind: PlaceKind;
  /** Of a safe end: its belt's; of the site as a whole: its own. */
  id: string;
  /** The key under it that would have to change, where there is one; `.` goes deeper. */
  key?: string;
  what: string;
  right: string;
}

export const travelUm = (speedUmPerS: number, ns: number): number => Math.ceil((speedUmPerS * ns) / 1e9);

export const inMm = (um: number): string => `${(um / 1000).toFixed(0)} mm`;
/** Limits are rounded to the side on which they hold. */
export const atLeastMm = (um: number): string => `at least ${Math.ceil(um / 1000)} mm`;
export const atMostMm = (um: number): string => `at most ${Math.floor(um / 1000)} mm`;
export const inMs = (ns: number): string => `${(ns / 1e6).toFixed(1)} ms`;
