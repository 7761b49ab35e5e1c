// What a simulated PLC behind an OPC UA server is built to do; JSON in a file, handed to its process.
import type { PlcPlan } from "../terminals.ts";
import type { UaNodes } from "./nodes.ts";

export interface UaPlan extends UaNodes {
  /** Terminals, gates, watchdog; its addresses are those that the nodes stand for. */
  plc: PlcPlan;
  /** Folder of the server's certificate and of the clients' that it trusts; made where it is not there. */
  certificates: string;
  /** Without: only signed and encrypted sessions. */
  isOpen: boolean;
  users: readonly { name: string; password: string }[];
}

/** What the server says of a value in place of the truth. */
export type UaQuality = "bad" | "uncertain" | "stale" | "ahead";

/** Faults of the device and of the cable to it; all off. */
export interface UaFaults {
  /** Nothing comes back any more; everything is carried out. */
  silent: boolean;
  /** Turns silent with the next command. */
  silentFromCommand: boolean;
  /** So many commands are carried out and never answered; other requests are. */
  lostReplies: number;
  /** So many commands lie on their way to the PLC: neither carried out nor answered. */
  heldCommands: number;
  /** Everything that comes back takes this much longer, ms. */
  delayMs: number;
  /** What comes back is cut into pieces of this many bytes; 0: whole. */
  splitBytes: number;
  /** By node as the plan names it. */
  quality: Readonly<Record<string, UaQuality>>;
  /** Commands are refused or answered with this status. */
  answerCommands: string | null;
}

export const NO_FAULTS: UaFaults = {
  silent: false,
  silentFromCommand: false,
  lostReplies: 0,
  heldCommands: 0,
  delayMs: 0,
  splitBytes: 0,
  quality: {},
  answerCommands: null,
};
