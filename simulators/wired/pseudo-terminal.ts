// A pty for a simulated serial device: raw, without echo, held open while nobody reads it, and gone whole when it is hung up.
import { execFileSync } from "node:child_process";
import { closeSync, readdirSync, readlinkSync } from "node:fs";
import * as pty from "@lydell/node-pty";

export interface PseudoTerminal {
  /** The side that a driver opens, such as /dev/pts/3. */
  readonly path: string;
  /** The device's side, for writing. */
  readonly fd: number;
  /** The device's side, for reading. */
  readonly master: NodeJS.ReadStream;
  /** Whoever has opened the path sees a hang-up. */
  hangUp(): void;
}

/** What node-pty's `open` returns; its own type declarations leave it out. */
interface Opened {
  fd: number;
  ptsName: string;
  master: NodeJS.ReadStream;
  slave: NodeJS.ReadStream;
}

/** @throws Error when there is no pty, or no `stty` */
export function openPseudoTerminal(): PseudoTerminal {
  const { open } = pty as unknown as { open(options: { encoding: null }): Opened };
  const { fd, ptsName: path, master, slave } = open({ encoding: null });
  // libuv has opened the path anew for the stream, so that this one stays open when the stream is closed: without an open
  // slave side a write would find a hung-up line whenever no driver is there.
  const holdFd = firstOpened(path);
  // node-pty's own stream on the slave side would take the bytes that are meant for the driver.
  slave.destroy();
  master.on("error", () => undefined); // Its last word when the pty goes, which is what was wanted.
  const hangUp = (): void => {
    master.destroy();
    closeSync(holdFd);
  };
  try {
    execFileSync("stty", ["-F", path, "raw", "-echo"]);
  } catch (error) {
    hangUp();
    throw error;
  }
  return { path, fd, master, hangUp };
}

/** The lowest descriptor of this process on that path. @throws Error when there is none */
function firstOpened(path: string): number {
  const [first] = readdirSync("/proc/self/fd")
    .map(Number)
    .filter((fd) => leadsTo(fd) === path)
    .sort((a, b) => a - b);
  if (first === undefined) throw new Error(`${path} is not open`);
  return first;
}

function leadsTo(fd: number): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return null; // The one that has listed them.
  }
}
