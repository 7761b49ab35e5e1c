// A serial scanner's side of a pty: sends bytes at the pace of a baud rate, to whoever opens the other side.
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import * as pty from "@lydell/node-pty";
import { linkTo, unlinkFrom } from "./link.ts";

export interface PtyScannerOptions {
  /** Stable path that a driver opens; a symbolic link to the pty, made here and removed with it. */
  linkPath: string;
  /** Pace of the bytes, bits per second; null: as fast as the pty takes them. */
  baud: number | null;
  /** Bits of one character on the wire, start and stop included; 10 for 8N1. */
  bitsPerCharacter?: number;
}

export interface PtyScanner {
  /** The pty's own name, such as /dev/pts/3. */
  readonly ptyPath: string;
  /**
   * Sends `bytes` after all that was sent before, one after another as a wire would. Resolves with the monotonic time
   * (`process.hrtime`, ns) just before the last byte was handed to the kernel: a reader cannot have had it earlier.
   * @throws Error when the scanner is unplugged meanwhile.
   */
  send(bytes: Uint8Array): Promise<number>;
  /** The tty disappears: its reader sees a hang-up, its link is gone. */
  unplug(): void;
}

/**
 * A pty has neither a baud rate nor a stable name: the pace and the link are made here.
 * @throws Error when there is no pty, no `stty` or no folder for the link.
 */
export function openPtyScanner(options: PtyScannerOptions): PtyScanner {
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

  const nsPerByte = options.baud === null ? 0 : ((options.bitsPerCharacter ?? 10) * 1e9) / options.baud;
  let queue: Promise<unknown> = Promise.resolve();
  const write = (bytes: Uint8Array) => {
    if (!plugged) throw new Error("the simulated scanner is unplugged");
    return writeSome(terminal.fd, bytes);
  };
  return {
    ptyPath,
    send(bytes) {
      const sent = queue.then(() => sendPaced({ bytes, nsPerByte, write }));
      queue = sent.catch(() => {
        // The caller gets the failure with `sent`; what comes after it must be sent all the same.
      });
      return sent;
    },
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

/**
 * A UART's buffer: what reaches the reader at once. A telegram fits into it, so that a simulator that was held up makes no
 * pause inside one, which no scanner's hardware does.
 */
const BURST_BYTES = 64;

/** Byte i is on the wire completely at (i + 1) × nsPerByte; bursts that are due are written, then a timer's turn passes. */
async function sendPaced(o: {
  bytes: Uint8Array;
  nsPerByte: number;
  write(bytes: Uint8Array): number;
}): Promise<number> {
  const startNs = monotonicNs();
  let written = 0;
  let lastWriteNs = startNs;
  for (;;) {
    const elapsedNs = monotonicNs() - startNs;
    const sent = o.nsPerByte === 0 ? o.bytes.length : Math.min(o.bytes.length, Math.floor(elapsedNs / o.nsPerByte));
    const due = sent === o.bytes.length ? sent : sent - (sent % BURST_BYTES);
    if (due > written) {
      lastWriteNs = monotonicNs();
      written += o.write(o.bytes.subarray(written, due));
    }
    if (written >= o.bytes.length) return lastWriteNs;
    await delay(1);
  }
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

const monotonicNs = (): number => Number(process.hrtime.bigint());
