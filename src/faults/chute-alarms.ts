// Alarms of chutes: what arrives unasked, what does not arrive, and what keeps parcels from sliding in.
import { event, NOT_AGAIN_MS, ofTheLaw, state } from "./alarm-row.ts";
import type { AlarmFault } from "./fault.ts";

export const chuteAlarms = {
  CHUTE_UNEXPECTED_ITEM: event(
    "low",
    "{source}: something arrived that was not sent there",
    {
      means: "The chute's eye saw a parcel without a permit for this chute.",
      controllerDoes: "An outbound chute: breach. Any other: ends the parcel there as misdiverted.",
      consequence: "A parcel lies where nobody looks for it.",
      personShould: "Look what lies in the chute.",
    },
    { isLatching: true, ...ofTheLaw },
  ),
  CHUTE_EYE_SILENT: event(
    "low",
    "{source}: {detail} was sent there and not seen",
    {
      means: "Neither the chute's eye nor the next eye on the belt saw the parcel.",
      controllerDoes: "Ends it as diverted unseen; its piece stays spent.",
      consequence: "A jam grows; a breach at this chute would not be seen.",
      personShould: "Clean and align the chute's eye; look into the chute for a jam.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  CHUTE_BLOCKED: state("low", "{source}: its mouth is blocked", {
    means: "The chute's eye has been dark for longer than blockedAfterMs: parcels lie in the mouth.",
    controllerDoes: "Sends nothing more there until the beam is light.",
    consequence: "Its parcels take the rule's next chute, or the safe end.",
    personShould:
      "Clear the mouth; if nothing lies there, clean and align the eye. While its device is away, give `enableChute`.",
  }),
  CHUTE_JAMMED: state("low", "{source}: two parcels in a row were sent there and not seen", {
    means: "Parcels are stuck between gate and eye, or the chute's eye is blind.",
    controllerDoes: "Sends nothing more there until the eye sees something or a person has looked.",
    consequence: "Its parcels take the rule's next chute, or the safe end.",
    personShould: "Clear the chute or align its eye, then give `enableChute`.",
  }),
} as const satisfies Record<string, AlarmFault>;
