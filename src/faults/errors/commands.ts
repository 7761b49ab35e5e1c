// Why a person's command was not carried out; each refusal is an answer and an entry of the journal.
import type { Fault } from "../fault.ts";
import { refusals } from "./refusal.ts";

const refused = refusals(
  "Changes nothing, answers with this code and journals the refusal with the name and the role.",
);

export const commandErrors = {
  COMMAND_ROLE: refused("the role may not give this command", {
    means: "The token's scopes are not those that the command takes.",
    personShould: "Ask whoever has the role; `coline command --help` lists the roles.",
  }),
  COMMAND_LATE: refused("the command came after its deadline", {
    means: "Gateway or controller were busy or away for longer than the command was good for.",
    personShould: "Look at the line, then give it again with a new id.",
  }),
  COMMAND_ID_REUSED: refused("the id belongs to another command", {
    means: "Another command, or another person, has used this id; each id is acted on once.",
    personShould: "Give it again with an id of its own.",
  }),
  COMMAND_TARGET_UNKNOWN: refused("nothing of that name", {
    means: "The site has no such belt, chute, gate or item; an item may have ended meanwhile.",
    personShould: "Compare with `GET /v1/line`.",
  }),
  COMMAND_CODE_UNREAD: refused("no parcel of this line is called so", {
    means: "No pattern of the site reads such a code as a waybill of that company: the hold would hold nobody.",
    personShould: "Compare company and number with what the scanners read (`coline journal`), check digit included.",
  }),
  COMMAND_NOT_STOPPED: refused("no command has stopped this belt", {
    means: "The run permit is on, or it is off for another reason, which a command cannot take away.",
    personShould: "See the alarm LINE_STOPPED for the reason, and mend that.",
  }),
  COMMAND_CHUTE_LOCKED: refused("the chute is locked", {
    means: "After a breach, a late hold or an officer's word its container stays where it is.",
    personShould: "Let an officer unlock the chute first.",
  }),
  COMMAND_NOT_LOCKED: refused("the chute is not locked", {
    means: "Somebody has unlocked it already, or it never was.",
    personShould: "Nothing.",
  }),
  COMMAND_CONTAINER_FIRST: refused("the container is not known to be empty", {
    means: "Parcels of another stream may lie in it (law 4).",
    personShould: "Change the container, say so with containerChanged, then change the stream.",
  }),
  COMMAND_CHUTE_AWAITS: refused("a parcel is on its way into the chute", {
    means: "A permit was fired for it, or a parcel of the run before may still arrive.",
    personShould: "Disable the chute, wait until the parcel has arrived, change the container again.",
  }),
  COMMAND_STREAM_NOT_OFFERED: refused("the chute is not meant for this stream", {
    means: "Neither the chute's zone nor its `alsoFor` names it, so that nobody has proved it.",
    personShould: "Add it to `alsoFor` in chutes.yaml and run `coline check`.",
  }),
  COMMAND_NOT_MANUAL: refused("the belt is not in manual mode", {
    means:
      "A gate is moved by hand only while the PLC says that people drive (`signals.automatic` off, nothing worse).",
    personShould: "Switch the PLC to manual; a site that does not wire that signal cannot do this.",
  }),
  COMMAND_RUN_PERMIT_ON: refused("the belt could start", {
    means: "A gate is moved by hand only while the belt's run permit is off.",
    personShould: "Give stopLine for the belt first; afterwards resumeReady, and start it at the line.",
  }),
  COMMAND_BELT_NOT_EMPTY: refused("the belt is not known to be empty", {
    means:
      "Something was on it when manual mode began, or a parcel was never seen to leave it; or a beam was dark since, an eye " +
      "could not be read, or the belt went on.",
    personShould:
      "Let it run empty in automatic for longer than its length, stop it, and switch to manual then. After a lost parcel: " +
      "find it, restart the controller, and do the same.",
  }),
  COMMAND_GATE_NOT_READY: refused("the gate cannot be moved", {
    means: "It is in doubt or not home, or its device is not armed.",
    personShould: "See its alarm (GATE_IN_DOUBT, GATE_NOT_HOME, DEVICE_DOWN) and mend that.",
  }),
  COMMAND_JOG_RUNS: refused("another gate is being moved", {
    means: "One gate at a time is moved by hand.",
    personShould: "Wait for a second or two and give it again.",
  }),
  COMMAND_PLANT_SIMULATED: refused("nothing has to be proved here", {
    means: "The site says `plant: simulated`: the line lets go without test parcels, and takes none.",
    personShould: "On a plant, take that line out of line.yaml, check it and restart the controller.",
  }),
  COMMAND_CHUTE_PROVED: refused("the chute is proved", {
    means: "A test parcel has come there; on a line that is proved no way out stands open for another.",
    personShould: "To prove it once more: voidCommissioning, and begin anew with all chutes.",
  }),
  COMMAND_GUARD_STANDS: refused("somebody stands at a chute already", {
    means: "One test parcel at a time: the one for the chute that is named has not come to its end.",
    personShould: "Wait for it, or give leaveChute for that chute.",
  }),
  COMMAND_NO_GUARD: refused("nobody stands there", {
    means: "The test parcel has come to its end, or the time was over.",
    personShould: "Nothing.",
  }),
  COMMAND_NOTHING_TO_CONFIRM: refused("no test parcel waits for a person's word there", {
    means: "None was sent there last, it was long ago, it did not get there, or the chute's own eye tells.",
    personShould: "Send one with `coline commission`; where the eye was silent, mend the eye.",
  }),
  COMMAND_NOT_THE_GUARD: refused("somebody else stood there", {
    means: "What has arrived says who guarded the chute, by the name of the same token.",
    personShould: "Let that person confirm it.",
  }),
  COMMAND_ALARM_UNKNOWN: refused("no such alarm stands", {
    means: "It has been acknowledged and has returned to normal, or the key is mistyped.",
    personShould: "Take the key from `GET /v1/line`.",
  }),
  COMMAND_ALARM_OF_LAW: refused("this alarm is never put aside", {
    means: "It says that a parcel may have left, or that nobody knows whether one may.",
    personShould: "Do what the alarm says; an acknowledgement quiets it.",
  }),
  COMMAND_SHELVED_TOO_LONG: refused("no alarm is put aside for that long", {
    means: "Each alarm has a longest time in the table, a shift at most.",
    personShould: "Give fewer minutes; it can be put aside again.",
  }),
  COMMAND_SHELF_FULL: refused("too many alarms are put aside", {
    means: "So many that are not shown at once are no nuisance any more, but a line that needs mending.",
    personShould: "Mend what causes them, or show some of them again.",
  }),
  COMMAND_NOT_SHELVED: refused("this alarm is not put aside", {
    means: "Its time was over, somebody has shown it again, or the controller has restarted.",
    personShould: "Nothing.",
  }),
  COMMAND_ITEM_SENT: refused("the parcel has been sent into a chute", {
    means: "Its command is out: it may lie in the chute already.",
    personShould: "Look into the chute.",
  }),
  COMMAND_BELT_MOVES: refused("the belt moves", {
    means: "Taking a parcel off or testing a gate is for the standing belt.",
    personShould: "Stop the belt, then give the command again.",
  }),
  COMMAND_GATE_NOT_IN_DOUBT: refused("the gate is not in doubt", {
    means: "No command of it is in doubt and no call home is unconfirmed.",
    personShould: "Nothing.",
  }),
  COMMAND_BREACH_OPEN: refused("the chute's breach is not acknowledged", {
    means: "A chute with an open breach stays locked.",
    personShould: "Acknowledge the breach first (acknowledgeBreach).",
  }),
  COMMAND_NO_BREACH: refused("no breach is open at this chute", {
    means: "Another officer has acknowledged it already, or there was none.",
    personShould: "Nothing.",
  }),
} as const satisfies Record<string, Fault>;
