// A permit on a belt that its PLC tracks is a destination for one parcel of the PLC's.
import { isRecalled } from "../recalled.ts";
import type { Item, Permit } from "../state.ts";
import type { Turn } from "../turn.ts";
import type { Destination } from "./destination-state.ts";

/** What belongs to a permit of this item besides; nothing where the line core tracks. */
export const destinationFor = ({ trackingId }: Item): { destination?: Destination } =>
  trackingId === undefined ? {} : { destination: { trackingId, copies: 0, isUnderWay: false, recall: null } };

/** Whatever was said of it since: nothing proves that it did not go where this permit had sent it. */
export function mayBeThere(item: Item, permit: Permit): boolean {
  const { destination } = permit;
  return destination === undefined
    ? !isRecalled(item, permit)
    : destination.copies > 0 && destination.recall?.answer !== "done";
}

/** The PLC was told nothing that it could carry out, or has said that it will not. */
export const isTakenBack = ({ copies, recall }: Destination): boolean => copies === 0 || recall?.answer === "done";

export const isDestination = (turn: Turn, permitId: number): boolean =>
  turn.state.permits.get(permitId)?.destination !== undefined;

/** The permit of which the PLC may have heard. */
export function toldOf(turn: Turn, item: Item): Permit | undefined {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  return (permit?.destination?.copies ?? 0) > 0 ? permit : undefined;
}
