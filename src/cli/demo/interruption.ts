// Ctrl-C while a simulated line runs: everything that was started is ended, then the command says so.

class Interrupted extends Error {
  constructor() {
    super("ended before all parcels had come");
  }
}

export interface Interruption {
  /** Rejects at the first signal. */
  promise: Promise<never>;
  off(): void;
}

export function interruption(): Interruption {
  let onSignal = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    onSignal = () => reject(new Interrupted());
  });
  promise.catch(() => {
    // Nobody may be waiting just now; whoever waits next sees it.
  });
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  return {
    promise,
    off() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
