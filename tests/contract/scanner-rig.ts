// What a scanner driver's contract is asked through: the driver, the far end of its wire, and what the suite sets.
import type { FramingOverrides } from "../../drivers/scanners/framing.ts";
import type { ScannerPort } from "../../drivers/scanners/port.ts";
import type { ScannerTrigger } from "../../drivers/scanners/trigger.ts";
import type { ScannerProcess } from "../../simulators/wired/scanner/process.ts";
import { nowNs } from "./scanner-clock.ts";

/** A driver and the far end of its wire. Frames are STX … ETX, separator ";", NOREAD, HB, at most 64 bytes. */
export interface ScannerRig {
  /** Not open yet. Its wire exists, unless `unplugged` was asked for. */
  scanner: ScannerPort;
  /** The driver's clock, ns. */
  nowNs(): number;
  send(text: string): Promise<unknown>;
  /** What the driver has sent, so far. */
  heard(): string;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  /** Ends everything that the rig started, the driver included. */
  stop(): Promise<void>;
}

export interface ScannerRigWish {
  unplugged?: boolean;
  /** A silence short enough to wait for; otherwise it never comes. */
  fallsSilent?: boolean;
  /** An inter-byte timeout short enough to wait for; otherwise a slow machine must not reach it. */
  timesOut?: boolean;
  /** Beside what the suite asks for. */
  framing?: FramingOverrides;
  trigger?: Partial<ScannerTrigger>;
}

/** The keys of every scanner's schema that the suite counts on. */
export const settingsOf = ({ fallsSilent, timesOut, framing, trigger }: ScannerRigWish) => ({
  silenceMs: fallsSilent ? 200 : 60_000,
  framing: { heartbeat: "HB", maxBytes: 64, interByteTimeoutMs: timesOut ? 150 : 1000, ...framing },
  ...(trigger === undefined ? {} : { trigger }),
});

/** @param end what is left to end when driver and wire are gone */
export const rigOn = (wire: ScannerProcess, scanner: ScannerPort, end = async (): Promise<void> => {}): ScannerRig => ({
  scanner,
  nowNs,
  send: (text) => wire.send(Buffer.from(text, "latin1")),
  heard: () => wire.heard(),
  unplug: () => wire.unplug(),
  plug: () => wire.plug(),
  async stop() {
    await scanner.close();
    await wire.stop();
    await end();
  },
});
