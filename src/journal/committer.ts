// Brings groups onto the disk, one at a time: open the segment if it is a new one, write, sync, say so.
import type { JournalDisk } from "./disk.ts";
import { JournalFailed } from "./failures.ts";
import type { Group, GroupQueue } from "./group.ts";
import { segmentName } from "./segment.ts";

export interface Committer {
  /** Starts on the next group that has to be written, unless one is in flight. */
  run(): void;
  /** Tries again what a full disk refused. */
  retry(): void;
  /** When the group in flight was begun; null: none is, or the disk is full. */
  inFlightSinceNs(): number | null;
  /** Bytes in the open segment. */
  segmentBytes(): number;
  /** Calls back when nothing is left to write and the file is closed. */
  finish(done: () => void): void;
}

export interface CommitterOptions {
  disk: JournalDisk;
  queue: GroupQueue;
  /** A group for which nothing waits is written when its first line is this old. */
  restNs: number;
  nowNs: () => number;
  /** Files of runs before, synced before the first group. */
  unsynced: readonly string[];
  onDurable(group: Group): void;
  /** The disk took nothing for lack of space; `retry` is awaited. */
  onRefused(): void;
  onFatal(error: JournalFailed): void;
}

type Outcome = (error: NodeJS.ErrnoException | null) => void;

export function committer(o: CommitterOptions): Committer {
  const { disk, queue } = o;
  let state: "idle" | "busy" | "refused" | "dead" = "idle";
  let open: { fd: number; segment: number; bytes: number } | null = null;
  let sinceNs: number | null = null;
  let unsynced = [...o.unsynced];
  let folderSynced = false;
  let finished: (() => void) | null = null;

  function next(): void {
    if (state !== "idle") return;
    const group = queue.current(finished === null ? o.nowNs() - o.restNs : Number.POSITIVE_INFINITY);
    if (group === null) {
      atRest();
      return;
    }
    state = "busy";
    sinceNs ??= o.nowNs();
    if (group.begins !== null && open?.segment !== group.begins) openSegment(group.begins);
    else if (!folderSynced) syncFolder();
    else if (group.written < group.length) write(group);
    else sync(group);
  }

  /** A step in flight ended: go on, give up for now, or for good. */
  function after(what: "write" | "sync", then: () => void): Outcome {
    return (error) => {
      if (state === "dead") return;
      if (error === null) {
        state = "idle";
        then();
        next();
      } else if (what === "write" && isNoSpace(error)) {
        state = "refused";
        sinceNs = null;
        o.onRefused();
      } else die(what, error);
    };
  }

  /** The kernel may have dropped the pages of a failed sync and call the next one good: there is nothing to retry. */
  function die(what: "write" | "sync", error: Error): void {
    state = "dead";
    const code = what === "sync" ? "JOURNAL_SYNC_FAILED" : "JOURNAL_WRITE_FAILED";
    o.onFatal(new JournalFailed(code, `the disk answered ${error.message}; what it holds is no longer known`, error));
  }

  /** One step a call, each on the disk before the next: a header must never stand where its forerunners may vanish. */
  function openSegment(segment: number): void {
    const [name] = unsynced;
    if (name !== undefined) {
      const synced = after("sync", () => {
        unsynced = unsynced.slice(1);
      });
      disk.syncFile(name, synced);
    } else if (!folderSynced) {
      syncFolder();
    } else if (open !== null) {
      closeSegment(open.fd);
    } else {
      disk.create(segmentName(segment), (error, fd) => created(segment, fd)(error));
    }
  }

  function syncFolder(): void {
    const synced = after("sync", () => {
      folderSynced = true;
    });
    disk.syncFolder(synced);
  }

  function closeSegment(fd: number): void {
    const closed = after("sync", () => {
      open = null;
    });
    disk.close(fd, closed);
  }

  function created(segment: number, fd: number): Outcome {
    return after("write", () => {
      open = { fd, segment, bytes: 0 };
      folderSynced = false;
    });
  }

  function write(group: Group): void {
    if (open === null) throw new Error("the first group must begin a segment");
    const { fd, bytes: position } = open;
    const length = group.length - group.written;
    disk.write({ fd, bytes: group.bytes, from: group.written, length, position }, (error, written) => {
      // No progress and no error would spin for ever; it is what a full disk may answer too.
      const refusal = error === null && written === 0 ? noSpace() : error;
      after("write", () => {
        group.written += written;
        if (open !== null) open.bytes += written;
      })(refusal);
    });
  }

  function sync(group: Group): void {
    if (open === null) throw new Error("the first group must begin a segment");
    disk.fdatasync(
      open.fd,
      after("sync", () => {
        sinceNs = null;
        queue.done();
        o.onDurable(group);
      }),
    );
  }

  function atRest(): void {
    const done = finished;
    if (done === null) return;
    finished = null;
    if (open === null) {
      done();
      return;
    }
    state = "busy";
    disk.close(open.fd, after("sync", done));
    open = null;
  }

  return {
    run: next,
    retry() {
      if (state !== "refused") return;
      state = "idle";
      next();
    },
    inFlightSinceNs: () => sinceNs,
    segmentBytes: () => open?.bytes ?? 0,
    finish(done) {
      finished = done;
      next();
    },
  };
}

const isNoSpace = (error: NodeJS.ErrnoException): boolean => error.code === "ENOSPC" || error.code === "EDQUOT";
const noSpace = (): NodeJS.ErrnoException => Object.assign(new Error("nothing was written"), { code: "ENOSPC" });
