// What a belt tells the world of its parcels and gates, and what it asks.
import type { Move, Rider } from "./rider.ts";

export interface Departure {
  chuteId: string;
  gateId: string | null;
  frontNs: number;
  passedNs: number;
  /** How far beyond the gate's place its front was when the gate took it; left out: nothing was in the way of the gate. */
  caughtUm?: number;
}

export interface BeltEvents {
  fed(rider: Rider, atNs: number): void;
  /** A hand has put it onto the belt. */
  added(rider: Rider, atNs: number): void;
  moved(rider: Rider, move: Move): void;
  bounced(rider: Rider, gateId: string, atNs: number): void;
  /** `gateId` null: over the belt's end. */
  left(rider: Rider, o: Departure): void;
  swung(gateId: string, sweepsInto: string | null, atNs: number): void;
  /** The next place beyond its front at which the world has something with it; Infinity: none. */
  nextPlaceUm(rider: Rider): number;
}
