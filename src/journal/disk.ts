// What the journal asks of a disk; tests and the virtual simulator answer it on a clock of their own.
type Failure = NodeJS.ErrnoException | null;

/** Reading, for start, verification and stories: synchronous, because nothing runs yet (or nothing real-time ever). */
export interface JournalFolder {
  /** Names in the folder, in any order. */
  names(): string[];
  /** The whole file. @throws when it cannot be read */
  read(name: string): Buffer;
}

/**
 * Writing while the line runs. Each call returns at once and answers later by `done`, exactly once and never inside the
 * call. The writer has at most one call in flight, `freeBytes` apart.
 */
export interface JournalDisk extends JournalFolder {
  /** Creates a file that must not exist yet, for writing. */
  create(name: string, done: (error: Failure, fd: number) => void): void;
  /** Writes bytes [from, from + length) at `position`; may write fewer, never more. */
  write(o: DiskWrite, done: (error: Failure, written: number) => void): void;
  fdatasync(fd: number, done: (error: Failure) => void): void;
  close(fd: number, done: (error: Failure) => void): void;
  /** Puts an existing file's bytes on the disk. */
  syncFile(name: string, done: (error: Failure) => void): void;
  /** Puts the folder's names on the disk. */
  syncFolder(done: (error: Failure) => void): void;
  /** Bytes that this user may still write. */
  freeBytes(done: (error: Failure, bytes: number) => void): void;
}

export interface DiskWrite {
  fd: number;
  bytes: Buffer;
  from: number;
  length: number;
  /** Place in the file: a repeated write overwrites itself instead of doubling. */
  position: number;
}
