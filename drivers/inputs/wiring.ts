// What is wired to one device, as the controller hands it over: encoders, eyes, signals, gates, line permits.
import type { GateDrive } from "../gates/schema.ts";

/** Addresses in one table, in a row. */
export interface Span {
  address: number;
  count: number;
}

export type RegisterTable = "inputRegisters" | "holdingRegisters";

export interface EncoderWiring {
  id: string;
  /** First register of the count; two registers, or one for 16 bits. */
  register: number;
  bits: 16 | 32;
  /** Left out: input registers. */
  from?: RegisterTable;
}

/** Edges that the device itself keeps, with their belt counts. */
export interface EdgeLatch {
  /** How many there were, in 16 bits, then `depth` counts of the encoder's width. */
  register: number;
  from: RegisterTable;
  /** A power of two, so that the place of an edge's count goes on over the turn of their number. */
  depth: number;
}

export interface EyeWiring {
  id: string;
  /** Discrete input that is on while the beam is dark. */
  input: number;
  /** Encoder of the eye's belt on this same device; null: its edges carry times only. */
  encoderId: string | null;
  /** Left out: its level is polled. */
  latch?: EdgeLatch;
  /** It looks at a chute's mouth: that it is light is told with the first sample, too. Left out: it does not. */
  isMouth?: true;
}

export interface TrackerWiring {
  beltId: string;
  /** First of the holding registers of the destination telegram. */
  register: number;
  /** First of the input registers with session, bits and verdicts. */
  status: number;
  /** First of the input registers with the reports, and how many of them the PLC keeps. */
  reports: number;
  slots: number;
  /** For each chute of the belt's gates, the code of the destination. */
  codes: Readonly<Record<string, number>>;
  safeEndChuteId: string;
}

/** An output that lets something run: on or off. */
export type PermitOutput = { coil: number } | { register: number; on: number; off: number };

export interface PlcWiring {
  encoders: readonly EncoderWiring[];
  eyes: readonly EyeWiring[];
  /** Discrete inputs that are told as they are. `whenUnknown`: what one counts as whose device does not know it; off. */
  signals: readonly { id: string; input: number; whenUnknown?: boolean }[];
  /** Input that is on while the device knows what its eyes, counters and drives see. Left out: it always does. */
  validInput?: number;
  /** Contacts of drives whose belts have no encoder: told with every sample, since the belt's position lives by them. */
  drives: readonly { beltId: string; input: number }[];
  gates: readonly { id: string; drive: GateDrive }[];
  /** The device tracks the parcels of a belt itself; left out: it does not. */
  tracker?: TrackerWiring;
  /** Outputs of run and infeed permits. */
  linePermits: readonly ({ id: string } & PermitOutput)[];
}
