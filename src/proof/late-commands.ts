// What becomes of a late and of a forgotten command at each gate: excluded by the device, bounded by its watchdog, or open.
import type { BeltLayout, GateLayout } from "../line/layout.ts";
import { gapReadingUm, lateSweepUm, leadsOutbound } from "./demanded-gap.ts";
import { type BeltFacts, type DeviceFacts, inMm, inMs, type ProofFinding, type SiteFacts, travelUm } from "./facts.ts";

export interface LateCommand {
  gateId: string;
  /** A command that reaches the gate after its window. */
  late: "excluded" | "bounded" | "open";
  /** A gate that is out while nobody speaks to it any more. */
  forgotten: "excluded" | "bounded" | "open";
}

/** Measured on two saturated cores without real-time priority: a loop stood still this long (design: two processes). */
const STALL_WITHOUT_REAL_TIME_NS = 180_000_000;
/** The driver echoes this often in a watchdog's time, so that some may be lost, and each needs a poll of its own. */
const FEEDS_PER_PERIOD = 6;

export function lateCommands(facts: SiteFacts): { commands: LateCommand[]; findings: ProofFinding[] } {
  const commands: LateCommand[] = [];
  const findings: ProofFinding[] = facts.devices.flatMap((device) => watchdogFindings(device, facts));
  for (const belt of facts.layout.belts) {
    const beltFacts = facts.belts.find((each) => each.beltId === belt.id);
    for (const gate of belt.gates) {
      const device = facts.devices.find((each) => each.deviceId === gate.deviceId);
      if (device === undefined || beltFacts === undefined) continue;
      const own = facts.gates.find((each) => each.gateId === gate.id);
      const judges = own?.judges === true;
      const open = judges
        ? whyMisjudged({ belt, gate, device, bits: own.judgedBits })
        : whyOpen({ belt, beltFacts, gate, device, facts });
      const end = open.length > 0 ? "open" : judges ? "excluded" : "bounded";
      commands.push({ gateId: gate.id, late: end, forgotten: end });
      const outbound = leadsOutbound(facts.layout, gate);
      findings.push(...open.map((why): ProofFinding => ({ ...why, severity: outbound ? "error" : "warning" })));
    }
  }
  return { commands, findings };
}

/**
 * A count of 16 bits comes round: a command that slept for a whole turn would look in time. The device's own watchdog has
 * tripped before half a turn, and it then refuses whatever it is sent.
 */
function whyMisjudged(o: {
  belt: BeltLayout;
  gate: GateLayout;
  device: DeviceFacts;
  bits: 16 | 32 | null;
}): Omit<ProofFinding, "severity">[] {
  const { belt, gate, device } = o;
  if (o.bits !== 16 || belt.encoder === null) return [];
  const halfTurnUm = 2 ** 15 * belt.encoder.umPerCount;
  const travelledUm = travelUm(belt.speedUmPerS, device.watchdog?.timeoutNs ?? Number.MAX_SAFE_INTEGER / 1e6);
  if (travelledUm < halfTurnUm) return [];
  return [
    {
      kind: "gate",
      id: gate.id,
      key: "drive.bits",
      code: "CONFIG_LATE_COMMAND_OPEN",
      what:
        `half a turn of the 16 bits by which gate "${gate.id}" judges is ${inMm(halfTurnUm)}, and the belt travels ` +
        `${inMm(travelledUm)} before the device's watchdog trips: a late command could look in time`,
      right: "32 bits, a shorter watchdog, or more mmPerCount",
    },
  ];
}

/** What keeps a plain output from being bounded; nothing: it is. */
function whyOpen(o: {
  belt: BeltLayout;
  beltFacts: BeltFacts;
  gate: GateLayout;
  device: DeviceFacts;
  facts: SiteFacts;
}): Omit<ProofFinding, "severity">[] {
  const { belt, beltFacts, gate, device } = o;
  const at = { kind: "gate", id: gate.id, key: "drive" } as const;
  if (device.watchdog === null) {
    return [
      {
        ...at,
        code: "CONFIG_LATE_COMMAND_OPEN",
        what: `gate "${gate.id}" is a plain coil, and "${device.deviceId}" has no watchdog: a forgotten command would never end`,
        right: "a device with a watchdog, or a drive of kind mailbox",
      },
    ];
  }
  const open: Omit<ProofFinding, "severity">[] = [];
  if (!device.watchdog.refusesWhenTripped) {
    open.push({
      ...at,
      code: "CONFIG_LATE_COMMAND_OPEN",
      what: `"${device.deviceId}" obeys writes after its watchdog tripped: a late command at gate "${gate.id}" has no bound`,
      right: "whenTripped: refusesWrites in the device's watchdog, if its manual says so; else a drive of kind mailbox",
    });
  }
  const runDevice = o.facts.devices.find((each) => each.deviceId === beltFacts.runDeviceId);
  if (runDevice?.watchdog === null) {
    open.push({
      ...at,
      code: "CONFIG_LATE_COMMAND_OPEN",
      what: `nothing stops belt "${belt.id}" when "${device.deviceId}" trips: "${runDevice.deviceId}" has no watchdog`,
      right: "a run permit on a device with a watchdog",
    });
  }
  const sweepUm = lateSweepUm(belt, gate, device) ?? 0;
  const boundUm = beltFacts.guaranteedGapUm - gapReadingUm(belt, gate);
  if (sweepUm >= boundUm) {
    open.push({
      ...at,
      code: "CONFIG_LATE_COMMAND_OPEN",
      what:
        `a late command at gate "${gate.id}" may sweep ${inMm(sweepUm)}, v × (2W + R); of the gap of ` +
        `${inMm(beltFacts.guaranteedGapUm)} ${inMm(boundUm)} are certain when it is measured`,
      right: `a watchdog below ${inMs(longestWatchdogNs({ belt, gate, boundUm }))}, a slower belt or a wider gap`,
    });
  }
  return open;
}

const longestWatchdogNs = (o: { belt: BeltLayout; gate: GateLayout; boundUm: number }): number =>
  Math.max(0, ((o.boundUm / o.belt.speedUmPerS) * 1e9 - o.gate.travelNs) / 2);

function watchdogFindings(device: DeviceFacts, facts: SiteFacts): ProofFinding[] {
  const say = (severity: "error" | "warning", code: string, what: string, right: string): ProofFinding => ({
    severity,
    code,
    kind: "device",
    id: device.deviceId,
    key: device.watchdog === null ? "watchdog" : "watchdog.timeoutMs",
    what,
    right,
  });
  if (device.watchdog === null) {
    const what = `"${device.deviceId}" has no watchdog`;
    return movesSomething(device, facts)
      ? [
          say(
            "error",
            "CONFIG_WATCHDOG_MISSING",
            `${what}: nothing would ever be armed on it`,
            "the watchdog of the device",
          ),
        ]
      : [];
  }
  const { timeoutNs } = device.watchdog;
  const found: ProofFinding[] = [];
  if (device.watchdog.whyNeverArmed !== null) {
    const what = `the watchdog of "${device.deviceId}" can never be armed: ${device.watchdog.whyNeverArmed}`;
    const right = "a device whose watchdog Modbus reaches, or the registers of the gateway before it";
    found.push({ ...say("error", "CONFIG_WATCHDOG_MISSING", what, right), key: "watchdog.kind" });
  }
  const feedNs = FEEDS_PER_PERIOD * (device.pollNs + device.pollTakesNs);
  if (timeoutNs < feedNs) {
    const what = `the watchdog of "${device.deviceId}" trips after ${inMs(timeoutNs)}, but is fed every ${inMs(feedNs / FEEDS_PER_PERIOD)} at best`;
    found.push(say("error", "CONFIG_WATCHDOG_TOO_SHORT", what, `at least ${inMs(feedNs)}, or a shorter pollMs`));
  } else if (timeoutNs < STALL_WITHOUT_REAL_TIME_NS) {
    const what = `the watchdog of "${device.deviceId}" trips after ${inMs(timeoutNs)}; without real-time priority the loop was seen to stand still for 180 ms`;
    found.push(
      say(
        "warning",
        "CONFIG_WATCHDOG_NEEDS_REAL_TIME",
        what,
        "real-time priority for the controller, or 180 ms and more",
      ),
    );
  }
  for (const permits of permitDevicesOf(device, facts)) {
    if (permits.watchdog === null || permits.watchdog.timeoutNs >= timeoutNs) continue;
    const what = `the watchdog of "${device.deviceId}" (${inMs(timeoutNs)}) is longer than that of "${permits.deviceId}" (${inMs(permits.watchdog.timeoutNs)}): the belt would stop before the gates are home`;
    found.push(say("warning", "CONFIG_WATCHDOG_ORDER", what, `below ${inMs(permits.watchdog.timeoutNs)}`));
  }
  return found;
}

const movesSomething = ({ deviceId }: DeviceFacts, facts: SiteFacts): boolean =>
  facts.layout.belts.some((belt) => belt.gates.some((gate) => gate.deviceId === deviceId)) ||
  facts.belts.some((belt) => belt.runDeviceId === deviceId || belt.infeedDeviceId === deviceId);

/** The devices that hold the run permits of the belts on which this device has gates. */
function permitDevicesOf({ deviceId }: DeviceFacts, facts: SiteFacts): DeviceFacts[] {
  const belts = facts.layout.belts.filter((belt) => belt.gates.some((gate) => gate.deviceId === deviceId));
  const runs = facts.belts.filter((each) => belts.some((belt) => belt.id === each.beltId));
  return facts.devices.filter((each) => runs.some((run) => run.runDeviceId === each.deviceId));
}
