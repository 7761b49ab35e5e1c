// A scanner on a serial port of this machine.
import { openSerialPort } from "../serial/serial-port.ts";
import { FramedScanner } from "./framed-scanner.ts";
import type { ScannerDriver, ScannerLook } from "./port.ts";
import { portFacts, portNotices } from "./port-facts.ts";
import { SerialLink } from "./serial-link.ts";
import type { SerialScannerConfig } from "./serial-schema.ts";

export const serialDriver: ScannerDriver<SerialScannerConfig> = {
  make: (o) => new FramedScanner({ ...o, link: (events) => new SerialLink(o.config, o.clock, events) }),
  look,
};

/** The FTDI driver sets its timer when it is asked for low latency, so that the port is opened first. */
async function look(config: SerialScannerConfig): Promise<ScannerLook> {
  const { path } = config;
  const opened = await tryOpen(config);
  const facts = await portFacts(path);
  return {
    facts: { path, ...facts, lowLatency: opened.isLowLatency, inUse: opened.isInUse },
    notices: portNotices({ path, facts, isLowLatency: opened.isLowLatency }),
    error: opened.isInUse ? null : opened.error,
  };
}

async function tryOpen(
  config: SerialScannerConfig,
): Promise<{ isLowLatency: boolean | null; isInUse: boolean; error: string | null }> {
  try {
    const port = await openSerialPort(config);
    await port.close();
    return { isLowLatency: port.isLowLatency, isInUse: false, error: null };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // The controller has it: the system's words for a port that somebody has locked.
    return { isLowLatency: null, isInUse: /lock|busy|temporarily unavailable/i.test(text), error: text };
  }
}
