// Plant conditions with a life cycle (ISA-18.2): what they mean, what the controller does, what a person should do.
import type { Fault } from "./fault.ts";

type Priority = NonNullable<Fault["priority"]>;

const alarm = (
  priority: Priority,
  text: string,
  row: readonly [means: string, controllerDoes: string, personShould: string],
): Fault => ({
  kind: "alarm",
  priority,
  text,
  means: row[0],
  controllerDoes: row[1],
  personShould: row[2],
});

export const alarms = {
  LAW_BREACH: alarm("critical", "{source}: a parcel left without a valid last look: {detail}", [
    "A parcel was seen in an outbound chute that no permit had let go there.",
    "Locks the chute, drops the run permit and keeps it down, over restarts too.",
    "Keep the container, find the parcel, call the customs officer; only an officer's acknowledgement ends it.",
  ]),
  LATE_HOLD: alarm("high", "{source}: customs held {detail} after it had left", [
    "A hold or a revocation came after the parcel's last look.",
    "Locks the chute; the line runs on.",
    "Retrieve the parcel from the chute's container and hand it to inspection.",
  ]),
  READ_AFTER_NO_RETURN: alarm("high", "{source}: a second code was read on {detail} after the point of no return", [
    "A later telegram contradicts the code on which the parcel was let go.",
    "Locks the chute; the line runs on.",
    "Retrieve the parcel and read its label by hand.",
  ]),
  LINE_STOPPED: alarm("high", "{source}: run permit withdrawn ({detail})", [
    "A condition stands under which the belt must not run.",
    "Keeps the run permit down until the named cause is gone.",
    "Mend the cause named here, then start the belt at the line; Coline never starts it.",
  ]),
  LINE_INFEED_STOPPED: alarm("medium", "{source}: infeed permit withdrawn ({detail})", [
    "The safe end could not take what would still come, or nothing can be written.",
    "Holds the infeed; gives it back by itself.",
    "Empty the safe end, or free disk space.",
  ]),
  LINE_ITEM_CAP: alarm("high", "{source}: more items than the line core follows", [
    "An eye flickers, or the belt carries far more than it can.",
    "Treats the newest stretch of belt as unknown.",
    "Check the induction eye.",
  ]),
  GATE_IN_DOUBT: alarm("high", "{source}: {detail} got no answer", [
    "A write timed out: the gate may or may not carry it out, now or later.",
    "Voids it, sends no permit to this gate; stops the belt where the device does not judge late commands itself.",
    "Check the PLC and its cable; a test at standstill ends the doubt.",
  ]),
  GATE_NOT_HOME: alarm("high", "{source}: not home when it should be", [
    "The home switch is silent after travel time and slack, or the gate is out without a permit.",
    "Withdraws it again; stops the belt before the next item can reach it.",
    "Check air, home switch and wiring, then test the gate at standstill.",
  ]),
  GATE_MISSED_ITEM: alarm("medium", "{source}: {detail} rode past its gate", [
    "An eye behind the gate saw a parcel that should have been taken.",
    "Lets it ride to the safe end and gives its piece back there.",
    "Check the gate's stroke and timing (travelMs) and the belt's speed.",
  ]),
  CHUTE_UNEXPECTED_ITEM: alarm("high", "{source}: something arrived that was not sent there", [
    "The chute's eye saw a parcel without a permit for this chute.",
    "An outbound chute: breach. Any other: ends the parcel there as misdiverted.",
    "Look what lies in the chute.",
  ]),
  CHUTE_EYE_SILENT: alarm("medium", "{source}: {detail} was sent there and not seen", [
    "Neither the chute's eye nor the next eye on the belt saw the parcel.",
    "Ends it as diverted unseen; its piece stays spent.",
    "Clean and align the chute's eye; look into the chute for a jam.",
  ]),
  EYE_UNEXPECTED_ITEM: alarm("medium", "{source}: saw something that nobody had announced", [
    "A parcel was put on the belt by hand, or one is not where it should be.",
    "Treats that stretch of belt as unknown: nobody is diverted out of it.",
    "Do not put parcels on the belt behind the induction eye.",
  ]),
  EYE_MISSED_ITEM: alarm("medium", "{source}: did not see {detail}", [
    "A parcel was taken off the belt, slipped, or the eye is blind.",
    "The parcel is in doubt and rides to the safe end.",
    "Check the eye; if parcels are taken off by hand, do so at standstill.",
  ]),
  SCANNER_DOWN: alarm("high", "{source}: {detail}", [
    "The port is gone, or nothing came for longer than silenceMs.",
    "Parcels without a read ride to the safe end.",
    "Check the scanner's power and cable.",
  ]),
  SCANNER_STRAY_TELEGRAM: alarm("low", "{source}: a telegram fitted no parcel", [
    "A label was read outside the read window, or the induction eye missed a parcel.",
    "Journals and drops the telegram.",
    "Check fromMm and toMm of the station, and the induction eye.",
  ]),
  DEVICE_DOWN: alarm("high", "{source}: not connected", [
    "The PLC or remote I/O does not answer.",
    "Its gates are not armed; what comes in meanwhile is unknown.",
    "Check the device and its cable.",
  ]),
  ENCODER_LOST: alarm("high", "{source}: the belt's counter {detail}", [
    "The counter jumped or ran backwards: no position on this belt is known.",
    "Everything on the belt rides to the safe end; new parcels are sorted once it has cleared.",
    "Check the encoder's coupling and its counter.",
  ]),
  STORAGE_NOT_OK: alarm("high", "{source}: the disk is {detail}", [
    "The disk answers slower than its share, or is below its floor of free space.",
    "What is not written in time takes the safe path; a full disk sends everything there.",
    "Free disk space, or find what keeps the disk busy.",
  ]),
} as const satisfies Record<string, Fault>;
