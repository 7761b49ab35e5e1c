// Terminals and registers of a belt's device in the latency benchmark.
export const WIRING = {
  watchdog: { kind: "echo", counterRegister: 0, echoRegister: 0, timeoutMs: 400, outputsFallMs: 10 },
  counterRegister: 2,
  packedRegister: 4,
  statusRegister: 8,
  mailboxRegister: 100,
  eyes: { induction: 0, track: 1, past: 2, end: 3 },
  positionCode: 1,
} as const;
