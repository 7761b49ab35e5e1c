// What the system says of a serial port before anybody reads it: its adapter, its latency timer, whether its name stays.
import { readFile, readlink, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PortNotice } from "./port.ts";
import { isUnstableName } from "./port-name.ts";

export interface PortFacts {
  /** What the path leads to, such as /dev/ttyUSB0; null: nothing is there. */
  device: string | null;
  /** Kernel driver, such as ftdi_sio or cp210x; null: no USB or serial device, or not to be told. */
  adapter: string | null;
  /** FTDI only, ms. */
  latencyTimerMs: number | null;
}

/** @param o.sysRoot where sysfs is mounted; for tests */
export async function portFacts(path: string, o: { sysRoot?: string } = {}): Promise<PortFacts> {
  const device = await ifThere(realpath(path));
  if (device === null) return { device, adapter: null, latencyTimerMs: null };
  const folder = join(o.sysRoot ?? "/sys", "class/tty", basename(device), "device");
  const [driver, timer] = await Promise.all([
    ifThere(readlink(join(folder, "driver"))),
    ifThere(readFile(join(folder, "latency_timer"), "utf8")),
  ]);
  const latencyTimerMs = timer === null ? Number.NaN : Number.parseInt(timer, 10);
  return {
    device,
    adapter: driver === null ? null : basename(driver),
    latencyTimerMs: Number.isNaN(latencyTimerMs) ? null : latencyTimerMs,
  };
}

/** What is not there, or not to be read, is a fact too. */
async function ifThere<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch {
    return null;
  }
}

/** An FTDI chip keeps bytes back for this long from the factory: 16 ms. */
const LONGEST_TIMER_MS = 2;

/** @param o.isLowLatency as the open port says; null: it was not opened, or does not know */
export function portNotices(o: { path: string; facts: PortFacts; isLowLatency: boolean | null }): PortNotice[] {
  const { path, facts } = o;
  const notices: PortNotice[] = [];
  if (isUnstableName(path)) {
    const text = `${path} is given out anew at every plug: another scanner may stand there; use /dev/serial/by-id/...`;
    notices.push({ code: "unstableName", text });
  }
  if (facts.device === null) return [...notices, { code: "missing", text: `nothing is at ${path}` }];
  const { latencyTimerMs, adapter } = facts;
  if (latencyTimerMs !== null && latencyTimerMs > LONGEST_TIMER_MS) {
    const text =
      `the FTDI adapter at ${facts.device} keeps bytes back for up to ${latencyTimerMs} ms; write 1 to ` +
      `/sys/class/tty/${basename(facts.device)}/device/latency_timer (a udev rule makes it last)`;
    notices.push({ code: "latencyTimer", text });
  }
  // A pty and what is no adapter of a known kind have no such flag, and nobody could do anything about it.
  if (o.isLowLatency === false && adapter !== null && KNOWS_LOW_LATENCY.has(adapter)) {
    const text = `the driver ${adapter} of ${facts.device} did not take ASYNC_LOW_LATENCY: its reader may wake late`;
    notices.push({ code: "noLowLatency", text });
  }
  return notices;
}

/** CP210x, CH340 and PL2303 have no such knob (https://graysonbellamy.github.io/anyserial/linux-tuning/). */
const KNOWS_LOW_LATENCY: ReadonlySet<string> = new Set(["ftdi_sio", "serial8250", "8250_pci", "serial"]);
