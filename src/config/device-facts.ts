// The timing of a device, its polls and watchdog as the proof reckons with them.
import {
  commandNs,
  lineOf,
  mailboxSpan,
  type PlcWiring,
  pollCost,
  TRACKER_SPAN,
  whyNeverArmed,
} from "../../drivers/registry.ts";
import type { DeviceFacts } from "../proof/facts.ts";
import type { ChutesConfig } from "./chutes-schema.ts";
import type { DeviceConfig, LineConfig } from "./line-schema.ts";
import { trackerIn, wiringOf } from "./wiring.ts";

export const ms = (value: number): number => Math.round(value * 1e6);
export const um = (valueMm: number): number => Math.round(valueMm * 1000);

export function deviceFacts(device: DeviceConfig, line: LineConfig, chutes: ChutesConfig): DeviceFacts {
  const wiring = wiringOf({ line, chutes }, device.id);
  const cost = pollCost(device, wiring);
  const { watchdog } = device;
  const tracker = trackerIn(device);
  return {
    deviceId: device.id,
    lineId: lineOf(device),
    pollNs: ms(device.pollMs),
    timeoutNs: ms(device.timeoutMs),
    requestsPerPoll: cost.requests,
    pollTakesNs: cost.takesNs,
    longestNs: cost.longestNs,
    outputsNs: cost.outputsNs,
    commandNs: commandNs(device, longestCommand(wiring)),
    isOneRequest: cost.isOneRequest,
    ...(tracker === undefined ? {} : { tracker: { slots: tracker.slots, cycleNs: ms(tracker.cycleMs) } }),
    watchdog:
      watchdog === undefined
        ? null
        : {
            timeoutNs: ms(watchdog.timeoutMs),
            refusesWhenTripped: watchdog.whenTripped === "refusesWrites",
            isEchoed: watchdog.kind === "echo",
            outputsFallNs: watchdog.kind === "echo" ? ms(watchdog.outputsFallMs) : null,
            whyNeverArmed: whyNeverArmed(device),
          },
  };
}

/** Registers that the longest command of its gates writes; 1: single outputs. */
const longestCommand = ({ gates }: PlcWiring): number =>
  Math.max(
    1,
    ...gates.map(({ drive }) => {
      if (drive.kind === "mailbox") return mailboxSpan(drive).command;
      if (drive.kind === "destination") return TRACKER_SPAN.telegram;
      return drive.kind === "command" ? 4 : 1;
    }),
  );

/**
 * The longest time between two samples of an eye as the driver stamps them. A command may go before the poll, and on a
 * shared line the polls of all others. With the encoder in the same request the count is of the same instant; in another
 * request only the count of the poll before is certainly not later; without an encoder the time of the requests is in it.
 */
export function sampleNs(
  facts: DeviceFacts,
  eye: { encoderDevice: string | undefined; others: readonly DeviceFacts[] },
): number {
  const waits = facts.commandNs + othersOnLine(facts, eye.others).reduce((sum, each) => sum + each.pollTakesNs, 0);
  if (eye.encoderDevice !== facts.deviceId) return facts.pollNs + waits + facts.pollTakesNs;
  return (facts.isOneRequest ? 1 : 2) * facts.pollNs + waits;
}

/** The other devices on the same wire. */
export const othersOnLine = (facts: DeviceFacts, all: readonly DeviceFacts[]): DeviceFacts[] =>
  facts.lineId === null
    ? []
    : all.filter(({ lineId, deviceId }) => lineId === facts.lineId && deviceId !== facts.deviceId);

/** A request in flight on its wire, one other gate's command, and the gate's own. */
export const busNs = (facts: DeviceFacts, all: readonly DeviceFacts[]): number =>
  Math.max(facts.longestNs, ...othersOnLine(facts, all).map(({ longestNs }) => longestNs)) +
  Math.max(facts.commandNs, ...othersOnLine(facts, all).map((each) => each.commandNs)) +
  facts.commandNs;
