// Whether a parcel was called back after its permit had been let go.
import type { Item, Permit } from "./state.ts";

/** Its gate was called home in time; whether that took it all the same, its chute's eye will say. */
export const isRecalled = (item: Item, permit: Permit): boolean =>
  (permit.state === "fired" || permit.state === "done") && item.decision?.chuteId === null;
