// What each kind of remote I/O wants of whoever arms, feeds and recovers its watchdog. Data; addresses are 0-based.
import type { RegisterTable } from "../../inputs/wiring.ts";
import type { EchoConfig, WatchdogConfig } from "./schema.ts";

export interface RegisterWrite {
  register: number;
  value: number;
}

export interface WatchdogProfile {
  timeoutMs: number;
  /** Why Coline can never take it to run; null: it can. */
  whyNever: string | null;
  arm: readonly RegisterWrite[];
  /** requests, writes: each of them feeds. changes: each new value in `feedRegister`. */
  fedBy: "requests" | "writes" | "changes";
  feedRegister: number | null;
  state: { register: number; from: RegisterTable; running: readonly number[]; expired: readonly number[] } | null;
  /** A register that goes on by one with each trip. */
  tripsRegister: number | null;
  recover: readonly RegisterWrite[];
}

const NOTHING: WatchdogProfile = {
  timeoutMs: 0,
  whyNever: null,
  arm: [],
  fedBy: "requests",
  feedRegister: null,
  state: null,
  tripsRegister: null,
  recover: [],
};

export function profileOf(config: Exclude<WatchdogConfig, EchoConfig>): WatchdogProfile {
  const { timeoutMs } = config;
  switch (config.kind) {
    case "wago-750":
      return wago(timeoutMs);
    case "beckhoff-bk":
      return beckhoff(timeoutMs);
    case "icp-das-et7000":
      return {
        ...NOTHING,
        timeoutMs,
        // ET-7000 manual, "Dual Watchdog": whole seconds, off below 5; each Modbus request is a sign of life.
        arm: [{ register: config.timeoutRegister, value: Math.floor(timeoutMs / 1000) }],
        tripsRegister: config.eventsRegister,
      };
    case "advantech-adam":
    case "configured":
      return { ...NOTHING, timeoutMs };
    case "adlink-nd":
      return { ...NOTHING, timeoutMs, whyNever: "its watchdog is fed by ASCII commands, which Modbus cannot carry" };
    case "registers": {
      const { arm, fedBy, recover } = config;
      const feedRegister = config.feedRegister ?? null;
      const whyNever = fedBy !== "requests" && feedRegister === null ? "it has no feedRegister" : null;
      return { ...NOTHING, timeoutMs, whyNever, arm, fedBy, feedRegister, recover, state: config.state ?? null };
    }
    default:
      return config satisfies never;
  }
}

/**
 * WAGO-I/O-SYSTEM 750 manual, "Watchdog (fieldbus failure)": the time counts in 100 ms and can be written only while
 * it is stopped; 0x1008 stops it and ends a trip; the first change of 0x1003 starts it, each further one feeds it. The
 * masks are cleared, so that no other request feeds it.
 */
const wago = (timeoutMs: number): WatchdogProfile => ({
  ...NOTHING,
  timeoutMs,
  arm: [
    { register: 0x1008, value: 0xaa55 },
    { register: 0x1000, value: Math.floor(timeoutMs / 100) },
    { register: 0x1001, value: 0 },
    { register: 0x1002, value: 0 },
  ],
  fedBy: "changes",
  feedRegister: 0x1003,
  state: { register: 0x1006, from: "holdingRegisters", running: [1], expired: [2] },
  recover: [{ register: 0x1008, value: 0xaa55 }],
});

/**
 * BK7300 manual, appendix "Modbus interface": the time can be written only while it is stopped (0 stops it); with 1 in
 * 0x1122 each telegram feeds it. A tripped coupler answers only after 0xBECF and 0xAFFE in 0x1121 (a field report; the
 * manual names the register, not the values).
 */
const beckhoff = (timeoutMs: number): WatchdogProfile => ({
  ...NOTHING,
  timeoutMs,
  arm: [
    { register: 0x1120, value: 0 },
    { register: 0x1122, value: 1 },
    { register: 0x1120, value: timeoutMs },
  ],
  recover: [
    { register: 0x1121, value: 0xbecf },
    { register: 0x1121, value: 0xaffe },
  ],
});
