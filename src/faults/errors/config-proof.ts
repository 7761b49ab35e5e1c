// What the proof of a site refuses or warns of: the chute map against the law, time budgets, late commands, bus load.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const refused = refusals("`coline check` ends with 1; the site is not started.");
const warned = refusals("Says so and starts.");

export const configProofErrors = {
  CONFIG_LAW_BREACHED: refused("the chute map would break the law", {
    means: "For the parcel that the message describes, a rule leads into a chute that the law forbids it.",
    controllerDoes: "`coline check` ends with 1. At run time the interlock would refuse it all the same.",
    personShould: "Narrow the rule's `when`, or send it to another chute.",
  }),
  CONFIG_UNSAFE_END: refused("a belt whose end is not safe", {
    means:
      "A parcel that nothing acts on would leave, get among another stream's, or go round for ever: doing nothing would " +
      "not be safe (law 5).",
    personShould: "Let the belt end in inspection or abnormal parcels.",
  }),
  CONFIG_OVERFLOW_LOOSER: refused("a full chute would send its parcels to a less strict one", {
    means: "What the first chute of a rule cannot take goes to the next: outbound, buffer, storage, then inspection.",
    personShould: "Put the stricter chute last; balance only among chutes of one kind.",
  }),
  CONFIG_BUFFER_PENDING: refused("a buffer for parcels that do not wait for customs", {
    means: "A buffer holds parcels that customs has yet to decide on; others would be lost among them.",
    personShould: "Send only `disposition: pending` there.",
  }),
  CONFIG_SAFE_END_RESERVE: refused("the safe end is too small", {
    means: "More parcels may ride when the infeed stops than the safe end has room for.",
    personShould: "Make room for as many as the message says, or correct `reserveItems`.",
  }),
  CONFIG_BUDGET_REACTION: refused("the reaction is above 50 ms", {
    means: "Loop, disk and bus together take longer than the bound, in the worst case.",
    personShould: "A smaller `storage.shareMs` on a faster disk, or a device that answers faster.",
  }),
  CONFIG_BUDGET_GATE_TOO_NEAR: refused("a gate too near to its station", {
    means: "The parcel is at the gate before a command can be there.",
    personShould: "Move the gate downstream by what the message says, or the station upstream.",
  }),
  CONFIG_BUDGET_GAP: refused("a gate demands more gap than there is", {
    means: "Swept length, travel time and position error need a longer clear gap than the infeed guarantees.",
    personShould: "A nearer eye, a shorter poll, a faster gate, a slower belt or a wider gap.",
  }),
  CONFIG_BUDGET_GAP_NOT_SEEN: refused("the gap behind the parcel is not seen in time", {
    means: "When the gate moves, part of the gap that it needs has not passed the induction eye.",
    personShould: "Move the gate downstream, or the induction eye upstream.",
  }),
  CONFIG_BUDGET_WINDOW_NARROW: warned("a narrow window for the command", {
    means: "Between “the zone is free” and “too late” lies less than 10 ms: commands will be dropped as late.",
    personShould: "As for a gap that is too small; see how many are dropped in the metrics.",
  }),
  CONFIG_BUDGET_EYE_TOO_SLOW: refused("an eye is sampled too seldom, or debounced too long", {
    means: "Until a change counts the belt travels further than the shortest item or gap: something could pass unseen.",
    personShould: "A shorter `pollMs` or `debounceMs`, packed inputs, or fewer devices on the bus.",
  }),
  CONFIG_COUNTER_WRAPS: refused("a counter that turns too fast", {
    means: "Between two samples the belt may travel half a turn of the counter: forth and back would look alike.",
    personShould: "A counter of 32 bits, or fewer counts for a millimetre.",
  }),
  CONFIG_BUDGET_EYES_TOO_FAR: refused("two eyes too far apart", {
    means: "By the next eye a parcel may be off by half a pitch: two parcels could not be told apart.",
    personShould: "Put an eye in between.",
  }),
  CONFIG_GATE_ZONE_UNSEEN: refused("no eye right behind a gate", {
    means:
      "Between the last eye and the end of the swept zone a parcel may stand while the belt moves: the gate could take it for the next one.",
    controllerDoes:
      "Of an outbound gate `coline check` ends with 1 and the site is not started; of others it says so and starts, and what follows too close rides on.",
    personShould: "A track eye where the message says, one for each gate.",
  }),
  CONFIG_BUDGET_SCAN_WINDOW: refused("a read window for two parcels", {
    means: "Two parcels at the closest pitch may both fit one telegram.",
    personShould: "Shorten the window (`toMm`), or widen the gap.",
  }),
  CONFIG_LATE_COMMAND_OPEN: refused("a late command without a bound", {
    means: "A command that a frozen device carries out on waking could divert another parcel (law 6).",
    personShould: "A PLC that judges commands (mailbox), or a watchdog as short as the message says.",
  }),
  CONFIG_GATE_STAYS_OUT: refused("a gate that stays out when its PLC's program stands", {
    means:
      "Judging by sequence, window and count ends with the program: until the outputs fall by themselves, the gate takes whatever comes (law 8).",
    controllerDoes:
      "Of an outbound gate `coline check` ends with 1 and the site is not started; of others it says so and starts.",
    personShould:
      "State `outputsFallMs` as the output modules or the fieldbus really have it, and set it as short as the message says.",
  }),
  CONFIG_LAST_WORD_TOO_LATE: refused("the PLC decides later than its gate can move", {
    means:
      "Between the PLC's last word and the parcel at the gate lies less than the gate's travel and a cycle of the PLC.",
    personShould: "A larger `finalMm`, as the PLC's program really has it.",
  }),
  CONFIG_RECALL_NOT_STOPPED: refused("nothing stops the belt when the PLC ignores a recall", {
    means:
      "The run permit is on the PLC that tracks: a PLC that does not hear a recall does not hear the stop either (law 5).",
    personShould: "A run permit on another device with a watchdog.",
  }),
  CONFIG_REPORTS_TOO_FEW: warned("too few slots for the PLC's reports", {
    means:
      "In the time in which a reply may stay out, more reports can come than the PLC keeps: parcels become unknown.",
    personShould: "As many `slots` as the message says, or a shorter `timeoutMs`.",
  }),
  CONFIG_WATCHDOG_MISSING: refused("a device that moves something has no watchdog", {
    means: "Nothing on it would ever be armed.",
    personShould: "State the device's watchdog, or take a device that has one.",
  }),
  CONFIG_WATCHDOG_TOO_SHORT: refused("a watchdog shorter than its feeding", {
    means: "It would trip although everything works.",
    personShould: "A longer watchdog, or a shorter `pollMs`.",
  }),
  CONFIG_WATCHDOG_ORDER: warned("the belt would stop before the gates are home", {
    means: "The gates' watchdog is longer than that of the run permit.",
    personShould: "Set the gates' watchdog below that of the run permit.",
  }),
  CONFIG_WATCHDOG_NEEDS_REAL_TIME: warned("a watchdog that needs real-time priority", {
    means: "Without it a process was seen to stand still for 180 ms, which is longer than this watchdog.",
    personShould: "Give the controller real-time priority (guides/deploy.md), or set 180 ms and more.",
  }),
  CONFIG_TIMEOUT_TOO_SHORT: refused("a reply that cannot be there in time", {
    means: "The longest request and its reply take longer on the wire than `timeoutMs`.",
    personShould: "A longer `timeoutMs`, a faster line, or inputs and registers closer together.",
  }),
  CONFIG_BUS_OVERLOADED: refused("polls take too much of a bus", {
    means: "Commands would have to wait for polls; at 100 % and more the polls themselves do not fit.",
    controllerDoes:
      "From 100 % on `coline check` ends with 1 and the site is not started; below it says so and starts.",
    personShould: "A longer `pollMs`, packed inputs, or a second device.",
  }),
  CONFIG_SCANNER_SLOW_LINE: warned("a scanner's line is slow", {
    means: "The longest telegram takes a good part of the reaction time on the wire.",
    personShould: "Raise the baud rate on the scanner and in line.yaml.",
  }),
  CONFIG_EYE_BLURS_LENGTH: warned("an eye that does not tell a parcel from two that touch", {
    means:
      "The shortest item is lost in what polls and debounce leave open of a length on any day: the line core cannot refuse " +
      "that, and something that a hand has laid right behind a parcel could leave with it.",
    personShould: "A shorter poll or debounce of that eye and of the induction eye, or a slower belt.",
  }),
  CONFIG_EYE_HARDLY_TELLS_LENGTH: warned("an eye that only just tells a parcel from two that touch", {
    means:
      "What polls and debounce leave open of a length comes near the shortest item: where samples are a little late, the line " +
      "core sends a parcel to the safe end since something that touches it may be hidden (`LAW_ZONE_UNSEEN`).",
    personShould: "A shorter poll or debounce of that eye and of the induction eye, or a slower belt.",
  }),
  CONFIG_SCANNER_SILENT_NO_READ: warned("a scanner that says nothing when it reads nothing", {
    means:
      "A telegram that an adapter holds back until the next parcel is read could be taken for that parcel's, when that " +
      "one's is as late; with a no-read text the silence before it would show.",
    personShould: "Set a no-read text on the scanner, and the same text as noRead in line.yaml.",
  }),
  CONFIG_SCANNER_PORT_NAME: warned("a port's name that may go to another scanner", {
    means: "Names such as /dev/ttyUSB0 are given out in the order of plugging: two scanners could change places.",
    personShould: "Name the port by its path under /dev/serial/by-id, or by one that a udev rule gives it.",
  }),
} as const satisfies Record<string, Fault>;
