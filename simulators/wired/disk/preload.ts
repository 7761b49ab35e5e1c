// Preloaded into a controller (`node --import`): a disk that can be slow or full, and that notes what it has synced.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DISK_ORDERS, takeOrders } from "./orders.ts";

type Done = (error: NodeJS.ErrnoException | null, result?: unknown) => void;
/** The calls of node:fs that the journal's disk is made of; each ends with its callback. */
type Call = (...args: unknown[]) => void;

const path = process.env[DISK_ORDERS];
if (path !== undefined && process.argv[2] === "controller") simulateDisk(path);

function simulateDisk(ordersPath: string): void {
  const { orders, isSynced } = takeOrders(ordersPath);
  const { open, write, fdatasync, statfs, close } = fs as unknown as Record<
    "open" | "write" | "fdatasync" | "statfs" | "close",
    Call
  >;
  /** Journal files that are being written: how far, by descriptor. */
  const files = new Map<unknown, { path: string; bytes: number }>();
  const isJournal = (file: unknown): file is string => typeof file === "string" && /\/\d+\.jsonl$/.test(file);
  const full = (): NodeJS.ErrnoException => Object.assign(new Error("ENOSPC: simulated disk"), { code: "ENOSPC" });
  const before =
    (call: Call, watched: (args: unknown[], done: Done) => Done | null): Call =>
    (...args) => {
      const done = args.at(-1) as Done;
      const then = watched(args, done);
      if (then !== null) call(...args.slice(0, -1), then);
    };
  const refused = (done: Done): null => {
    setImmediate(done, full(), 0);
    return null;
  };

  Object.assign(fs, {
    open: before(open, (args, done) => {
      const [file, flags] = args;
      if (!isJournal(file) || flags !== "wx") return done;
      if (orders().isFull) return refused(done);
      return (error, fd) => {
        if (error === null) files.set(fd, { path: file, bytes: 0 });
        done(error, fd);
      };
    }),
    write: before(write, (args, done) => {
      const file = files.get(args[0]);
      if (file === undefined) return done;
      if (orders().isFull) return refused(done);
      return (error, length) => {
        if (error === null) file.bytes = Math.max(file.bytes, Number(args[4]) + Number(length));
        done(error, length);
      };
    }),
    fdatasync(...args: unknown[]) {
      const done = args.at(-1) as Done;
      const file = files.get(args[0]);
      const bytes = file?.bytes ?? 0;
      const begunMs = performance.now();
      const { syncMs } = orders();
      fdatasync(args[0], (error: NodeJS.ErrnoException | null) => {
        const synced = (): void => {
          if (error === null && file !== undefined) isSynced({ path: file.path, bytes });
          done(error);
        };
        const restMs = syncMs - (performance.now() - begunMs);
        if (restMs > 0) setTimeout(synced, restMs);
        else synced();
      });
    },
    close: before(close, ([fd], done) => {
      files.delete(fd);
      return done;
    }),
    statfs: before(statfs, (_, done) => (error, stats) => {
      done(error, error === null && orders().isFull ? { ...(stats as object), bavail: 0 } : stats);
    }),
  });
  syncBuiltinESMExports(); // So that `import { write } from "node:fs"` means these.
}
