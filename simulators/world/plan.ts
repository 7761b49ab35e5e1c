// The plan of a physical line: what stands where, how it moves, and which device's terminal it is wired to.

/** Streams and directions that customs keeps apart; the world's own words, so that it can disagree with the product. */
export type Stream = "express" | "cbec";
export type Direction = "import" | "export";

export interface WorldPlan {
  /** One seed rules every drawn number of the world. */
  seed: number;
  /** The world's own step, ns; levels are as of the last step, crossings are interpolated between steps. */
  stepNs: number;
  belts: readonly BeltPlan[];
  chutes: readonly ChutePlan[];
  devices: readonly DevicePlan[];
}

export interface BeltPlan {
  id: string;
  lengthUm: number;
  speedUmPerS: number;
  /** Time from standstill to full speed, ns. */
  startUpNs: number;
  /** Travel from full speed to standstill once the drive is off, µm; 0: at once. */
  coastUm: number;
  encoder: EncoderPlan | null;
  /**
   * How far a parcel may lag behind or run ahead of the belt, in µm per metre of travel, each parcel with a share of its
   * own drawn from [-slip, +slip]; 0: parcels lie still on the belt.
   */
  slipUmPerM: number;
  eyes: readonly { id: string; atUm: number }[];
  scanners: readonly ScannerPlan[];
  gates: readonly GatePlan[];
  /** The chute at the belt's end. */
  safeEndChuteId: string;
  /** The person at the line presses start this long after the run permit is there and the belt stands; null: never. */
  startAfterNs: number | null;
}

export interface EncoderPlan {
  umPerCount: number;
  bits: 16 | 32;
  /** Count at time 0: near the wrap in every plan that does not say otherwise. */
  startCount: number;
}

export interface ScannerPlan {
  id: string;
  /** Reading line. */
  atUm: number;
  /** From a front on the reading line to the telegram at the scanner's plug, before its bytes take their time. */
  readDelayNs: number;
}

export interface GatePlan {
  id: string;
  /** Swept zone [atUm, atUm + sweptUm]. */
  atUm: number;
  sweptUm: number;
  /** Home to out, and back. */
  travelNs: number;
  chuteIds: readonly string[];
}

export type ZonePlan =
  | { kind: "outbound"; stream: Stream; direction: Direction }
  | { kind: "storage"; stream: Stream; direction: Direction }
  | { kind: "buffer"; stream: Stream; direction: Direction }
  | { kind: "inspection" }
  | { kind: "abnormal" }
  | { kind: "recirculation" };

export interface ChutePlan {
  id: string;
  zone: ZonePlan;
  /** From a front at the gate's place to the front at the mouth's eye; each parcel draws its own. */
  slideMinNs: number;
  slideMaxNs: number;
  /** Parcels until its full sensor says so; null: endless. */
  capacityItems: number | null;
}

/** Terminal numbers are those of the device's process image. */
export interface DevicePlan {
  id: string;
  /** Outputs fall when the device commits none for this long; null: they stay as they are. */
  ioWatchdogNs: number | null;
  inputs: readonly { terminal: number; senses: Sensor }[];
  outputs: readonly { terminal: number; drives: Actuator }[];
  counters: readonly { counter: number; beltId: string }[];
}

export type Sensor =
  /** On while the beam is dark. */
  | { kind: "eye"; eyeId: string }
  /** On while the beam at the chute's mouth is dark. */
  | { kind: "chuteEye"; chuteId: string }
  | { kind: "gateHome"; gateId: string }
  | { kind: "gateOut"; gateId: string }
  /** On while the chute is not full, so that a broken wire says full. */
  | { kind: "chuteNotFull"; chuteId: string }
  /** On while the drive is switched on. */
  | { kind: "beltDriven"; beltId: string }
  /** On while the line drives the belt; off while people do. */
  | { kind: "automatic"; beltId: string }
  /** A contact that is closed while all is well, and all is well. */
  | { kind: "alwaysWell" };

export type Actuator =
  | { kind: "runPermit"; beltId: string }
  | { kind: "infeedPermit"; beltId: string }
  | { kind: "gate"; gateId: string; chuteId: string };
