// What the line core remembers of gates and chutes: plain data, part of its state.
import type { GatePosition } from "./device-words.ts";
import type { Direction, Stream, Zone } from "./layout.ts";

export interface GateState {
  id: string;
  position: GatePosition;
  /** Highest permit that was fired at it. */
  lastFired: number;
  /** Belt position from which it must go home after the last fired permit; null: it has no business being out. */
  homeAtUm: number | null;
  /** Where the belt is when it goes home after the last fired permit, and that permit's chute; null: none was fired. */
  lastMove: { chuteId: string; homeAtUm: number } | null;
  /** What its commands took lately from the planned instant to the answer, ns; see `bus-time.ts`. 0: none was answered. */
  tookNs: number;
  /** A command of it is in doubt: no permit until its device was armed anew. */
  inDoubt: boolean;
  /** A withdrawal that is not confirmed yet: its id, the belt position when it was asked for, the device's own word. */
  withdrawing: { id: number; sinceUm: number; isAnswered: boolean } | null;
}

/** How a gate that was moved by hand came to its end; see `jog.ts`. */
export type JogEnd = "done" | "withheld" | "notSent" | "refused" | "inDoubt" | "brokenOff" | "notHome";

/** A gate that is being moved by hand. Times are ns of the run; null: not yet. */
export interface Jog {
  /** Number of its entry, which is durable before the command goes out. */
  id: number;
  /** The id of the command that asked for it. */
  command: string;
  gateId: string;
  chuteId: string;
  step: "written" | "queued" | "out" | "homeward";
  untilNs: number;
  /** The last look let it go; its device answered; its switch said out; it was called home. */
  firedNs: number | null;
  answeredNs: number | null;
  outNs: number | null;
  homewardNs: number | null;
  /** Why it was called home before its time; null or absent: its time was over. */
  why?: string | null;
}

/** What was seen of the last one. Times are ns since it was let go (`answeredNs`, `outNs`) or called home; null: not seen. */
export interface JogResult {
  jog: number;
  command: string;
  gateId: string;
  chuteId: string;
  end: JogEnd;
  /** A code of the fault table; null: it ended as it should. */
  why: string | null;
  answeredNs: number | null;
  outNs: number | null;
  homeNs: number | null;
}

export interface ChuteState {
  id: string;
  arrived: number;
  sinceChange: number;
  locked: boolean;
  enabled: boolean;
  /** Its sensor says so or cannot be read, or its count does; see `chute-room.ts`. */
  full: boolean;
  /** The last word of its sensor that was believed; null: it has none, or nobody can read it. */
  sensedFull: boolean | null;
  /** When the contrary of `sensedFull` is believed, ns of the run; null: the sensor says what it said. */
  sensedDueNs: number | null;
  /** Its mouth has been dark for too long. */
  isBlocked: boolean;
  /** So it was when the run before ended or its eye could not be read any more; neither eye nor person has spoken since. */
  isMouthUnread: boolean;
  /** When that will be so, ns of the run; null: the beam is light, or it is so already. */
  blockedDueNs: number | null;
  /** Parcels in a row that were sent there and not seen. */
  unseen: number;
  /** Last looks of the last minute that let a parcel go there, ns of the run; only where the rate is limited. */
  sentNs: number[];
  /** A person said that the container is empty, and nothing has come since. */
  isEmpty: boolean;
  /** The stream that a person changed it to; null: that of its zone. */
  serves: { stream: Stream; direction: Direction } | null;
  /** For whom what came into its container first was sent there; null: nothing has come since a person said that it is empty. */
  holds: Zone | null;
  /** Names that the map had and has no more since this one came, or came back: it may be any of them. */
  mayBe: string[];
}

/** The end of an item that nobody saw. */
export interface UnseenEnd {
  itemId: number;
  /** The chute that it was sent to, if nothing speaks against its being there. */
  chuteId: string | null;
  /** Place of the furthest track eye that its tail was seen to leave, if nothing speaks against its having been that one; -1: none. */
  leftEyeUm: number;
}

/** Expected in a chute until the belt is at `untilUm`, as nobody's: it has its end. */
export interface Ghost {
  itemId: number;
  /** What it was let go for; null or left out: not known, of an older version's checkpoint. */
  zone?: Zone | null;
  untilUm: number;
  /** How long it had been waited for when this run began, and since when it is in this run, ns. */
  waitedNs: number;
  sinceNs: number;
}
