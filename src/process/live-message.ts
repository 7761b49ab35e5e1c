// What controller and gateway say to each other over the live socket: one JSON object a line, a greeting first.
import type { LineSnapshot } from "../line/step.ts";
import type { MetricsSnapshot } from "./metrics.ts";

/** Grows when a message changes its meaning; new kinds and new fields do not need it, unknown ones are skipped. */
export const LIVE_VERSION = 1;
/** Longest line that is accepted, bytes; a peer that sends a longer one is dropped. */
export const LINE_BYTES_MAX = 1 << 20;
/** Waybills in one hint: bounds what one message can cost the controller's turn. */
export const HINT_WAYBILLS_MAX = 200;

/** First line of each side. */
export interface Greeting {
  coline: "live";
  version: number;
  role: "controller" | "gateway";
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

export type ControllerMessage = { kind: "state"; state: LiveState } | { kind: "head"; head: JournalHead };

export type GatewayMessage =
  /** Something was committed for these; a hint only, the look-up decides. */
  | {
      kind: "releaseHint";
      waybills: readonly { company: string; waybill: string }[];
    }
  /** Starts the since-reset figures afresh. */
  | { kind: "resetMetrics" };

/** Either side may be one version older or newer than the other. */
export const versionFits = (theirs: number): boolean => Math.abs(theirs - LIVE_VERSION) <= 1;

export const greeting = (role: Greeting["role"]): string =>
  `${JSON.stringify({ coline: "live", version: LIVE_VERSION, role } satisfies Greeting)}\n`;

/** @returns null when the line is no greeting */
export function readGreeting(line: string): Greeting | null {
  const value = parseObject(line);
  if (value === null || value["coline"] !== "live" || typeof value["version"] !== "number") return null;
  if (value["role"] !== "controller" && value["role"] !== "gateway") return null;
  return { coline: "live", version: value["version"], role: value["role"] };
}

/** @returns null for what is no message or of a kind this version does not know */
export function readGatewayMessage(line: string): GatewayMessage | null {
  const value = parseObject(line);
  if (value?.["kind"] === "resetMetrics") return { kind: "resetMetrics" };
  if (value?.["kind"] !== "releaseHint") return null;
  const waybills = value["waybills"];
  if (!Array.isArray(waybills) || waybills.length > HINT_WAYBILLS_MAX || !waybills.every(isWaybill)) return null;
  return { kind: "releaseHint", waybills };
}

/** @returns null for what is no message or of a kind this version does not know */
export function readControllerMessage(line: string): ControllerMessage | null {
  const value = parseObject(line);
  if (value?.["kind"] === "state" && isObject(value["state"])) {
    return { kind: "state", state: value["state"] as unknown as LiveState };
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
