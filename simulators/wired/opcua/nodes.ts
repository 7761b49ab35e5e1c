// Which nodes the server of a simulated OPC UA device shows, and which place of its PLC each stands for.

/** What a server shows of its PLC. */
export interface UaNodes {
  /** Namespace of all nodes; they are named without it, such as "s=Line.Eye1". */
  namespace: string;
  nodes: readonly UaNodePlan[];
  mailboxes: readonly UaMailboxPlan[];
}

export type UaNodePlan =
  | { kind: "input"; node: string; address: number }
  /** Several inputs in an array of Booleans, from this address on. */
  | { kind: "inputs"; node: string; address: number; count: number }
  | { kind: "count"; node: string; register: number; type: "UInt16" | "UInt32" }
  /** Edges that the PLC keeps: their number and the last two counts in an array. */
  | { kind: "latch"; node: string; register: number }
  /** A holding register that is written. */
  | { kind: "number"; node: string; register: number; type: "UInt16" }
  | { kind: "output"; node: string; coil: number };

export interface UaMailboxPlan {
  /** Of the mailbox in the PLC's plan. */
  register: number;
  status: number;
  gateId: string;
  state: string;
  /** An object with two methods, or two variables. */
  command:
    | { by: "method"; object: string; divert: string; withdraw: string }
    | { by: "variable"; divert: string; withdraw: string };
}
