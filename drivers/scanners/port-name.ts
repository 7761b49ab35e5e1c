// Which names of serial ports stay with their scanner, and which go to whoever is plugged in first.
import { basename, dirname } from "node:path";

/** Names that the kernel gives out in the order of plugging. */
export const isUnstableName = (path: string): boolean =>
  dirname(path) === "/dev" && /^tty(USB|ACM|XRUSB)\d+$/.test(basename(path));
