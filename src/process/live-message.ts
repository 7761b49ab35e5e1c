// What controller and gateway say to each other over the live socket: one JSON object a line, a greeting first.
import { type CommandAnswer, type CommandRequest, isCommandId, ROLES, readCommand } from "../line/command.ts";
import type { LineSnapshot } from "../line/step.ts";
import type { MetricsSnapshot } from "./metrics.ts";

/** Grows when a message changes its meaning; new kinds and new fields do not need it, unknown ones are skipped. */
export const LIVE_VERSION = 2;
/** Longest line that is accepted, bytes; a peer that sends a longer one is dropped. */
export const LINE_BYTES_MAX = 1 << 20;
/** Waybills in one hint: bounds what one message can cost the controller's turn. */
export const HINT_WAYBILLS_MAX = 200;

/** First line of each side; the controller's comes first. */
export interface Greeting {
  coline: "live";
  version: number;
  role: "controller" | "gateway";
  /** The controller's: to be answered with a proof. */
  nonce?: string;
  /** The gateway's: `proofOf` the journal folder's key and that nonce. */
  proof?: string;
}

/** The newest picture of the controller. */
export interface LiveState {
  /** Wall time, RFC 3339. */
  at: string;
  run: number;
  codeVersion: string;
  line: LineSnapshot;
  metrics: MetricsSnapshot;
  /** One for each device: bus, scanner. */
  devices: readonly Readonly<Record<string, string | number | boolean | null>>[];
}

/** Chain head: sequence and hash of the last durable line of the journal. */
export interface JournalHead {
  seq: number;
  hash: string;
}

/** A person's command on its way; `tag` comes back with the answer. */
export interface CommandMessage {
  kind: "command";
  tag: number;
  request: Omit<CommandRequest, "untilNs"> & {
    /** Its deadline on this machine's CLOCK_MONOTONIC, ns, decimal. */
    untilMonotonicNs: string;
  };
}

/** `durable` false: carried out, but the disk has not taken its entry within a second. */
export interface AnswerMessage {
  kind: "answer";
  tag: number;
  answer: CommandAnswer & { durable: boolean };
}

export type ControllerMessage =
  | { kind: "state"; state: LiveState }
  | { kind: "head"; head: JournalHead }
  | AnswerMessage;

export type GatewayMessage =
  /** Something was committed for these; a hint only, the look-up decides. */
  | {
      kind: "releaseHint";
      waybills: readonly { company: string; waybill: string }[];
    }
  | CommandMessage
  /** Starts the since-reset figures afresh. */
  | { kind: "resetMetrics" };

/** Either side may be one version older or newer than the other; a gateway before version 2 has no proof, and is refused for that. */
export const versionFits = (theirs: number): boolean => Math.abs(theirs - LIVE_VERSION) <= 1;

export const greeting = (role: Greeting["role"], o: Pick<Greeting, "nonce" | "proof">): string =>
  `${JSON.stringify({ coline: "live", version: LIVE_VERSION, role, ...o } satisfies Greeting)}\n`;

/** @returns null when the line is no greeting */
export function readGreeting(line: string): Greeting | null {
  const value = parseObject(line);
  if (value === null || value["coline"] !== "live" || typeof value["version"] !== "number") return null;
  const { version, role, nonce, proof } = value;
  if (role !== "controller" && role !== "gateway") return null;
  return {
    ...{ coline: "live", version, role },
    ...(typeof nonce === "string" ? { nonce } : {}),
    ...(typeof proof === "string" ? { proof } : {}),
  };
}

/** @returns null for what is no message or of a kind this version does not know */
export function readGatewayMessage(line: string): GatewayMessage | null {
  const value = parseObject(line);
  if (value?.["kind"] === "resetMetrics") return { kind: "resetMetrics" };
  if (value?.["kind"] === "command") return readCommandMessage(value);
  if (value?.["kind"] !== "releaseHint") return null;
  const waybills = value["waybills"];
  if (!Array.isArray(waybills) || waybills.length > HINT_WAYBILLS_MAX || !waybills.every(isWaybill)) return null;
  return { kind: "releaseHint", waybills };
}

/** A command that this version does not know is no message: its gateway says that nobody answered. */
function readCommandMessage(value: Record<string, unknown>): CommandMessage | null {
  const { tag, request } = value;
  if (typeof tag !== "number" || !isObject(request) || !isObject(request["what"])) return null;
  const { id, who, roles, eventAtMs, untilMonotonicNs } = request;
  const what = readCommand(request["what"]);
  if (typeof what === "string" || !isCommandId(id) || typeof who !== "string" || !Array.isArray(roles)) return null;
  if (!Number.isSafeInteger(eventAtMs) || typeof untilMonotonicNs !== "string") return null;
  if (!/^\d{1,20}$/.test(untilMonotonicNs)) return null;
  const known = ROLES.filter((role) => roles.includes(role));
  const at = eventAtMs as number;
  return { kind: "command", tag, request: { id, what, who, roles: known, eventAtMs: at, untilMonotonicNs } };
}

/** @returns null for what is no message or of a kind this version does not know */
export function readControllerMessage(line: string): ControllerMessage | null {
  const value = parseObject(line);
  if (value?.["kind"] === "state" && isObject(value["state"])) {
    return { kind: "state", state: value["state"] as unknown as LiveState };
  }
  if (value?.["kind"] === "answer" && typeof value["tag"] === "number" && isObject(value["answer"])) {
    return { kind: "answer", tag: value["tag"], answer: value["answer"] as unknown as AnswerMessage["answer"] };
  }
  const head = value?.["kind"] === "head" ? value["head"] : null;
  if (isObject(head) && typeof head["seq"] === "number" && typeof head["hash"] === "string") {
    return { kind: "head", head: { seq: head["seq"], hash: head["hash"] } };
  }
  return null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isWaybill = (value: unknown): value is { company: string; waybill: string } =>
  isObject(value) && typeof value["company"] === "string" && typeof value["waybill"] === "string";

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
