// The journal's disk on a real file system: node:fs callbacks, no synchronous call once the line runs.
import { close, fdatasync, fsync, mkdirSync, open, readdirSync, readFileSync, statfs, write } from "node:fs";
import { join } from "node:path";
import type { JournalDisk, JournalFolder } from "./disk.ts";

/** Owner writes, group reads: the gateway follows under a user of its own. */
const FILE_MODE = 0o640;

/** Reading only; the folder must exist. */
export const fileFolder = (folder: string): JournalFolder => ({
  names: () => readdirSync(folder),
  read: (name) => readFileSync(join(folder, name)),
});

/** Makes the folder when it is not there. */
export function fileDisk(folder: string): JournalDisk {
  mkdirSync(folder, { recursive: true });
  return {
    ...fileFolder(folder),
    create: (name, done) => open(join(folder, name), "wx", FILE_MODE, done),
    write: (o, done) => write(o.fd, o.bytes, o.from, o.length, o.position, done),
    fdatasync,
    close,
    syncFile: (name, done) => syncPath(join(folder, name), done),
    syncFolder: (done) => syncPath(folder, done),
    freeBytes: (done) =>
      statfs(folder, (error, stats) => (error === null ? done(null, stats.bavail * stats.bsize) : done(error, 0))),
  };
}

function syncPath(path: string, done: (error: NodeJS.ErrnoException | null) => void): void {
  open(path, "r", (openError, fd) => {
    if (openError !== null) done(openError);
    else fsync(fd, (syncError) => close(fd, (closeError) => done(syncError ?? closeError)));
  });
}
