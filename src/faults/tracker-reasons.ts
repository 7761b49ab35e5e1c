// Why a parcel went where it went on a belt that its PLC tracks.
import type { Fault } from "./fault.ts";
import { reason } from "./reason-row.ts";

export const trackerReasons = {
  DESTINATION_REFUSED: reason(
    "the PLC refused the destination",
    "It was not armed, has a fault, or does not know the code.",
    "See the PLC's verdict in docs/reference/plc-tracked.md.",
  ),
  DESTINATION_TOO_LATE: reason(
    "the destination came too late",
    "The parcel was past the PLC's last word, or the belt past the telegram's expiry.",
  ),
  DESTINATION_UNKNOWN_PARCEL: reason(
    "the PLC does not know the parcel",
    "Its number is none of those that the PLC tracks: it has restarted, or lost the parcel.",
    "See whether the PLC has restarted.",
  ),
  DESTINATION_UNANSWERED: reason(
    "the PLC did not acknowledge the destination",
    "No copy of the telegram was answered before the PLC's last word.",
    "Look at the PLC and its cable.",
    "Calls the parcel back; where it went, the PLC's report says.",
  ),
  RECALL_UNCONFIRMED: reason(
    "a recall is not acknowledged",
    "A held parcel comes to its gate, and the PLC does not say that it heard the recall.",
    "Look at the PLC, take the parcel off, start the belt at the line.",
    "Drops the run permit until the PLC answers or the parcel has its end.",
  ),
  PLC_LOST_PARCEL: reason(
    "lost by the PLC that tracks it",
    "It was not where the PLC expected it.",
    "Look for the parcel.",
    "Ends it.",
  ),
  NOT_REPORTED: reason(
    "the PLC never said where it went",
    "The belt has carried it past its end, and no report of it has come.",
    "Look for the parcel.",
    "Ends it as lost.",
  ),
} as const satisfies Record<string, Fault>;
