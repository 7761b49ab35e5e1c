// An OPC UA device as its machine sees it: timing and watchdog, and an image of registers in the protocol's own order.
import type { MachineDevice } from "../buses/schema.ts";
import type { ImagePlan } from "./image-plan.ts";
import type { OpcUaDevice } from "./schema.ts";

/** Bits that nobody asked for between two used registers cost nothing here: everything is one read. */
export const READ_ACROSS = 124;

export const machineDevice = (device: OpcUaDevice, plan: ImagePlan): MachineDevice => ({
  id: device.id,
  timeoutMs: device.timeoutMs,
  connectMs: device.connectMs,
  pollMs: device.pollMs,
  replyFloorMs: device.replyFloorMs,
  inputs: [...plan.areas],
  wordOrder: "highFirst",
  byteOrder: "highFirst",
  readAcross: READ_ACROSS,
  // Several outputs in one service may each have a fate of their own.
  writes: "single",
  watchdog: plan.watchdog,
});
