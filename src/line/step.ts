// What goes into the line core and what comes out of it; nothing else crosses.
import type { AlarmPriority } from "../faults/fault.ts";
import type { CommandAnswer, CommandRequest } from "./command.ts";
import type { Proof, TestResult } from "./commissioning-state.ts";
import type { CommandOutcome, GatePosition, StorageState, WithdrawalOutcome } from "./device-words.ts";
import type { LineEntry } from "./entry.ts";
import type { Direction, LineLayout, SignalName, Stream } from "./layout.ts";
import type { Mode } from "./mode.ts";
import type { JogResult } from "./plant-state.ts";
import type { PlcReport } from "./plc-tracked/report.ts";
import type { Telegram } from "./telegram.ts";

export type { CommandOutcome, GatePosition, PlcReport, StorageState, WithdrawalOutcome };

/** When and where on the belt a sample was taken: `count` is the raw encoder value, null without an encoder. */
export interface BeltStamp {
  atNs: number;
  count: number | null;
}

export type LineInput =
  /** The first input of every run. */
  | {
      kind: "run";
      run: number;
      /** As `identityAtStart` decides. */
      journalId: string;
      codeVersion: string;
      bootId: string;
      startedAt: string;
      epochMonotonicNs: string;
      restored: boolean;
      layout: LineLayout;
    }
  /** A chute map becomes active; items already inducted keep theirs. */
  | { kind: "layout"; layout: LineLayout }
  | { kind: "telegram"; scannerId: string; telegram: Telegram }
  /**
   * The beam changed between two samples: still the old state at `after`, the new one at `upTo`. Of a chute's eye also that it is
   * light when it is read again.
   */
  | {
      kind: "eye";
      eyeId: string;
      edge: "dark" | "light";
      after: BeltStamp;
      upTo: BeltStamp;
    }
  /**
   * A sample of the encoder, taken at its stamp's time, give or take `errorNs`; `upTo` stamps of eyes of the same poll are
   * delivered after it.
   */
  | { kind: "belt"; beltId: string; stamp: BeltStamp; errorNs: number }
  /** The eyes of this device were sampled after `fromNs`, and not again before some moment up to `toNs`. */
  | { kind: "unsampled"; deviceId: string; fromNs: number; toNs: number }
  /** Its program may have stood for so long before the sample that comes next: what it counts has stood meanwhile too. */
  | { kind: "stood"; deviceId: string; forNs: number }
  /** A sample of a drive's contact, of a belt without encoder: it ran, or not, at some moment after `atNs`. */
  | { kind: "drive"; beltId: string; running: boolean; atNs: number }
  | { kind: "gate"; gateId: string; position: GatePosition }
  /** A mapped discrete input, e.g. a chute's "not full". */
  | { kind: "signal"; inputId: string; value: boolean }
  /** Connected: it may be read. Armed: it may move. */
  | { kind: "device"; deviceId: string; connected: boolean; armed: boolean }
  | { kind: "scanner"; scannerId: string; state: "up" | "down" | "silent" }
  /** Something changed for these waybills; a hint only, the look-up decides. */
  | {
      kind: "releaseHint";
      waybills: readonly { company: string; waybill: string }[];
    }
  /** A person's command; the answer carries the tag. */
  | { kind: "operator"; tag: number; request: CommandRequest }
  /** Every entry up to and including number `upToEntry` is on the disk. */
  | { kind: "durable"; upToEntry: number }
  | { kind: "storage"; state: StorageState }
  /** The bus is free for permit `id` in this very turn; answered in the same call by `go` or `withhold`. */
  | { kind: "lastLook"; id: number }
  | { kind: "command"; id: number; outcome: CommandOutcome }
  /** The device confirmed (or could not) that the gate is no longer commanded out. */
  | { kind: "withdrawal"; id: number; outcome: WithdrawalOutcome }
  /** Of a belt that its PLC tracks; in the order in which the PLC reported. */
  | { kind: "report"; beltId: string; report: PlcReport }
  | { kind: "wake" };

/** A gate's order. Belt positions are encoder counts (raw, wrapping) so that a PLC can judge them; null without one. */
export interface PermitOutput {
  kind: "permit";
  /** Number of the durable entry behind it; the sequence that a judging PLC compares. 1..2^32-1, growing. */
  id: number;
  gateId: string;
  chuteId: string;
  /** Not before, not after: the command is dropped past `untilNs`. */
  fromNs: number;
  untilNs: number;
  window: BeltWindow | null;
  /** Longest time out, ms, enforced by the device where it can. */
  maxOutMs: number;
  /**
   * The PLC tracks the belt: this is a destination for its parcel of this number, and may come again with the same id. Of
   * the window it judges `untilCount` alone.
   */
  trackingId?: number;
}

export interface BeltWindow {
  fromCount: number;
  untilCount: number;
  /** The gate goes home when the belt reaches this count. */
  homeAtCount: number;
}

export type LineOutput =
  | { kind: "journal"; entry: LineEntry }
  /** Handed over only after its entry is durable, shortly before it is due. */
  | PermitOutput
  /** The answer to `lastLook`. */
  | { kind: "go"; id: number }
  | { kind: "withhold"; id: number }
  /** A permit that was handed over and is not wanted any more; not yet written ones are dropped (outcome notSent). */
  | { kind: "cancel"; id: number }
  /**
   * Waits for nothing, never dropped: the gate goes home, and no permit up to `voidUpTo` may be carried out any more. With
   * a `trackingId` only that parcel's destination, permit `voidUpTo`, becomes the safe end, by sequence `id`.
   */
  | { kind: "withdraw"; id: number; gateId: string; voidUpTo: number; trackingId?: number }
  | { kind: "runPermit"; beltId: string; allowed: boolean }
  | { kind: "infeedPermit"; beltId: string; allowed: boolean }
  /** A person has tested the gate at standstill: its device may end its doubt. */
  | { kind: "tested"; gateId: string }
  /** To whoever commanded, once entry `answer.entry` is durable. */
  | { kind: "answer"; tag: number; answer: CommandAnswer }
  /** ISA-18.2 alarm changes; also journalled. `key` is `${code}:${source}`; `phase` null: back to normal. */
  | {
      kind: "alarm";
      key: string;
      code: string;
      source: string;
      priority: AlarmPriority;
      active: boolean;
      phase: "unacknowledged" | "acknowledged" | "returned" | null;
      count: number;
      by: string | null;
      /** A person has put it aside: nobody is called. */
      shelved?: boolean;
      text: string;
    }
  /** The earliest time at which the core wants a `wake`; replaces the one before. */
  | { kind: "wakeAt"; atNs: number };

export interface LineCore {
  /** Never throws for anything that the plant does; outputs are executed in order. `atNs` never decreases. */
  handle(input: LineInput, atNs: number): readonly LineOutput[];
  /** Everything a restart needs, as plain JSON data (design: a run equals the same run cut and restored). */
  checkpoint(): LineCheckpoint;
  /** A picture for people: belts, items, gates, chutes, counts. Costs no more than the number of items. */
  snapshot(atNs: number): LineSnapshot;
}

/** Opaque to all but `src/line/checkpoint.ts`; JSON-serialisable. */
export interface LineCheckpoint {
  version: 1;
  nextEntry: number;
  state: unknown;
  /** What does not change any more: pages may be serialised one by one, later than the rest. Waybills that go round. */
  rounds?: readonly unknown[];
  /** Parcels that have left. */
  pages: readonly unknown[];
}

export interface LineSnapshot {
  atNs: number;
  layoutHash: string;
  belts: readonly {
    id: string;
    positionUm: number;
    speedUmPerS: number;
    moving: boolean;
    runPermit: boolean;
    /** Why the run permit is off, `CODE` or `CODE:source`; empty: it is on. */
    stops: readonly string[];
    mode: Mode;
    /** A reason of the fault table, `CODE` or `CODE:names`. */
    modeWhy: string;
    /** What the PLC says, of the signals that are wired; null: not read yet. */
    signals: Readonly<Partial<Record<SignalName, boolean | null>>>;
    infeedPermit: boolean;
    items: readonly ItemView[];
  }[];
  gates: readonly { id: string; position: GatePosition; armed: boolean }[];
  chutes: readonly {
    id: string;
    zone: string;
    /** Of an outbound or storage chute, as it is now; null: it may be shared. */
    stream: Stream | null;
    direction: Direction | null;
    arrived: number;
    locked: boolean;
    full: boolean;
    /** Its mouth has been dark for too long; parcels in a row were sent there and not seen. */
    blocked: boolean;
    jammed: boolean;
    enabled: boolean;
  }[];
  /** What was seen of the gate that was last moved by hand; null: none was, or it is not over. Older versions do not say. */
  lastJog?: JogResult | null;
  /** What is proved of the plant; null: it is a simulated one. Older versions do not say. */
  commissioning?: CommissioningView | null;
  alarms: readonly AlarmView[];
  counts: Readonly<Record<string, number>>;
  storage: StorageState;
}

export interface CommissioningView {
  plantHash: string;
  isComplete: boolean;
  /** In the order of the layout; `proof` null: not yet. */
  chutes: readonly { chuteId: string; proof: Proof | null }[];
  /** Who stands where, for how long still; `hasCome`: the parcel is on its way there. */
  guard: { command: string; chuteId: string; code: string; who: string; forNs: number; hasCome: boolean } | null;
  /** What became of the last test parcel, for a minute. */
  lastTest: TestResult | null;
}

/** An alarm that stands, or that has returned and was not seen by anybody yet (`returned`). */
export interface AlarmView {
  key: string;
  code: string;
  source: string;
  text: string;
  priority: AlarmPriority;
  phase: "unacknowledged" | "acknowledged" | "returned";
  /** When its condition came, ns since `epochAt`: wall time (RFC 3339) at the epoch of the run in which it came. */
  sinceNs: number;
  epochAt: string;
  /** How often its condition came since it was last normal. */
  count: number;
  acknowledgedBy: "operator" | "officer";
  /** Who has put it aside and until when, ns of the run; null: nobody. */
  shelved: { untilNs: number; by: string } | null;
}

export interface ItemView {
  id: number;
  frontUm: number;
  lengthUm: number | null;
  errorUm: number;
  code: string | null;
  disposition: string;
  chuteId: string | null;
  state: string;
}
