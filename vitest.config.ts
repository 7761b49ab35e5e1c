// Decides how the tests run: four projects by folder, one after the other, sized for a machine of two cores.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * Real PLC processes with real watchdogs of a few hundred ms trip, rightly, on a machine that gives them no processor for
 * that long: such a test is tried anew. What runs on a virtual clock never is.
 */
const WATCHDOG_RETRIES = 2;

/** Each process that a test starts would strip and compile the sources anew, which is most of what it computes. */
const env = { NODE_COMPILE_CACHE: fileURLToPath(new URL("node_modules/.cache/compiled", import.meta.url)) };

/**
 * Projects run in this order; those that start processes come last. A whole line takes half a core: two of them leave a
 * machine of two cores, which has other work too, the room without which a line stalls and costs its parcels their gates.
 */
const project = (name: string, order: number, o: { maxWorkers: number; testTimeout: number; retry?: number }) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    environment: "node",
    env,
    pool: "forks" as const,
    maxWorkers: o.maxWorkers,
    testTimeout: o.testTimeout,
    retry: o.retry ?? 0,
    hookTimeout: 20_000,
    teardownTimeout: 10_000,
    sequence: { groupOrder: order },
  },
});

export default defineConfig({
  test: {
    reporters: ["default", "./tests/tried-again.ts"],
    projects: [
      project("unit", 0, { maxWorkers: 2, testTimeout: 20_000 }),
      project("simulation", 1, { maxWorkers: 2, testTimeout: 60_000 }),
      project("contract", 2, { maxWorkers: 2, testTimeout: 20_000, retry: WATCHDOG_RETRIES }),
      project("e2e", 3, { maxWorkers: 2, testTimeout: 60_000, retry: WATCHDOG_RETRIES }),
    ],
  },
});
