// Preloaded into a controller (`node --import`) where strace is not to be had: every fdatasync begins so much later.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** In the environment: ms. */
export const SYNC_DELAY_MS = "COLINE_TEST_SYNC_DELAY_MS";

const delayMs = Number(process.env[SYNC_DELAY_MS] ?? 0);
if (delayMs > 0 && process.argv[2] === "controller") {
  const { fdatasync } = fs;
  Object.assign(fs, {
    fdatasync: (fd: number, done: (error: NodeJS.ErrnoException | null) => void) =>
      void setTimeout(() => fdatasync(fd, done), delayMs),
  });
  syncBuiltinESMExports(); // So that `import { fdatasync } from "node:fs"` means this.
}
