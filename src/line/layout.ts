// The compiled configuration of a site: what the line core, the proof and the controller work on.
// Whole numbers only: µm, ns, counts. `src/config` compiles it from the site's YAML; `hash` names it in the journal.

/** Two streams that customs keeps apart (domain: common-line sorting). */
export type Stream = "express" | "cbec";
export type Direction = "import" | "export";
/** What customs says of a parcel now; computed, never stored as one field. */
export type Disposition = "released" | "inspect" | "hold" | "return" | "pending" | "unknown";

export const STREAMS: readonly Stream[] = ["express", "cbec"];
export const DIRECTIONS: readonly Direction[] = ["import", "export"];
export const DISPOSITIONS: readonly Disposition[] = ["released", "inspect", "hold", "return", "pending", "unknown"];

/**
 * Where a chute leads. Only `outbound` leaves customs' supervision; `buffer` is storage for parcels that wait for customs'
 * word and nothing else; the last three may be shared between streams.
 */
export type Zone =
  | { kind: "outbound" | "storage" | "buffer"; stream: Stream; direction: Direction }
  | { kind: "inspection" }
  | { kind: "abnormal" }
  /** Back to the infeed, at most `maxRounds` times for one waybill. */
  | { kind: "recirculation"; maxRounds: number };

/** A zone of one stream and direction, which no other may enter (law 4). */
export type OwnedZone = Extract<Zone, { stream: Stream }>;

export const isOwned = (zone: Zone): zone is OwnedZone =>
  zone.kind === "outbound" || zone.kind === "storage" || zone.kind === "buffer";

export interface LineLayout {
  siteId: string;
  /** SHA-256 over the canonical JSON of all other fields, hex. */
  hash: string;
  belts: readonly BeltLayout[];
  chutes: readonly ChuteLayout[];
  routes: readonly RouteRule[];
  patterns: readonly CodePattern[];
  /** A release older than this by the feed's own heartbeat is unknown. */
  freshnessMaxAgeNs: number;
  /** The disk's share of the reaction: an entry not durable within it sends its parcel the safe path. */
  storageShareNs: number;
  /** Left out: the plant tells of none. */
  faults?: readonly PlantFault[];
  /** What has to be proved before customs' parcels may leave is named by it; left out: the plant is a simulated one. */
  commissioning?: { plantHash: string };
}

export interface BeltLayout {
  id: string;
  lengthUm: number;
  speedUmPerS: number;
  /** Below this measured speed no permit fires. */
  minSpeedUmPerS: number;
  /** How far the belt travels after its run permit fell, worst case. */
  coastUm: number;
  /** null: constant speed; the belt then counts as moving at `speedUmPerS` while its drive's contact is seen to be on. */
  encoder: EncoderLayout | null;
  /** That contact's device, and the longest time between two samples of it; null with an encoder. */
  drive: { deviceId: string; sampleNs: number } | null;
  /** Position error gained per travelled distance since the last sensor, in µm per metre. */
  driftUmPerM: number;
  minItemUm: number;
  maxItemUm: number;
  /** The clear gap behind an item that `check` proved sufficient; a permit is refused below it (law 8). */
  provedGapUm: number;
  eyes: readonly EyeLayout[];
  stations: readonly StationLayout[];
  gates: readonly GateLayout[];
  safeEnd: SafeEndLayout;
  /** The PLC that tracks the parcels and is told destinations; left out: the line core tracks, and moves the gates. */
  tracker?: TrackerLayout;
  /** What the PLC says of the belt besides; a name that is absent is not wired and counts as good. */
  signals: Readonly<Partial<Record<SignalName, { inputId: string; deviceId: string }>>>;
}

export interface TrackerLayout {
  /** It counts the encoder too. */
  deviceId: string;
  /** So long before the PLC's last word on a parcel its destination goes out: time for some copies of the telegram. */
  aheadNs: number;
}

export const SIGNAL_NAMES = [
  "automatic",
  "emergencyStopClear",
  "driveOk",
  "airOk",
  "upstreamReady",
  "downstreamReady",
] as const;
/** Each is on while all is well, so that a broken wire says the contrary. */
export type SignalName = (typeof SIGNAL_NAMES)[number];

/** A bit of the plant that says a fault, and the alarm that it stands for. */
export interface PlantFault {
  inputId: string;
  /** The alarm's source. */
  id: string;
  text: string;
  code: "PLANT_FAULT" | "PLANT_WARNING";
}

export interface EncoderLayout {
  id: string;
  deviceId: string;
  umPerCount: number;
  /** The counter wraps at 2^bits. */
  bits: 16 | 32;
}

/** An eye on the belt (induction, one of width beside it, track, end) or at a chute's mouth (chute). `atUm` is the beam's place on the belt. */
export interface EyeLayout {
  id: string;
  deviceId: string;
  role: "induction" | "width" | "track" | "end" | "chute";
  /** For a chute's eye: the place of its gate. */
  atUm: number;
  /** The longest time between two samples of this eye; half of the belt travel in it is the edge's own error. */
  sampleNs: number;
  /** How far its sample may lie from the belt's of the same poll; 0: one request brings both. */
  apartNs: number;
  /**
   * How long its device may say nothing before it counts as lost. 0: the belt's counter is on the same device, and the
   * belt's position stands still with its eyes.
   */
  silenceNs: number;
  /** A change of the beam shorter than this is none; what the belt travels in it is error of every edge. 0: all count. */
  debounceNs: number;
  /**
   * Its device keeps each edge with the belt's count, which may be so much later than the edge: one cycle of the PLC.
   * Absent: the edge lies between two samples.
   */
  latchNs?: number;
}

export interface StationLayout {
  id: string;
  /** Place of the reading line on the belt. */
  atUm: number;
  scannerIds: readonly string[];
  /**
   * A telegram belongs to the item whose front is in [atUm + fromUm, atUm + toUm] when its last byte arrives
   * (both relative to the reading line; the item's error widens it).
   */
  fromUm: number;
  toUm: number;
  /** Alarm when so many percent of `of` parcels in a row were not read; absent: none. */
  noReads?: { percent: number; of: number };
  /** Those of its scanners that say so when they read nothing; absent: none of them. */
  saysNoRead?: readonly string[];
  /** Parcels are laid down here by hand; absent: they are not. */
  isHandFed?: true;
}

export interface GateLayout {
  id: string;
  deviceId: string;
  /** Upstream edge of the swept zone: an item's front is taken from here on. */
  atUm: number;
  /** Length of the swept zone along the belt. */
  sweptUm: number;
  /** Travel from home to out, and back, worst case. */
  travelNs: number;
  /** At home before it may go out again, if that is at all asked for. */
  restNs: number;
  /** From the bus being asked to the command at the device, worst case that the plan allows for. */
  busNs: number;
  /** Longest time the device lets the gate stay out for one permit; Infinity is not allowed. */
  maxOutNs: number;
  /** How late and forgotten commands end (the proof prints the same word). */
  lateCommand: "excluded" | "bounded";
  /** The gate goes home without any command when its controller is gone (spring return and a watchdog). */
  fallsByItself: boolean;
  hasHomeFeedback: boolean;
  hasOutFeedback: boolean;
  /** Where only being seen at home confirms a withdrawal: how long after it is home a poll shows it at the latest. Absent elsewhere. */
  homeSeenNs?: number;
  /** Where the PLC tracks: how far a front is before `atUm` when the PLC's word on it is final. Absent elsewhere. */
  finalUm?: number;
  chuteIds: readonly string[];
}

export interface SafeEndLayout {
  chuteId: string;
  /** Items that the safe end still takes after its "nearly full" signal, or in all where it has none. */
  reserveItems: number;
}

export interface ChuteLayout {
  id: string;
  beltId: string;
  /** null: the safe end of the belt. */
  gateId: string | null;
  zone: Zone;
  /** Streams that a person may change it to, after its container was changed; proved like its own. */
  alsoFor: readonly { stream: Stream; direction: Direction }[];
  /** The eye at its mouth; null: arrivals are not seen. */
  eyeId: string | null;
  /** Discrete input that says full (fail-safe: false or unknown is full); null where there is none. */
  fullInputId: string | null;
  /** Whose input it is: while that device cannot be read, the chute counts as full. */
  fullDeviceId: string | null;
  /** How long the input has to say the contrary before it is believed. */
  fullDebounceNs: number;
  /** Parcels since the last container change; null: not counted. */
  capacityItems: number | null;
  /** Its eye dark for longer than this: parcels lie in its mouth. null: never. */
  blockedAfterNs: number | null;
  /** Parcels that are sent into it within a minute at most, 1..600; null: no limit. */
  maxPerMinute: number | null;
  /** Time from the gate's place to the mouth's eye: the arrival is expected within [min, max]. */
  slideMinNs: number;
  slideMaxNs: number;
}

/** One line of the chute map; the first that matches rules. No line that matches: the safe end. */
export interface RouteRule {
  id: string;
  /** An absent field matches anything. */
  stream?: Stream;
  direction?: Direction;
  disposition?: Disposition;
  to: readonly string[];
  balance: "ordered" | "roundRobin" | "leastFilled";
}

export type CheckDigit = "none" | "s10" | "sscc" | "ups1z" | "fedex12" | "dhl10";

/** How a barcode is recognised as a waybill. */
export interface CodePattern {
  id: string;
  /** Regular expression, anchored by the compiler; matched on the normalised code. */
  regex: string;
  check: CheckDigit;
  /** Logistics companies whose numbers look so; more than one: the cache hit decides, two hits are ambiguous. */
  companies: readonly string[];
  /** Lower is stronger; codes of a weaker rank are ignored when a stronger one was read. */
  rank: number;
}
