// What people may command the line: each command's form, who may give it, and what it does in words.
import { DIRECTIONS, type Direction, STREAMS, type Stream } from "./layout.ts";
import { isTestCode } from "./test-code.ts";

/** Scopes of the API's tokens; a command names those whose word it takes. */
export const ROLES = ["feed", "read", "operator", "officer", "auditor"] as const;
export type Role = (typeof ROLES)[number];

export type LineCommand =
  /** null: every belt. */
  | { command: "stopLine" | "resumeReady"; beltId: string | null }
  | { command: "enableChute" | "disableChute" | "containerChanged" | "lockChute" | "unlockChute"; chuteId: string }
  | { command: "changeChuteStream"; chuteId: string; stream: Stream; direction: Direction }
  /** `${code}:${source}` as the picture shows it. */
  | { command: "acknowledgeAlarm" | "unshelveAlarm"; key: string }
  | { command: "shelveAlarm"; key: string; minutes: number }
  | { command: "clearItem"; itemId: number }
  | { command: "gateTested"; gateId: string }
  | { command: "jogGate"; gateId: string; chuteId: string }
  | { command: "acknowledgeBreach"; chuteId: string }
  /** A person stands there for so long at most, for one test parcel of this code. */
  | { command: "guardChute"; chuteId: string; code: string; seconds: number }
  | { command: "leaveChute" | "confirmArrival"; chuteId: string }
  | { command: "voidCommissioning" }
  /** `officer`: whose hold it is; null: of whoever commands. */
  | {
      command: "holdCode" | "liftCode";
      company: string;
      waybill: string;
      reference: string;
      officer: string | null;
    };

export type CommandName = LineCommand["command"];

export interface CommandRequest {
  /** Given by whoever commands: the same id is acted on once. */
  id: string;
  what: LineCommand;
  /** Name of the token, and what its scopes are. */
  who: string;
  roles: readonly Role[];
  /** Past this instant of the run, ns, it is refused. */
  untilNs: number;
  /** Wall time at which it was given, ms since 1970: the time of a hold. */
  eventAtMs: number;
}

export interface CommandAnswer {
  id: string;
  accepted: boolean;
  /** Why not, a code of the fault table; null: accepted. */
  code: string | null;
  detail: string;
  /** Number of the journal's entry that holds it. */
  entry: number;
  /** The id was known: nothing was done this time, and this is the answer of the first time. */
  isRepeated: boolean;
  /** Of the first time. */
  eventAtMs: number;
}

interface CommandRow {
  roles: readonly Role[];
  does: string;
}

const people: readonly Role[] = ["operator", "officer"];

export const COMMANDS: Readonly<Record<CommandName, CommandRow>> = {
  stopLine: { roles: people, does: "drop the run permit of a belt, or of all; a person starts the belt at the line" },
  resumeReady: {
    roles: people,
    does: "offer the run permit again; the start itself stays with the person at the line",
  },
  enableChute: { roles: people, does: "let parcels into a chute again" },
  disableChute: { roles: people, does: "send nothing into a chute any more" },
  containerChanged: { roles: people, does: "an empty container stands at a chute" },
  changeChuteStream: {
    roles: people,
    does: "a chute with an empty container takes another of its streams from now on",
  },
  acknowledgeAlarm: { roles: people, does: "an alarm has been seen; some only an officer may acknowledge" },
  shelveAlarm: { roles: people, does: "put an alarm aside for some minutes; those of the law cannot be" },
  unshelveAlarm: { roles: people, does: "show an alarm again that was put aside" },
  clearItem: { roles: people, does: "a parcel was taken off the standing belt by hand" },
  gateTested: { roles: people, does: "a gate in doubt was tested at standstill" },
  jogGate: { roles: people, does: "move a gate out to a chute and home, in manual mode, its belt still and empty" },
  guardChute: { roles: people, does: "stand at a chute that is not proved yet, for one test parcel" },
  leaveChute: { roles: people, does: "stand there no more: no test parcel is let in" },
  confirmArrival: { roles: people, does: "say that the test parcel has come to a chute that has no eye" },
  voidCommissioning: {
    roles: people,
    does: "nothing is proved any more: customs' parcels stay in until all chutes are",
  },
  holdCode: { roles: ["officer"], does: "hold a waybill: no release lets it go while the hold stands" },
  liftCode: { roles: ["officer"], does: "lift an officer's hold" },
  lockChute: { roles: ["officer"], does: "lock a chute: nothing goes in, the container stays" },
  unlockChute: { roles: ["officer"], does: "unlock a chute" },
  acknowledgeBreach: {
    roles: ["officer"],
    does: "end a breach; the belt stays down until somebody is ready to resume",
  },
};

/** The role by which the command counts; null: none of them may give it. */
export const roleFor = (command: CommandName, roles: readonly Role[]): Role | null =>
  COMMANDS[command].roles.find((role) => roles.includes(role)) ?? null;

const NAME = /^[!-~]{1,64}$/;
const isName = (value: unknown): value is string => typeof value === "string" && NAME.test(value);
const isCommandName = (value: unknown): value is CommandName =>
  typeof value === "string" && Object.hasOwn(COMMANDS, value);

/** An id as a person or a program gives it: 1 to 64 visible ASCII characters. */
export const isCommandId = isName;

/** @returns the command, or what is wrong with it in words */
export function readCommand(said: Readonly<Record<string, unknown>>): LineCommand | string {
  const { command } = said;
  if (!isCommandName(command)) return `"command" must be one of ${Object.keys(COMMANDS).join(", ")}`;
  const fields = FIELDS[command];
  const foreign = Object.keys(said).find((key) => key !== "command" && !Object.hasOwn(fields, key));
  if (foreign !== undefined) return `"${foreign}" is nothing that ${command} takes`;
  const read: Record<string, unknown> = { command };
  for (const [key, field] of Object.entries(fields)) {
    const value = said[key] === undefined && field.orElse !== undefined ? field.orElse : said[key];
    const isLeftOut = field.orElse !== undefined && value === field.orElse;
    if (!isLeftOut && !field.fits(value)) return `"${key}" of ${command} must be ${field.wanted}`;
    read[key] = value;
  }
  return read as unknown as LineCommand;
}

interface Field {
  wanted: string;
  fits(value: unknown): boolean;
  /** Taken where the key is left out. */
  orElse?: string | null;
}

const name = (wanted: string): Field => ({ wanted, fits: isName });
const oneOf = (values: readonly string[]): Field => ({
  wanted: values.join(" or "),
  fits: (value) => values.includes(value as string),
});
const chute = { chuteId: name("the name of a chute") };
const belt = { beltId: { ...name("the name of a belt"), orElse: null } };
const alarm = {
  key: { wanted: "CODE:source", fits: (v: unknown) => typeof v === "string" && v !== "" && v.length <= 128 },
};
const hold = {
  company: {
    wanted: "a company's short name",
    fits: (v: unknown) => typeof v === "string" && /^[\w.-]{1,32}$/.test(v),
  },
  waybill: {
    wanted: "1 to 64 upper-case letters, digits, dots, hyphens or underscores",
    fits: (value: unknown) => typeof value === "string" && /^[0-9A-Z._-]{1,64}$/.test(value),
  },
  reference: { ...name("1 to 64 visible characters"), orElse: "line" },
  officer: { ...name("the name of an officer's token"), orElse: null },
};

const FIELDS: Readonly<Record<CommandName, Readonly<Record<string, Field>>>> = {
  stopLine: belt,
  resumeReady: belt,
  enableChute: chute,
  disableChute: chute,
  containerChanged: chute,
  changeChuteStream: { ...chute, stream: oneOf(STREAMS), direction: oneOf(DIRECTIONS) },
  acknowledgeAlarm: alarm,
  shelveAlarm: {
    ...alarm,
    minutes: {
      wanted: "whole minutes, 1 to 480",
      fits: (v) => Number.isSafeInteger(v) && Number(v) >= 1 && Number(v) <= 480,
    },
  },
  unshelveAlarm: alarm,
  clearItem: { itemId: { wanted: "the number of an item", fits: (value) => Number.isSafeInteger(value) } },
  gateTested: { gateId: name("the name of a gate") },
  jogGate: { gateId: name("the name of a gate"), ...chute },
  holdCode: hold,
  liftCode: hold,
  lockChute: chute,
  unlockChute: chute,
  acknowledgeBreach: chute,
  guardChute: {
    ...chute,
    code: {
      wanted: "a code from COLINE-TEST-00 to COLINE-TEST-99",
      fits: (v) => typeof v === "string" && isTestCode(v),
    },
    seconds: {
      wanted: "whole seconds, 10 to 600",
      fits: (v) => Number.isSafeInteger(v) && Number(v) >= 10 && Number(v) <= 600,
    },
  },
  leaveChute: chute,
  confirmArrival: chute,
  voidCommissioning: {},
};

/** What a command is about, in one word for lists and journals. */
export function targetOf(what: LineCommand): string {
  if (what.command === "jogGate") return `${what.gateId} to ${what.chuteId}`;
  if ("chuteId" in what) return what.chuteId;
  if (what.command === "voidCommissioning") return "the line";
  if ("gateId" in what) return what.gateId;
  if ("itemId" in what) return `item ${what.itemId}`;
  if ("key" in what) return what.key;
  if ("waybill" in what) return `${what.company}/${what.waybill}`;
  return what.beltId ?? "all belts";
}
