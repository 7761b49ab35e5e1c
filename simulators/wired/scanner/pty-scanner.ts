// A serial scanner's side of a pty: sends bytes at the pace of a baud rate, to whoever opens the other side.
import { writeSync } from "node:fs";
import { openPseudoTerminal } from "../pseudo-terminal.ts";
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
  const terminal = openPseudoTerminal();
  const { path } = terminal;
  let plugged = true;
  const hangUp = () => {
    plugged = false;
    unlinkFrom(path, options.linkPath);
    terminal.hangUp();
  };
  try {
    linkTo(path, options.linkPath);
  } catch (error) {
    hangUp();
    throw error;
  }

  if (options.heard !== undefined) terminal.master.on("data", options.heard);
  const wire = new PacedWire(options, (bytes) => {
    if (!plugged) throw new Error("the simulated scanner is unplugged");
    return writeSome(terminal.fd, bytes);
  });
  return {
    address: path,
    send: (bytes) => wire.send(bytes),
    unplug() {
      if (plugged) hangUp();
    },
  };
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
