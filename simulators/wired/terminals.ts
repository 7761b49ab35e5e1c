// The screw terminals of a simulated PLC: levels and counters of the physical world in, output levels out.

import type { UaNodes } from "./opcua/nodes.ts";

export interface PlcTerminals {
  /** Reads the world's side now: inputs and counters as they are at this moment, however long the PLC slept. */
  refresh(): void;
  /** Level of input terminal `index` (0..255) as of the last refresh. */
  input(index: number): boolean;
  /** Hardware counter `index` (0..15), unsigned 32 bits, as of the last refresh. */
  counter(index: number): number;
  /** Level of output terminal `index` (0..255); takes effect at `commit`. */
  output(index: number, on: boolean): void;
  /** Hands the outputs to the world and feeds the output module's own watchdog: one that stops committing loses them. */
  commit(): void;
  /** A number that is another after a refresh that found another input level; left out: every look has to read them all. */
  readonly inputsVersion?: number;
}

/** A unit on a serial line. */
export interface SerialPlace {
  /** What a driver opens; a link that is made here. */
  path: string;
  baud: number;
  /** Start, parity and stop bits included. */
  bitsPerCharacter: number;
}

/**
 * What a simulated PLC is built to do; JSON in a file, handed to the PLC's process. Terminals are indexes of
 * PlcTerminals; registers are Modbus addresses as in the site's line.yaml.
 */
export interface PlcPlan {
  deviceId: string;
  host: string;
  /** Path of the network namespace that it lives in, whose cable can be pulled; left out: the rig's own. */
  network?: string;
  /** 0: any free port; the process says which (see `plc/main.ts`). */
  port: number;
  unit: number;
  /** PLC cycle, ms: mailboxes are judged when written, everything else once a cycle. */
  scanMs: number;
  watchdog: {
    kind: "echo";
    counterRegister: number;
    echoRegister: number;
    timeoutMs: number;
    /** After so long a stand its outputs fall by themselves; left out: never. */
    outputsFallMs?: number;
  } | null;
  /** Counters as two input registers each (high word first) at `register`. */
  encoders: readonly { register: number; counter: number }[];
  /** Input terminals served as discrete inputs (FC02) at their own index... */
  discreteInputs: readonly { address: number; terminal: number }[];
  /** ...and also packed into input registers from here, bit 0 first; null: not packed. */
  packedInputs: { register: number; words: number } | null;
  /** Eyes whose edges are kept with the count, five input registers each from `register`. */
  latches?: readonly { register: number; terminal: number; counter: number }[];
  gates: readonly PlcGatePlan[];
  /** Relays for run and infeed permits: a coil, on only while the watchdog is fed. */
  relays: readonly { coil: number; terminal: number }[];
  /** It is reached over Modbus RTU, at the end of this line; left out: over a network. */
  serial?: SerialPlace;
  /** It is reached over OPC UA, and shows these nodes; left out: over Modbus. */
  opcua?: UaNodes;
  /** It tracks the parcels of a belt itself; left out: it does not. */
  tracker?: TrackerPlan;
}

/** Places along the belt, µm. */
export interface TrackerPlan {
  /** 7 holding registers of the telegram, 14 input registers of the status, 2 and 6 for each slot of the reports. */
  register: number;
  status: number;
  reports: number;
  slots: number;
  /** Which of `PlcPlan.encoders` counts the belt, and its travel in one count. */
  encoder: number;
  umPerCount: number;
  induction: { terminal: number; atUm: number };
  end: { terminal: number; atUm: number };
  gates: readonly {
    gateId: string;
    atUm: number;
    sweptUm: number;
    /** How far before the gate a front is at the PLC's last word, and when the gate begins to move. */
    finalUm: number;
    moveUm: number;
    chutes: readonly {
      code: number;
      terminal: number;
      eyeTerminal: number | null;
      slideMinNs: number;
      slideMaxNs: number;
    }[];
  }[];
}

export type PlcGatePlan =
  | {
      kind: "mailbox";
      gateId: string;
      /** Holding registers of the mailbox, 12 of them. */
      register: number;
      /** Input registers of its status, 4 of them. */
      status: number;
      /** Which of `PlcPlan.encoders` judges its belt window. */
      encoder: number;
      /** Position code → output terminal. */
      positions: readonly { code: number; terminal: number }[];
      homeTerminal: number;
      outTerminal: number;
    }
  | { kind: "coil"; gateId: string; coil: number; terminal: number };
