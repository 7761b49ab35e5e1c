// A serial scanner's side of a pty: sends bytes at the pace of a baud rate, to whoever opens the other side.
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import * as pty from "@lydell/node-pty";
import { linkTo, unlinkFrom } from "./link.ts";
import { type Pace, PacedWire } from "./paced-bytes.ts";

export interface PtyScannerOptions extends Pace {
  /** Stable path that a driver opens; a symbolic link to the pty, made here and removed with it. */
  linkPath: string;
  /** Bytes that a driver sends to the scanner. */
  heard?(bytes: Buffer): void;
}

/** A simulated scanner, whatever its wire. */
export interface WireScanner {
  /** Where a driver finds it: the pty's own name, such as /dev/pts/3, or tcp:host:port. */
  readonly address: string;
  /**
   * Sends `bytes` after all that was sent before, one after another as a wire would. Resolves with the monotonic time
   * (`process.hrtime`, ns) just before the last byte was handed to the kernel: a reader cannot have had it earlier.
   * @throws Error when the scanner is unplugged meanwhile.
   */
  send(bytes: Uint8Array): Promise<number>;
  /** Its wire disappears: the reader sees a hang-up, and what led to it is gone. */
  unplug(): void;
}

/**
 * A pty has neither a baud rate nor a stable name: the pace and the link are made here.
 * @throws Error when there is no pty, no `stty` or no folder for the link.
 */
export function openPtyScanner(options: PtyScannerOptions): WireScanner {
  const terminal = openTerminal();
  const ptyPath = terminal.ptsName;
  // Without an open slave side a write would find a hung-up line whenever no driver is there.
  const holdFd = openSync(ptyPath, constants.O_RDWR | constants.O_NOCTTY);
  let plugged = true;
  const hangUp = () => {
    plugged = false;
    unlinkFrom(ptyPath, options.linkPath);
    terminal.master.destroy();
    closeSync(holdFd);
  };
  try {
    execFileSync("stty", ["-F", ptyPath, "raw", "-echo"]);
    linkTo(ptyPath, options.linkPath);
  } catch (error) {
    hangUp();
    throw error;
  }

  if (options.heard !== undefined) terminal.master.on("data", options.heard);
  terminal.master.on("error", () => undefined); // Its last word when the pty goes, which is what was wanted.
  const wire = new PacedWire(options, (bytes) => {
    if (!plugged) throw new Error("the simulated scanner is unplugged");
    return writeSome(terminal.fd, bytes);
  });
  return {
    address: ptyPath,
    send: (bytes) => wire.send(bytes),
    unplug() {
      if (plugged) hangUp();
    },
  };
}

/** What node-pty's `open` returns; its own type declarations leave it out. */
interface OpenedTerminal {
  fd: number;
  ptsName: string;
  master: NodeJS.ReadStream;
  slave: NodeJS.ReadStream;
}

function openTerminal(): OpenedTerminal {
  const { open } = pty as unknown as { open(options: { encoding: null }): OpenedTerminal };
  const terminal = open({ encoding: null });
  // node-pty's own stream on the slave side would take the bytes that are meant for the driver.
  terminal.slave.destroy();
  return terminal;
}

/** The pty's buffer may be full while nobody reads: then the kernel takes less, or nothing. */
function writeSome(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}
