// A process that does to a file what the journal does, on the simulated disk: for `simulated-disk.test.ts`.
import { fileDisk } from "../../../src/journal/file-disk.ts";

/** "controller", as the simulated disk asks for, and the folder. */
const [, folder = ""] = process.argv.slice(2);
const disk = fileDisk(folder);
let fd = -1;
let position = 0;

const answered = (what: string, error: Error | null, more: object = {}): void =>
  void process.send?.({ what, error: (error as NodeJS.ErrnoException | null)?.code ?? null, ...more });

process.on("message", (what: string) => {
  const begunMs = performance.now();
  if (what === "create")
    disk.create("000000000001.jsonl", (error, created) => {
      fd = created;
      answered(what, error);
    });
  if (what === "write")
    disk.write({ fd, bytes: Buffer.from("0123456789"), from: 0, length: 10, position }, (error, length) => {
      position += length ?? 0;
      answered(what, error);
    });
  if (what === "sync") disk.fdatasync(fd, (error) => answered(what, error, { tookMs: performance.now() - begunMs }));
  if (what === "free") disk.freeBytes((error, bytes) => answered(what, error, { bytes }));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ what: "ready", error: null });
