// What the PLC driver asks of one gate's control, whichever way the gate is driven.
import type { GatePosition } from "../../src/line/step.ts";
import type { PermitJob } from "../buses/bus-queue.ts";
import type { JobOwner, ReplyTimes } from "../buses/job.ts";
import type { GatePermit } from "../buses/port.ts";
import type { DeviceImage } from "../inputs/device-image.ts";

export interface GateControl {
  readonly gateId: string;
  readonly position: GatePosition;
  /** Its outputs have been read on this connection, and are what they should be. */
  readonly isKnown: boolean;
  /** No command is in doubt, and no withdrawal is owed to the device. */
  readonly isSettled: boolean;
  /** Commands whose effect is not known, 0 or 1. */
  readonly doubts: number;
  /** A sample of the same image as the last one would tell it nothing. */
  readonly isAtRest: boolean;
  permitJob(permit: GatePermit): PermitJob<JobOwner>;
  /** @param trackingId of a PLC that tracks: the one parcel that is recalled */
  withdraw(id: number | null, voidUpTo: number, trackingId?: number): void;
  /** The driver ends: nothing that this gate was ever sent may be carried out any more. */
  withdrawAll(): void;
  opened(): void;
  lost(nowNs: number): void;
  /** All inputs of one poll are in the image. `outputsRead`: its outputs too. */
  sampled(image: DeviceImage, at: ReplyTimes & { outputsRead: boolean }): void;
  /** A person has tested the gate at standstill: what was in doubt has been done or never will be. */
  tested(): void;
}
