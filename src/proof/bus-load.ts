// What polls leave of each bus, how long a gate command may wait behind them, and how long telegrams take on the wire.
import { type DeviceFacts, inMs, type ProofFinding, type SiteFacts } from "./facts.ts";

export interface BusLoad {
  /** The device, or all that share a line. */
  deviceIds: readonly string[];
  /** Share of the time in which the bus is busy with polls, read-backs and the watchdogs' feed, percent. */
  loadPercent: number;
  /** The longest that a gate command waits: behind a request in flight and one other gate's command. */
  waitNs: number;
}

/** A scanner slower than this adds a good part of the reaction before the reaction even starts. */
const SLOW_BAUD = 57_600;
/** The driver feeds this often in a watchdog's time, and reads outputs back this often. */
const FEEDS_PER_TIMEOUT = 6;
const OUTPUTS_EVERY_NS = 50_000_000;
/** Commands, withdrawals and read-backs need room beside the polls. */
const MOST_PERCENT = 80;

export const busLoads = (facts: SiteFacts): BusLoad[] =>
  busesOf(facts.devices).map((devices) => ({
    deviceIds: devices.map(({ deviceId }) => deviceId),
    loadPercent: Math.round(devices.reduce((sum, device) => sum + shareOf(device), 0) * 100),
    waitNs:
      Math.max(...devices.map(({ longestNs }) => longestNs)) + Math.max(...devices.map(({ commandNs }) => commandNs)),
  }));

function busesOf(devices: readonly DeviceFacts[]): DeviceFacts[][] {
  const buses = new Map<string, DeviceFacts[]>();
  for (const device of devices) {
    const key = device.lineId === null ? `device ${device.deviceId}` : `line ${device.lineId}`;
    buses.set(key, [...(buses.get(key) ?? []), device]);
  }
  return [...buses.values()];
}

function shareOf({ pollNs, pollTakesNs, outputsNs, commandNs, watchdog }: DeviceFacts): number {
  const polls = pollTakesNs / pollNs;
  const feeds = watchdog === null ? 0 : (FEEDS_PER_TIMEOUT * commandNs) / watchdog.timeoutNs;
  return polls + feeds + outputsNs / Math.max(pollNs, OUTPUTS_EVERY_NS);
}

export const busFindings = (loads: readonly BusLoad[]): ProofFinding[] =>
  loads
    .filter(({ loadPercent }) => loadPercent > MOST_PERCENT)
    .map(({ deviceIds, loadPercent }) => ({
      severity: loadPercent >= 100 ? "error" : "warning",
      code: "CONFIG_BUS_OVERLOADED",
      kind: "device",
      id: deviceIds[0] ?? "",
      key: "pollMs",
      what: `polls take ${loadPercent} % of the time of ${deviceIds.map((id) => `"${id}"`).join(", ")}`,
      right:
        deviceIds.length === 1
          ? `at most ${MOST_PERCENT} %: a longer pollMs, packed inputs, or a device that answers faster`
          : `at most ${MOST_PERCENT} %: longer pollMs, a faster line, or fewer devices on it`,
    }));

/** A reply that is still on the wire when its time is over is never taken. */
export const timeoutFindings = (facts: SiteFacts): ProofFinding[] =>
  facts.devices.flatMap(({ deviceId, longestNs, commandNs, timeoutNs }): ProofFinding[] => {
    const takesNs = Math.max(longestNs, commandNs);
    if (takesNs < timeoutNs) return [];
    return [
      {
        severity: "error",
        code: "CONFIG_TIMEOUT_TOO_SHORT",
        kind: "device",
        id: deviceId,
        key: "timeoutMs",
        what: `the longest request to "${deviceId}" takes ${inMs(takesNs)}, and its reply may take ${inMs(timeoutNs)}`,
        right: `more than ${Math.ceil(takesNs / 1e6)}, a faster line, or shorter reads`,
      },
    ];
  });

export const scannerFindings = (facts: SiteFacts): ProofFinding[] => {
  const stations = facts.layout.belts.flatMap((belt) => belt.stations);
  return facts.scanners.flatMap(({ scannerId, baud, wireNs, unstablePath }): ProofFinding[] => {
    const found: ProofFinding[] = [];
    const warn = (code: string, o: { key: string; what: string; right: string }) =>
      found.push({ severity: "warning", code, kind: "scanner", id: scannerId, ...o });
    if (baud < SLOW_BAUD) {
      warn("CONFIG_SCANNER_SLOW_LINE", {
        key: "baud",
        what: `the longest telegram of "${scannerId}" takes ${inMs(wireNs)} on the wire at ${baud} baud`,
        right: `${SLOW_BAUD} baud or more`,
      });
    }
    if (unstablePath !== null) {
      warn("CONFIG_SCANNER_PORT_NAME", {
        key: "path",
        what: `${unstablePath} goes to whichever adapter is plugged in first`,
        right: "the adapter's path under /dev/serial/by-id, which stays with it",
      });
    }
    const station = stations.find(({ scannerIds }) => scannerIds.includes(scannerId));
    if (station !== undefined && station.isHandFed !== true && station.saysNoRead?.includes(scannerId) !== true) {
      warn("CONFIG_SCANNER_SILENT_NO_READ", {
        key: "framing",
        what: `"${scannerId}" says nothing of a parcel that it does not read, so that nobody can tell that from a telegram held back on its way`,
        right: "a no-read text on the scanner, and the same as noRead",
      });
    }
    return found;
  });
};
