// What polls leave of each bus, how long a gate command may wait behind them, and how long telegrams take on the wire.
import { inMs, type ProofFinding, type SiteFacts } from "./facts.ts";

export interface BusLoad {
  deviceId: string;
  /** Share of the time in which the bus is busy with polls and the watchdog's echo, percent. */
  loadPercent: number;
  /** The longest that a gate command waits behind a poll in flight. */
  waitNs: number;
}

/** A scanner slower than this adds a good part of the reaction before the reaction even starts. */
const SLOW_BAUD = 57_600;
/** The driver writes the echo this often in a watchdog's time, and reads outputs back this often. */
const ECHOES_PER_TIMEOUT = 6;
const COILS_EVERY_NS = 50_000_000;
/** Commands, withdrawals and read-backs need room beside the polls. */
const MOST_PERCENT = 80;

export const busLoads = (facts: SiteFacts): BusLoad[] =>
  facts.devices.map(({ deviceId, pollNs, replyNs, requestsPerPoll, hasCoils, watchdog }) => {
    const polls = (requestsPerPoll * replyNs) / pollNs;
    const echoes = watchdog === null ? 0 : (ECHOES_PER_TIMEOUT * replyNs) / watchdog.timeoutNs;
    const coils = hasCoils ? replyNs / Math.max(pollNs, COILS_EVERY_NS) : 0;
    return { deviceId, loadPercent: Math.round((polls + echoes + coils) * 100), waitNs: replyNs };
  });

export const busFindings = (loads: readonly BusLoad[]): ProofFinding[] =>
  loads
    .filter(({ loadPercent }) => loadPercent > MOST_PERCENT)
    .map(({ deviceId, loadPercent }) => ({
      severity: loadPercent >= 100 ? "error" : "warning",
      code: "CONFIG_BUS_OVERLOADED",
      kind: "device",
      id: deviceId,
      key: "pollMs",
      what: `polls take ${loadPercent} % of the time of "${deviceId}"`,
      right: `at most ${MOST_PERCENT} %: a longer pollMs, packed inputs, or a device that answers faster`,
    }));

export const scannerFindings = (facts: SiteFacts): ProofFinding[] =>
  facts.scanners.flatMap(({ scannerId, baud, wireNs, unstablePath }): ProofFinding[] => {
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
    return found;
  });
