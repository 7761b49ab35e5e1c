// How long before its last moment a command is planned, as long as bus and loop are what the plan takes them for.
import type { GateLayout } from "./layout.ts";

/**
 * The plan keeps this much of the window for a loop that comes late: with real-time priority on two saturated cores
 * about 30 ms were seen at worst, and less than half of that outside of one run in four. It costs a decision that time.
 */
export const LOOP_RESERVE_NS = 25_000_000;

/** A command is planned so long before its last moment as long as nothing slower was measured. */
export const plannedLeadNs = ({ busNs }: GateLayout): number => busNs + LOOP_RESERVE_NS;
