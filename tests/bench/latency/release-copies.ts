// The release cache of ten million records that each site of the latency benchmark begins with: built once, then copied.
import { closeSync, constants, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { systemClock } from "../../../src/releases/clock.ts";
import { openReleaseStore } from "../../../src/releases/store.ts";
import { buildReleases } from "../build-releases.ts";
import { RECORDS } from "./waybills.ts";

export class ReleaseCopies {
  /** The cache of the first site: the next one begins with what it has left, which its parcels do not need. */
  #built: string | null;
  readonly #say: (text: string) => void;

  /** @param kept a file that stays as it was built; made when it is missing; null: none */
  constructor(kept: string | null, say: (text: string) => void) {
    this.#built = kept;
    this.#say = say;
  }

  /** Ten million records, of which a run spends some. */
  async prepare(file: string): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    const built = this.#built ?? file;
    this.#built = built;
    if (!existsSync(built)) await this.#build(built);
    if (built !== file) copyFileSync(built, file, constants.COPYFILE_FICLONE);
    syncFile(file);
    const store = openReleaseStore(file, systemClock());
    await store.restartCursor(); // This run's journal begins anew.
    await store.close();
  }

  async #build(file: string): Promise<void> {
    const onProgress = (done: number): void => {
      if (done % 1_000_000 === 0) this.#say(`\rbuilding ${file}: ${done} of ${RECORDS} records`);
    };
    await buildReleases({ file, records: RECORDS, nowMs: Date.now(), onProgress });
    this.#say("\n");
  }
}

/** What the kernel would write behind would be measured as the journal's. */
function syncFile(file: string): void {
  const fd = openSync(file, "r");
  fsyncSync(fd);
  closeSync(fd);
}
