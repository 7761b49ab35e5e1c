// What came to a gate's device, for benches and checkers.

/** A whole mailbox command, coil write or destination as it arrived; benches take their times from it. */
export interface PlcArrival {
  atNs: number;
  gateId: string;
  /** null: a plain coil. */
  sequence: number | null;
  /** Mailbox: the verdict. Coil: 1 on, 0 off. Destination: 1, when it was accepted for the first time. */
  verdict: number;
  /** What the PLC's own belt counter said; null: no encoder. */
  count: number | null;
}
