// Plant conditions with a life cycle (ISA-18.2): cause, consequence and remedy, and how each comes, stays and goes.
import { event, NOT_AGAIN_MS, officerLatches, ofTheLaw, state } from "./alarm-row.ts";
import { chuteAlarms } from "./chute-alarms.ts";
import type { AlarmFault } from "./fault.ts";

// Priorities are given by what happens when nobody acts: what stops by itself is low, however loud the trouble.
export const alarms = {
  LAW_BREACH: state(
    "critical",
    "{source}: a parcel left without a valid last look: {detail}",
    {
      means: "A parcel was seen in an outbound chute that no permit had let go there.",
      controllerDoes: "Locks the chute, drops the run permit and keeps it down, over restarts too.",
      consequence: "An unreleased parcel leaves the site with the container.",
      personShould:
        "Keep the container, find the parcel, call the customs officer; only an officer's acknowledgement ends it.",
    },
    officerLatches,
  ),
  LATE_HOLD: event(
    "high",
    "{source}: customs held {detail} after it had left",
    {
      means: "A hold or a revocation came after the parcel's last look.",
      controllerDoes: "Locks the chute; the line runs on.",
      consequence: "A held parcel leaves the site with the container.",
      personShould: "Retrieve the parcel from the chute's container and hand it to inspection.",
    },
    officerLatches,
  ),
  READ_AFTER_NO_RETURN: event(
    "medium",
    "{source}: a second code was read on {detail} after the point of no return",
    {
      means: "A later telegram contradicts the code on which the parcel was let go.",
      controllerDoes: "Locks the chute; the line runs on.",
      consequence: "A parcel may leave on the release of another.",
      personShould: "Retrieve the parcel and read its label by hand.",
    },
    officerLatches,
  ),
  LINE_NOT_COMMISSIONED: state("low", "{source}: {detail} are not proved by a test parcel", {
    means: "The configuration is new, or a person has said that nothing is proved any more.",
    controllerDoes: "Lets no parcel of customs' leave; everything else is sorted.",
    consequence: "What is released rides to the safe end.",
    personShould: "`coline commission SITE` leads through the chutes that are left.",
  }),
  LINE_STOPPED: state(
    "medium",
    "{source}: run permit withdrawn ({detail})",
    {
      means: "A condition stands under which the belt must not run.",
      controllerDoes: "Keeps the run permit down until the named cause is gone.",
      consequence: "The belt stands.",
      personShould: "Mend the cause named here, then start the belt at the line; Coline never starts it.",
    },
    ofTheLaw,
  ),
  STORAGE_NOT_OK: state(
    "medium",
    "{source}: the disk is {detail}",
    {
      means: "The disk answers slower than its share, or is below its floor of free space.",
      controllerDoes: "What is not written in time takes the safe path; a full disk sends everything there.",
      consequence: "The safe end fills; a disk that fills up ends the controller.",
      personShould: "Free disk space, or find what keeps the disk busy.",
    },
    { onDelayMs: 200, offDelayMs: 5000, ...ofTheLaw },
  ),
  LINE_INFEED_STOPPED: state(
    "low",
    "{source}: infeed permit withdrawn ({detail})",
    {
      means: "The safe end could not take what would still come, or nothing can be written.",
      controllerDoes: "Holds the infeed; gives it back by itself.",
      consequence: "Nothing comes onto the belt.",
      personShould: "Empty the safe end, or free disk space.",
    },
    { onDelayMs: 1000 },
  ),
  LINE_ITEM_CAP: event(
    "low",
    "{source}: more items than the line core follows",
    {
      means: "An eye flickers, or the belt carries far more than it can.",
      controllerDoes: "Treats the newest stretch of belt as unknown.",
      consequence: "Parcels of that stretch ride to the safe end.",
      personShould: "Check the induction eye.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  GATE_IN_DOUBT: state(
    "low",
    "{source}: {detail} got no answer",
    {
      means: "A write timed out: the gate may or may not carry it out, now or later.",
      controllerDoes:
        "Voids it, sends no permit to this gate; stops the belt where the device does not judge late commands.",
      consequence: "The gate's parcels ride to the safe end.",
      personShould: "Check the PLC and its cable; a test at standstill ends the doubt.",
    },
    ofTheLaw,
  ),
  GATE_NOT_HOME: state(
    "low",
    "{source}: not home when it should be",
    {
      means: "The home switch is silent after travel time and slack, or the gate is out without a permit.",
      controllerDoes: "Withdraws it again; stops the belt before the next item can reach it.",
      consequence: "The belt stops as soon as something comes near the gate.",
      personShould: "Check air, home switch and wiring, then test the gate at standstill.",
    },
    ofTheLaw,
  ),
  GATE_BUS_SLOW: event(
    "low",
    "{source}: a command took {detail}",
    {
      means:
        "From its planned instant to the device's answer it took longer than busMs and the loop's reserve, or a destination " +
        "longer than aheadMs.",
      controllerDoes: "Plans the gate's commands as much earlier, down from what was measured as it gets better.",
      consequence: "Decisions for this gate close earlier; commands that are late all the same are dropped.",
      personShould: "Find what keeps the device or its bus busy; if it is its nature, state it there and check.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  GATE_NOT_OUT: event(
    "low",
    "{source}: still at home when {detail} came",
    {
      means: "The device carried the command out, and the gate's home switch has not opened.",
      controllerDoes: "Lets the parcel ride on to the safe end and gives its piece back there.",
      consequence: "Every parcel of this gate rides to the safe end.",
      personShould: "Check air, valve and home switch, then test the gate at standstill.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  GATE_MISSED_ITEM: event(
    "low",
    "{source}: {detail} rode past its gate",
    {
      means: "An eye behind the gate saw a parcel that should have been taken.",
      controllerDoes: "Lets it ride to the safe end and gives its piece back there.",
      consequence: "Parcels of this chute come back from the safe end.",
      personShould: "Check the gate's stroke and timing (travelMs) and the belt's speed.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  PLC_FORGOT_PARCELS: event(
    "low",
    "{source}: the PLC knows its parcels no more: {detail}",
    {
      means: "The PLC that tracks has restarted, or has written over reports before they were read.",
      controllerDoes: "Recalls every destination; what is on the belt is unknown and rides to the safe end.",
      consequence: "The parcels of one belt length come back from the safe end.",
      personShould: "See why the PLC restarted; reports missed: more slots, or a better network.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  PLC_REPORT_MISSING: event(
    "medium",
    "{source}: the PLC has not said where {detail} went",
    {
      means: "A parcel has passed the belt's end, and the PLC that tracks it has reported no end.",
      controllerDoes: "Ends it as lost; a piece that was sent out for it stays spent.",
      consequence: "Nobody knows where the parcel is.",
      personShould: "Look for it in the chute that its last decision names, then on and under the belt.",
    },
    { offDelayMs: NOT_AGAIN_MS, ...ofTheLaw },
  ),
  ...chuteAlarms,
  EYE_UNEXPECTED_ITEM: event(
    "low",
    "{source}: saw something that nobody had announced",
    {
      means: "A parcel was put on the belt by hand, or one is not where it should be.",
      controllerDoes: "Treats that stretch of belt as unknown: nobody is diverted out of it.",
      consequence: "What rides in that stretch rides to the safe end.",
      personShould: "Do not put parcels on the belt behind the induction eye.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  EYE_MISSED_ITEM: event(
    "low",
    "{source}: did not see {detail}",
    {
      means: "A parcel was taken off the belt, slipped, or the eye is blind.",
      controllerDoes: "The parcel is in doubt and rides to the safe end.",
      consequence: "A blind eye sends every parcel to the safe end.",
      personShould: "Check the eye; if parcels are taken off by hand, do so at standstill.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  SCANNER_DOWN: state(
    "low",
    "{source}: {detail}",
    {
      means: "The port is gone, or no telegram came for longer than silenceMs (bytes that are none do not count).",
      controllerDoes: "Parcels without a read ride to the safe end.",
      consequence: "The safe end fills, then the infeed stops.",
      personShould: "Check the scanner's power and cable.",
    },
    { onDelayMs: 1000, offDelayMs: 2000 },
  ),
  SCANNER_NO_READS: state("low", "{source}: {detail}", {
    means: "Far more parcels than usual came past the station without a code that names a waybill.",
    controllerDoes: "Parcels without a read ride to the safe end.",
    consequence: "The safe end fills, then the infeed stops.",
    personShould:
      "Clean the scanner's window, check its aim, distance and light; see in the journal what it reads: a new kind of " +
      "label needs a pattern in customs.yaml.",
  }),
  BELT_SLIPS: event(
    "low",
    "{source}: {detail}",
    {
      means: "Parcels or the encoder slip more than driftPercent allows.",
      controllerDoes:
        "Gives every item on the belt as much more position error; what is too uncertain then is not diverted.",
      consequence: "Parcels are not found by their eyes and ride to the safe end.",
      personShould: "Check belt tension, encoder wheel and mmPerCount; measure driftPercent anew.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  LABEL_DUPLICATED: event(
    "low",
    "{source}: {detail} rides on more parcels than its release has pieces",
    {
      means: "The same waybill was read on more parcels at once than may still leave on it: a copied label.",
      controllerDoes:
        "Sends all of them to the safe end; gates that are out for one are withdrawn, and where that was too late the " +
        "chute is locked.",
      consequence: "The parcels lie at the safe end.",
      personShould: "Find all parcels with that waybill and compare them with the declaration.",
    },
    { isLatching: true, ...ofTheLaw },
  ),
  SCANNER_STRAY_TELEGRAM: event(
    "low",
    "{source}: a telegram fitted no parcel",
    {
      means: "A label was read outside the read window, or the induction eye missed a parcel.",
      controllerDoes:
        "Journals and drops the telegram; a label that nobody near the station bears makes that stretch of belt unknown.",
      consequence: "A parcel without a read rides to the safe end, and its neighbours with it.",
      personShould: "Check fromMm and toMm of the station, and the induction eye.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
  DEVICE_DOWN: state(
    "low",
    "{source}: not connected",
    {
      means: "The PLC or remote I/O does not answer.",
      controllerDoes: "Its gates are not armed; what comes in meanwhile is unknown.",
      consequence: "Its gates' parcels ride to the safe end; its line permits fall by their watchdog.",
      personShould: "Check the device and its cable.",
    },
    { onDelayMs: 500, offDelayMs: 2000 },
  ),
  PLANT_FAULT: state(
    "medium",
    "{source}: {detail}",
    {
      means: "The plant's own controls say that something has a fault; the text is the site's (`faultInputs`).",
      controllerDoes: "Shows it. What it means for gates and belts their own signals and switches say.",
      consequence: "None by itself.",
      personShould: "What the text says; the alarm ends with the bit.",
    },
    { maxShelveMinutes: 0 },
  ),
  PLANT_WARNING: state("low", "{source}: {detail}", {
    means: "The plant's own controls warn of something; the text is the site's (`faultInputs`).",
    controllerDoes: "Shows it.",
    consequence: "None by itself.",
    personShould: "What the text says; the alarm ends with the bit.",
  }),
  ENCODER_LOST: event(
    "low",
    "{source}: the belt's counter {detail}",
    {
      means:
        "The counter jumped, ran backwards, or stood with its PLC while the belt may have run: no position is known.",
      controllerDoes: "Everything on the belt rides to the safe end; new parcels are sorted once it has cleared.",
      consequence: "While it goes on, nothing on this belt is sorted.",
      personShould: "Check the encoder's coupling, its counter, and whether the PLC stops or starts anew.",
    },
    { offDelayMs: NOT_AGAIN_MS },
  ),
} as const satisfies Record<string, AlarmFault>;
