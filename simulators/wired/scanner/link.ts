// The stable path of a simulated scanner: a symbolic link to its pty, as udev makes one below /dev/serial/by-id.
import { readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";

/**
 * Replaces an older link in one step, so that a driver never finds half of one.
 * @throws Error when the folder does not exist or may not be written.
 */
export function linkTo(ptyPath: string, linkPath: string): void {
  const fresh = `${linkPath}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(ptyPath, fresh);
  renameSync(fresh, linkPath);
}

/**
 * Takes the link away, unless it leads to another pty by now. One left behind would lead to a stranger: the kernel
 * gives a free pty's number to the next one that asks.
 */
export function unlinkFrom(ptyPath: string, linkPath: string): void {
  if (leadsTo(linkPath) === ptyPath) rmSync(linkPath, { force: true });
}

function leadsTo(linkPath: string): string | null {
  try {
    return readlinkSync(linkPath);
  } catch {
    return null;
  }
}
