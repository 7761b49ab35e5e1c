// Errors of a site's files against each other: names, addresses, places on the belt, who serves whom, who may come in.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const refused = refusals("`coline check` ends with 1; the site is not started.");

export const configSiteErrors = {
  CONFIG_DUPLICATE_ID: refused("a name is given twice", {
    means: "Two things of one kind have the same id.",
    personShould: "Rename one, and what refers to it.",
  }),
  CONFIG_UNKNOWN_REFERENCE: refused("a name that nothing has", {
    means: "A device, chute, scanner or encoder is named that the site does not list.",
    personShould: "Take the name that the message proposes, or list the thing.",
  }),
  CONFIG_ADDRESS_TWICE: refused("an address is used twice", {
    means: "Two signals share a register, coil, input or position code: one of them would move or tell the other's.",
    personShould: "Compare with the device's wiring plan; each signal has an address of its own.",
  }),
  CONFIG_INPUT_NOT_PACKED: refused("an input that the device does not have", {
    means: "An input lies beyond the words that the device packs its inputs into, or in none of its `inputs`.",
    personShould: "Correct the number, or add to `packedInputs` or `inputs`.",
  }),
  CONFIG_COILS_APART: refused("a gate's coils that do not follow each other", {
    means: "All coils of the gate are switched in one request, which would write the coils between as well.",
    personShould: "Wire them in a row, or let the device take a position code in a register.",
  }),
  CONFIG_WRITES_TOO_MANY: refused("a drive that needs more than the device takes", {
    means: "The drive writes several outputs or registers in one request, and the device takes single writes only.",
    personShould: "`writes: any` if the device can; else a drive of one coil or one register.",
  }),
  CONFIG_LINE_DISAGREES: refused("two devices on one line that speak differently", {
    means: "Devices that share a serial line need the same speed, parity and stop bits.",
    personShould: "Set them alike, in the devices and here.",
  }),
  CONFIG_WATCHDOG_UNFIT: refused("a watchdog that the device cannot keep", {
    means: "The time is none that the device can count, or nothing says how it is fed.",
    personShould: "Take the value that the message proposes.",
  }),
  CONFIG_NODE_MISSING: refused("a number that stands for no node", {
    means:
      "An output, count, mailbox or kept edges of an OPC UA device are used, and the device's tables name no node for it.",
    personShould: "Add it to `numbers`, `outputs`, `mailboxes` or `latches` of the device, or correct the number.",
  }),
  CONFIG_NODE_UNFIT: refused("a node that cannot be what it is used for", {
    means: "The node's type has another width than what is read from it, or OPC UA has no such drive.",
    personShould: "Take what the message proposes.",
  }),
  CONFIG_REPORTED_TOO_LATE: refused("a subscription for what must be polled", {
    means:
      "A server reports changes when it likes: an eye, a gate's switch or a drive's contact would be seen late, or never.",
    personShould: "`readBy: poll` for it.",
  }),
  CONFIG_TEST_CODE_TAKEN: refused("a pattern that takes test codes for waybills", {
    means: "COLINE-TEST-00 to COLINE-TEST-99 are the codes of test parcels, which no parcel of customs' may bear.",
    personShould: "Make the pattern narrower: the length, the letters it begins with, a check digit.",
  }),
  CONFIG_PLANT_NOT_SIMULATED: refused("a simulated plant on the network", {
    means: "`plant: simulated` lets parcels go that nobody has proved the way of; a simulation runs on this machine.",
    personShould: "Take `plant: simulated` out, and commission the line.",
  }),
  CONFIG_OFF_BELT: refused("a place beyond the belt's end", {
    means: "An eye, station or gate, its swept length included, reaches past `lengthMm`.",
    personShould: "Measure again: places count from the start of the belt.",
  }),
  CONFIG_OUT_OF_ORDER: refused("not in the order of travel", {
    means: "Eyes, stations or gates are not listed from upstream to downstream, or a gate lies past the end eye.",
    personShould: "List them in the order in which a parcel meets them.",
  }),
  CONFIG_EYE_ROLE: refused("an eye in a role that its place does not allow", {
    means: "The induction eye must come first and the end eye last, one of each on a belt.",
    personShould: "Correct the roles, or the order.",
  }),
  CONFIG_GATE_BEFORE_STATION: refused("a gate where a station may still read", {
    means: "A parcel could be at the gate before its code is there.",
    personShould: "Move the gate downstream, or end the read window earlier.",
  }),
  CONFIG_GATES_OVERLAP: refused("two gates sweep the same place", {
    means: "A gate lies inside the zone that the one before it sweeps.",
    personShould: "Measure `sweptMm` and `atMm` again.",
  }),
  CONFIG_CHUTE_SERVED_TWICE: refused("a chute is served twice", {
    means: "Two gates, or a gate and a safe end, lead to one chute: its eye could not tell whose parcel it sees.",
    personShould: "Give each its own chute.",
  }),
  CONFIG_CHUTE_UNSERVED: refused("a chute that nothing leads to", {
    means: "The chute is listed, but no gate and no safe end has it.",
    personShould: "Add it to a gate, or take it out of chutes.yaml.",
  }),
  CONFIG_SCANNER_USED_TWICE: refused("a scanner in two stations", {
    means: "One telegram would be offered to parcels at two places.",
    personShould: "List the scanner in one station.",
  }),
  CONFIG_SCANNER_UNUSED: refused("a scanner that no station reads", {
    means: "The scanner is listed, but its telegrams would go nowhere.",
    personShould: "Add it to a station, or take it out.",
  }),
  CONFIG_COIL_OF_TWO_CHUTES: refused("one coil for two chutes", {
    means: "A coil knows only home and out; two chutes need a drive that knows positions.",
    personShould: "One chute for this gate, or a drive of kind mailbox.",
  }),
  CONFIG_MAILBOX_WITHOUT_ENCODER: refused("a mailbox that cannot see the belt", {
    means: "The PLC is to judge belt windows, but the belt's encoder is missing or counted by another device.",
    personShould: "Wire the encoder to the PLC of the gate, or use a drive of kind coil.",
  }),
  CONFIG_LATCH_COUNT: refused("kept edges that would not do", {
    means:
      "The device is to keep an eye's edges with the belt's count, which it does not have; or fewer edges than may come " +
      "between polls; or a debounce would come too late.",
    personShould:
      "Wire encoder and eye to one device and debounce there, keep as many as is said, or leave `latch` out.",
  }),
  CONFIG_POSITION_MISSING: refused("a chute without a position code", {
    means: "The gate has this chute, but the PLC's code for it is not given.",
    personShould: "Add the code from the PLC's program to `positions`.",
  }),
  CONFIG_TRACKER_INCOMPLETE: refused("a belt that its PLC tracks is not complete", {
    means:
      "`tracking: plc` goes with an encoder, gates of kind destination and the registers in `tracker`, all of one device that " +
      "tracks this belt alone.",
    personShould: "Complete it as the message says, or let Coline track the belt.",
  }),
  CONFIG_TRACKER_EYES: refused("an eye that its PLC looks at is to do what only Coline could", {
    means:
      "On a belt with `tracking: plc` the PLC looks at the eyes and reports parcels; kept edges, a debounce and eyes that compare " +
      "widths are Coline's own look.",
    personShould: "Let the PLC's program do it, and leave the key out, or let Coline track the belt.",
  }),
  CONFIG_EXPOSED_WITHOUT_TOKENS: refused("an API open to the network", {
    means: "The API listens on an address that other machines reach, and gateway.yaml lists no tokens.",
    personShould: "Make a token with `coline token`, or listen on 127.0.0.1.",
  }),
  CONFIG_TOKENS_MISSING: refused("an API open to the network", {
    means: "The gateway's own last check before it listens: the address is reached by others, and nobody is listed.",
    controllerDoes: "The gateway does not start; the controller is not touched.",
    personShould: "Make a token with `coline token`, or listen on 127.0.0.1.",
  }),
  CONFIG_RETENTION_TOO_SHORT: refused("the journal is not kept for long enough", {
    means:
      "`retainDays` is below 1096 and there is no `archiveFolder`: evidence would be lost. Or it is below 185: a release store that " +
      "is built anew would not know of pieces that have left.",
    personShould: "Raise it; between 185 and 1096 name an archive.",
  }),
  CONFIG_BELT_MOTION_UNKNOWN: refused("nothing says whether a belt moves", {
    means:
      "It has no encoder, and the contact of its drive is not read: a position reckoned from time would go on when it stops.",
    personShould: "Add the encoder, or the `feedback` of its run permit.",
  }),
} as const satisfies Record<string, Fault>;
