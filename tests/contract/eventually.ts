// Waits until something holds that a driver does in its own time.
import { expect } from "vitest";

/** Waits for a condition; the limit only ends a run that hangs (back-off alone may take 2 s). */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 5 });
