// A disk on the simulator's clock: it delays, stalls, fills and fails, and a crash keeps what was synced and may tear the rest.
import type { DiskWrite, JournalDisk } from "../../src/journal/disk.ts";

export type DiskOperation = "create" | "write" | "fdatasync" | "close" | "syncFile" | "syncFolder" | "freeBytes";

export interface VirtualDiskOptions {
  /** Runs `answer` once, when the simulator's clock says so, and never inside the call. Not running it is a stall. */
  later(operation: DiskOperation, answer: () => void): void;
  /** What a disk before this one left. */
  image?: DiskImage;
  /** All files together; a write beyond it is short, then refused. */
  capacityBytes?: number;
  /** How many of `length` bytes one write takes, at least 1; all, unless told otherwise. */
  taken?(length: number): number;
  /** A file that is closed is gone: a run of a whole day need not be held in memory. */
  forgetsClosed?: boolean;
  onClosed?(name: string, bytes: Buffer): void;
  /** What is certain from now on to survive a loss of power: the end of a file from the beginning of a line, or all of it. */
  onSynced?(bytes: Buffer): void;
}

/** File contents with how much of them would survive a loss of power. */
export type DiskImage = ReadonlyMap<string, { bytes: Buffer; syncedBytes: number; isNamed: boolean }>;

export interface VirtualDisk extends JournalDisk {
  setCapacity(bytes: number): void;
  /** Every sync from now on answers EIO. */
  failSyncs(): void;
  /** The process dies, the kernel lives: everything written is there. Operations in flight never answer. */
  kill(draw: Draw): DiskImage;
  /** The power goes: of what was not synced any first part stays, perhaps followed by zeros; an unsynced name may go. */
  crash(draw: Draw): DiskImage;
}

/** A whole number in [0, max]. */
export type Draw = (max: number) => number;

/** Its space doubles when it is full, so that a long file is not copied at each write. */
class File {
  readonly name: string;
  syncedBytes: number;
  /** The folder was synced since the file was made. */
  isNamed: boolean;
  #space: Buffer;
  #length: number;

  constructor(name: string, left: { bytes: Buffer; syncedBytes: number; isNamed: boolean }) {
    this.name = name;
    this.syncedBytes = left.syncedBytes;
    this.isNamed = left.isNamed;
    this.#space = left.bytes;
    this.#length = left.bytes.length;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Buffer {
    return this.#space.subarray(0, this.#length);
  }

  put(write: DiskWrite, length: number): void {
    const end = write.position + length;
    if (end > this.#space.length) {
      const larger = Buffer.alloc(Math.max(end, 2 * this.#space.length));
      this.#space.copy(larger, 0, 0, this.#length);
      this.#space = larger;
    }
    write.bytes.copy(this.#space, write.position, write.from, write.from + length);
    this.#length = Math.max(this.#length, end);
  }
}

export function virtualDisk(o: VirtualDiskOptions): VirtualDisk {
  const files = new Map<string, File>();
  for (const [name, left] of o.image ?? [])
    files.set(name, new File(name, { ...left, bytes: Buffer.from(left.bytes) }));
  const open = new Map<number, File>();
  const inFlight = new Set<DiskWrite>();
  let capacity = o.capacityBytes ?? Number.POSITIVE_INFINITY;
  let syncFails = false;
  let isDead = false;
  let nextFd = 3;

  function used(): number {
    let sum = 0;
    for (const file of files.values()) sum += file.length;
    return sum;
  }
  const later = (operation: DiskOperation, answer: () => void): void =>
    o.later(operation, () => {
      if (!isDead) answer();
    });
  const sync = (operation: DiskOperation, apply: () => void, done: (error: Error | null) => void): void =>
    later(operation, () => {
      if (syncFails) return done(failure("EIO"));
      apply();
      done(null);
    });

  /** What was on its way may have arrived in part. */
  function die(draw: Draw): void {
    isDead = true;
    for (const write of inFlight) fileOf(open, write.fd).put(write, draw(write.length));
  }

  return {
    names: () => [...files.keys()],
    read: (name) => Buffer.from(fileNamed(files, name).bytes),
    create: (name, done) =>
      later("create", () => {
        if (files.has(name)) return done(failure("EEXIST"), -1);
        if (used() >= capacity) return done(failure("ENOSPC"), -1);
        const file = new File(name, { bytes: Buffer.alloc(0), syncedBytes: 0, isNamed: false });
        files.set(name, file);
        open.set(nextFd, file);
        nextFd += 1;
        done(null, nextFd - 1);
      }),
    write(write, done) {
      inFlight.add(write);
      later("write", () => {
        inFlight.delete(write);
        const room = capacity === Number.POSITIVE_INFINITY ? capacity : Math.max(0, capacity - used());
        const length = Math.min(write.length, room, o.taken?.(write.length) ?? write.length);
        if (length === 0) return done(failure("ENOSPC"), 0);
        fileOf(open, write.fd).put(write, length);
        done(null, length);
      });
    },
    fdatasync: (fd, done) =>
      sync(
        "fdatasync",
        () => {
          const file = fileOf(open, fd);
          // A sync may have ended within a line.
          const from = file.syncedBytes === 0 ? 0 : file.bytes.lastIndexOf("\n", file.syncedBytes - 1) + 1;
          file.syncedBytes = file.length;
          o.onSynced?.(file.bytes.subarray(from));
        },
        done,
      ),
    close: (fd, done) =>
      later("close", () => {
        const { name, bytes } = fileOf(open, fd);
        o.onClosed?.(name, bytes);
        if (o.forgetsClosed === true) files.delete(name);
        open.delete(fd);
        done(null);
      }),
    syncFile: (name, done) =>
      sync(
        "syncFile",
        () => {
          const file = fileNamed(files, name);
          file.syncedBytes = file.length;
          o.onSynced?.(file.bytes);
        },
        done,
      ),
    syncFolder: (done) =>
      sync(
        "syncFolder",
        () => {
          for (const file of files.values()) file.isNamed = true;
        },
        done,
      ),
    freeBytes: (done) => later("freeBytes", () => done(null, Math.max(0, capacity - used()))),
    setCapacity(bytes) {
      capacity = bytes;
    },
    failSyncs() {
      syncFails = true;
    },
    kill(draw) {
      die(draw);
      return files;
    },
    crash(draw) {
      die(draw);
      const survivors = [...files.values()].filter((file) => file.isNamed || draw(1) === 1);
      return new Map(survivors.map((file) => [file.name, torn(file, draw)]));
    },
  };
}

/** Zeros: the file had grown, its new blocks were not written yet. */
function torn(file: File, draw: Draw): { bytes: Buffer; syncedBytes: number; isNamed: boolean } {
  const kept = file.syncedBytes + draw(file.bytes.length - file.syncedBytes);
  const zeros = draw(1) === 1 ? draw(file.bytes.length - kept) : 0;
  const bytes = Buffer.concat([file.bytes.subarray(0, kept), Buffer.alloc(zeros)]);
  return { bytes, syncedBytes: bytes.length, isNamed: true };
}

function fileNamed(files: ReadonlyMap<string, File>, name: string): File {
  const file = files.get(name);
  if (file === undefined) throw failure("ENOENT");
  return file;
}

function fileOf(open: ReadonlyMap<number, File>, fd: number): File {
  const file = open.get(fd);
  if (file === undefined) throw failure("EBADF");
  return file;
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}, virtual disk`), { code });
