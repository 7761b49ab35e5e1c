// The disk of a wired run, under the journal's own calls: slow, full, and what is left of a file when the power is gone.
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { DISK_ORDERS, giveOrders } from "../../../simulators/wired/disk/orders.ts";
import { losePower } from "../../../simulators/wired/disk/power-loss.ts";
import { createRandom } from "../../../simulators/world/random.ts";

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "coline-disk-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

interface Answer {
  what: string;
  error: string | null;
  tookMs?: number;
  bytes?: number;
}

async function writer() {
  const place = folder();
  const disk = giveOrders(join(place, "orders"));
  onTestFinished(() => disk.close());
  const child: ChildProcess = fork(file("./disk-writer.ts"), ["controller", join(place, "journal")], {
    execArgv: [`--import=${file("../../../simulators/wired/disk/preload.ts")}`],
    env: { ...process.env, [DISK_ORDERS]: join(place, "orders") },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const next = (): Promise<Answer> => new Promise((resolve) => child.once("message", (it) => resolve(it as Answer)));
  await next();
  const ask = (what: string): Promise<Answer> => {
    const answered = next();
    child.send(what);
    return answered;
  };
  return { disk, ask, journal: join(place, "journal", "000000000001.jsonl") };
}

test("a disk that is well: what was synced is noted, what was only written is not", async () => {
  const { disk, ask, journal } = await writer();
  expect(disk.synced()).toBeNull();
  await ask("create");
  await ask("write");
  expect(await ask("sync")).toMatchObject({ error: null });
  await ask("write");
  expect(disk.synced()).toEqual({ path: journal, bytes: 10 });
  expect(readFileSync(journal)).toHaveLength(20);
});

test("a slow disk: a sync takes its time, and is noted no earlier than the journal hears of it", async () => {
  const { disk, ask } = await writer();
  await ask("create");
  await ask("write");
  disk.give({ syncMs: 80, isFull: false });
  expect((await ask("sync")).tookMs).toBeGreaterThanOrEqual(79);
  expect(disk.synced()).toMatchObject({ bytes: 10 });
});

test("a full disk refuses new files and bytes, and says that nothing is free; emptied, it goes on", async () => {
  const { disk, ask, journal } = await writer();
  disk.give({ syncMs: 0, isFull: true });
  expect(await ask("create")).toMatchObject({ error: "ENOSPC" });
  expect(await ask("free")).toMatchObject({ error: null, bytes: 0 });
  disk.give({ syncMs: 0, isFull: false });
  expect(await ask("create")).toMatchObject({ error: null });
  disk.give({ syncMs: 0, isFull: true });
  expect(await ask("write")).toMatchObject({ error: "ENOSPC" });
  disk.give({ syncMs: 0, isFull: false });
  expect(await ask("write")).toMatchObject({ error: null });
  expect((await ask("free")).bytes).toBeGreaterThan(0);
  expect(readFileSync(journal, "utf8")).toBe("0123456789");
});

test("the power goes: what was synced stays as it is, of the rest a part stays, and the end may be zeros", () => {
  const path = join(folder(), "000000000001.jsonl");
  const whole = Buffer.from("x".repeat(100));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 10_000 }), (bytes, seed) => {
      writeFileSync(path, whole);
      const lost = losePower({ path, bytes }, createRandom(seed));
      const left = readFileSync(path);
      const kept = left.indexOf(0) === -1 ? left.length : left.indexOf(0);
      expect(kept).toBe(100 - lost);
      expect(kept).toBeGreaterThanOrEqual(bytes);
      expect(left.subarray(0, kept)).toEqual(whole.subarray(0, kept));
      expect([kept, 100]).toContain(left.length);
      expect(left.subarray(kept).every((byte) => byte === 0)).toBe(true);
    }),
  );
  expect(losePower(null, createRandom(1))).toBe(0);
});
