// Why a chute could not be had, or is what it is: by its sensors, its count, a person, or the parcel's own rounds.
import type { Fault } from "./fault.ts";
import { reason } from "./reason-row.ts";

const CHUTE_OUT = "Sends nothing there while it is full.";
const AGAIN = "Sends parcels there again.";

export const chuteReasons = {
  CHUTE_LOCKED: reason("the chute is locked", "After a breach or a late hold.", "See the alarm of the chute."),
  CHUTE_DISABLED: reason("the chute is disabled", "An operator took it out.", "Enable it when it is ready."),
  CHUTE_FULL: reason(
    "the chute is full",
    "Its sensor or its count says so, or the sensor cannot be read.",
    "Change the container.",
  ),
  CHUTE_RATE: reason(
    "the chute has its parcels of this minute",
    "More were not to be sent there within a minute (maxPerMinute).",
    "More chutes for this rule, or a higher limit.",
  ),
  RECIRCULATION_MAX: reason(
    "it has gone round often enough",
    "The waybill has been back at the infeed as often as maxRounds says.",
    "See why none of its chutes could be had.",
    "The rule's next chute takes it, or the safe end.",
  ),
  RECIRCULATION_NO_NAME: reason(
    "without a name it does not go round",
    "Its rounds could not be counted.",
    "Key the parcel in by hand.",
  ),
  CAPACITY: reason("as many as the chute takes", "Its count reached its capacity.", "Change the container.", CHUTE_OUT),
  SENSOR: reason(
    "the chute's sensor says so",
    "Full, or free again.",
    "Change the container when it is full.",
    CHUTE_OUT,
  ),
  MOUTH_DARK: reason("its mouth is blocked", "See the alarm CHUTE_BLOCKED.", "", "Sends nothing there."),
  MOUTH_LIGHT: reason("its mouth is free again", "The eye sees light.", "", AGAIN),
  UNSEEN: reason("two parcels in a row were not seen", "See the alarm CHUTE_JAMMED.", "", "Sends nothing there."),
  SEEN: reason("something came through, or a person has looked", "It is not jammed any more.", "", AGAIN),
  CHUTE_RENAMED: reason(
    "its name is new, and others are gone",
    "It may be any of those that the chute map does not have any more: it keeps their lock, and what is in their containers.",
    "Look into it. An officer unlocks it; an empty container is said by containerChanged.",
    "Sends nothing there while it is locked, and nothing that may not lie beside what the container holds.",
  ),
  ARRIVAL: reason(
    "something came into an empty container",
    "It is not empty any more.",
    "",
    "Changes no stream there.",
  ),
} as const satisfies Record<string, Fault>;
