// Why a parcel went where it went: what customs said, what the law refused, what the plant could not do.
import type { Fault } from "./fault.ts";

const SAFE_PATH = "The parcel rides to the safe end.";
const CHUTE_OUT = "Sends nothing there while it is full.";
const INFEED_STOPS = "Holds the infeed, and gives it back by itself.";

/** @param personShould empty: nothing, this is the line doing its work. */
const reason = (text: string, means: string, personShould = "", controllerDoes = SAFE_PATH): Fault => ({
  kind: "reason",
  text,
  means,
  controllerDoes,
  personShould: personShould === "" ? "Nothing." : personShould,
});

const byMap = "The chute map says where the parcel goes.";

export const reasons = {
  RELEASED: reason("released", "Customs let it go, freshly and without a hold.", "", byMap),
  INSPECT: reason("to be inspected", "Customs wants to see it.", "", byMap),
  HELD: reason("held", "At least one hold stands.", "", byMap),
  RETURN: reason("to be returned", "Customs sends it back.", "", byMap),
  RELEASE_PENDING: reason("customs has not decided", "The declaration is under way.", "", byMap),
  RELEASE_UNKNOWN: reason("customs' status is unknown", "A status code that the regime does not list.", "Ask customs."),
  RELEASE_NOT_FOUND: reason("not in the release cache", "No valid record for this code.", "Check the declaration."),
  RELEASE_AMBIGUOUS: reason("two companies know this code", "Records of more than one company fit.", "Sort by hand."),
  RELEASE_STALE: reason("the feed is silent", "No word from the feed for longer than maxAgeMs.", "Check the feed."),
  RELEASE_SPENT: reason(
    "all its pieces have left",
    "The code was seen more often than its release has pieces.",
    "Look for a copied label.",
  ),
  RELEASE_UNREADABLE: reason(
    "the release cache cannot be read",
    "The store gave an error.",
    "See the log of the gateway.",
  ),
  NO_READ: reason("no code was read", "No scanner gave a code that is a waybill.", "Key the parcel in by hand."),
  READ_CONFLICT: reason(
    "two codes on one parcel",
    "Two valid waybills, or one telegram for two parcels.",
    "Sort by hand.",
  ),
  NOT_DECIDED: reason("nothing was decided", "The parcel ended before its read window did."),
  NO_ROUTE: reason("no line of the chute map fits", "Released, but no rule names a chute.", "Complete the chute map."),
  MISDIVERTED: reason(
    "in a chute it was not sent to",
    "A chute's eye saw it elsewhere.",
    "Look into the chute.",
    "Ends it there.",
  ),
  ITEM_RESTART: reason("on the belt at a restart", "The controller restarted while it rode."),
  ITEM_BELT_UNKNOWN: reason("the belt's position is unknown", "The counter was lost, or the belt stood at induction."),
  ITEM_AMBIGUOUS_EDGE: reason(
    "two parcels fit one edge",
    "An eye could not tell them apart.",
    "Keep the gap at the infeed.",
  ),
  ITEM_NOT_SEEN: reason("an eye did not see it", "It was not where it should have been."),
  ITEM_TOO_LONG: reason(
    "longer than a parcel",
    "Two stuck together, or a blocked eye.",
    "Separate parcels at the infeed.",
  ),
  ITEM_TOO_SHORT: reason("shorter than a parcel", "A loose label or a flicker of the eye."),
  ITEM_BLIND: reason("came in while the eye could not be read", "The device was not connected."),
  ITEM_CAP: reason("more items than are followed", "The belt seems to carry more than it can.", "Check the eye."),
  TAIL_WITHOUT_FRONT: reason("an end without a beginning", "Something was in the induction eye before it was watched."),
  BLIND: reason("an unwatched stretch of belt", "It passed the induction eye while the eye could not be read."),
  STRAY: reason("an unannounced stretch of belt", "An eye saw something there that nobody knew."),
  RESTART: reason("on the belt at a restart", "All that rides at a start may be anything."),
  CHUTE_LOCKED: reason("the chute is locked", "After a breach or a late hold.", "See the alarm of the chute."),
  CHUTE_DISABLED: reason("the chute is disabled", "An operator took it out.", "Enable it when it is ready."),
  CHUTE_FULL: reason("the chute is full", "Its sensor or its count says so.", "Change the container."),
  GATE_REFUSED: reason("the device refused the command", "Outside its belt window, stale, or not armed."),
  WITHHELD_BEFORE: reason("a last look had refused this chute", "It is not tried twice for one parcel."),
  LAW_UNRELEASED: reason("law 1: not released", "An outbound chute takes only what is released."),
  LAW_HELD: reason("law 2: held", "Any hold beats any release."),
  LAW_SPENT: reason("law 3: spent", "No piece of the release is left.", "Look for a copied label."),
  LAW_LEDGER_FULL: reason(
    "law 3: too much not carried over",
    "The gateway has not taken spendings over for very long.",
    "Start the gateway.",
  ),
  LAW_STREAM: reason(
    "law 4: another stream",
    "The chute belongs to another stream or direction.",
    "Correct the chute map.",
  ),
  LAW_STREAM_UNKNOWN: reason("law 4: no known stream", "Without a record no stream is known."),
  LAW_GATE_NOT_ARMED: reason(
    "law 5: the gate is not armed",
    "Its device is not connected, or not safe to move.",
    "See the device's alarm.",
  ),
  LAW_WITHDRAWAL_OPEN: reason("law 5: a withdrawal is not confirmed", "The gate may still be out."),
  LAW_GATE_ASTRAY: reason("law 5: the gate is out without a permit", "It would take what it should not."),
  LAW_STOPPED: reason("law 5: the run permit is off", "The belt must not run.", "See what stopped the line."),
  LAW_GATE_IN_DOUBT: reason("law 6: a command is in doubt", "Nobody knows whether the gate will still move."),
  LAW_LATE: reason("law 6: too late", "The command could not be at the gate in time: dropped and counted."),
  LAW_STORAGE_FULL: reason("law 7: the disk is full", "Nothing can be written, so nothing moves.", "Free disk space."),
  LAW_NOT_WRITTEN: reason(
    "law 7: not written in time",
    "The disk did not answer within the window.",
    "Find what keeps the disk busy.",
  ),
  LAW_OTHER_BELT: reason(
    "law 8: the chute is at another belt",
    "The chute map sends the parcel where its own belt does not lead.",
    "Give each belt routes to its own chutes.",
  ),
  LAW_ITEM_IN_DOUBT: reason("law 8: in doubt", "Its position or oneness is not proved."),
  LAW_BELT_UNKNOWN: reason("law 8: belt position unknown", "Counter or eyes cannot be read."),
  LAW_BELT_SLOW: reason("law 8: belt too slow", "Below minSpeedMmPerS no permit fires."),
  LAW_SWEPT_ZONE: reason(
    "law 8: swept zone not free",
    "Something would still be in the gate's way.",
    "Keep the gap at the infeed.",
  ),
  LAW_GAP_AHEAD: reason(
    "law 8: gap ahead too small",
    "Position error is not below half of it.",
    "Keep the gap at the infeed.",
  ),
  LAW_GAP_BEHIND: reason(
    "law 8: gap behind too small",
    "Below the gap that check proved.",
    "Keep the gap at the infeed.",
  ),
  LAW_OTHER_PERMIT: reason("law 9: another permit is out", "A parcel has one end."),
  UNPERMITTED_ITEM_COMES: reason(
    "law 5: something without a permit comes towards a gate that is out",
    "A parcel was put on the belt, or slipped, behind a permitted one.",
    "Look for hands on the belt and slipping parcels.",
    "Withdraws the gate; the permitted parcel may ride on.",
  ),
  BELT_BLIND: reason("the belt cannot be seen", "Counter or eyes went away.", "", "Withdraws every gate that is out."),
  ITEM_HAS_PASSED: reason("the parcel has passed", "The gate goes home behind it.", "", "Withdraws the gate."),
  RECALLED: reason(
    "recalled by customs",
    "A hold came while a gate was out for the parcel.",
    "",
    "Withdraws the gate.",
  ),
  CAPACITY: reason("as many as the chute takes", "Its count reached its capacity.", "Change the container.", CHUTE_OUT),
  SENSOR: reason(
    "the chute's sensor says so",
    "Full, or free again.",
    "Change the container when it is full.",
    CHUTE_OUT,
  ),
  OPERATOR: reason("an operator said so", "A person locked, unlocked, enabled or disabled it.", "", "Does it."),
  OPERATOR_STOP: reason(
    "stopped by a person",
    "An operator or an officer has stopped the belt, or an officer has acknowledged a breach.",
    "Say resumeReady when the belt may run, then start it at the line.",
    "Keeps the run permit down, over restarts too.",
  ),
  REMOVED_BY_HAND: reason(
    "taken off by hand",
    "A person said so while the belt stood.",
    "",
    "Ends the parcel, and takes the place where it lay for unknown.",
  ),
  SAFE_END_FULL: reason("the safe end is full", "It could not take what rides.", "Empty it.", INFEED_STOPS),
  SAFE_END_FREE: reason("nothing is in the way", "The infeed may feed.", "", "Gives the infeed permit."),
  SAFE_END_BLOCKED: reason(
    "the safe end is blocked",
    "Something stands in the end eye and does not move on while the belt does.",
    "Clear it, then start the belt at the line.",
    "Drops the run permit.",
  ),
  STORAGE_FULL: reason("the disk is full", "Nothing can be written.", "Free disk space.", INFEED_STOPS),
  UNKNOWN_AHEAD: reason(
    "something unknown lies ahead of the induction eye",
    "A parcel that came in now could not be sorted.",
    "",
    INFEED_STOPS,
  ),
} as const satisfies Record<string, Fault>;
