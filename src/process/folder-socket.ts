// Names an abstract Unix socket after a folder, so that the folder's processes find each other without a file.
import { statSync } from "node:fs";

/**
 * `\0coline.ROLE.DEVICE.INODE`: two paths to the same folder (links, mounts) give one name, a copy gives another. An
 * abstract socket lives in the network namespace and vanishes with its process: nothing stale is ever left behind.
 * @throws ENOENT when the folder does not exist
 */
export function folderSocket(role: "controller" | "gateway" | "live", folder: string): string {
  const { dev, ino } = statSync(folder, { bigint: true });
  return `\0coline.${role}.${dev}.${ino}`;
}
