// What the soak of the drivers asks of each: a device that is disturbed, and a driver that gets over it.

export interface OpenCase {
  /** One fault, from its beginning until the driver is as it was. `nth` counts from 0 and chooses the fault. */
  cycle(nth: number): Promise<void>;
  /** The driver has what it is for, and is not about to get it back: what it holds then can be compared. */
  isAtRest(): boolean;
  close(): Promise<void>;
}

export interface DriverCase {
  name: string;
  /** What a cycle does, by turns. */
  faults: readonly string[];
  open(): Promise<OpenCase>;
}

/** A fault that takes longer than this was not got over. */
export const patience = { ms: 30_000 };
/** Counted in steps: while the whole process is stopped, as for a measurement beside it, no patience is used up. */
const STEP_MS = 1000;

/** @throws Error saying what was waited for, and how things stand then, when it does not settle in time */
export async function within<T>(what: () => string, waited: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let leftMs = patience.ms;
  const late = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      leftMs -= STEP_MS;
      if (leftMs <= 0) reject(new Error(`waited in vain for ${what()}`));
    }, STEP_MS);
  });
  try {
    return await Promise.race([waited, late]);
  } finally {
    clearInterval(timer);
  }
}
