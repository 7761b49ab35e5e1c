// The process image between world and PLC: what one side writes is what the other reads, all of one instant.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createImage, markStop, openImage } from "../../../simulators/wired/process-image.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-image-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("levels and counters of the world reach the PLC only when they are published", () => {
  const world = createImage(join(folder, "a"));
  const plc = openImage(world.path);
  world.input(0, true);
  world.input(255, true);
  world.counter(15, 2 ** 32 - 1);
  plc.refresh();
  expect([plc.input(0), plc.input(255), plc.counter(15)]).toEqual([false, false, 0]);
  world.publish();
  plc.refresh();
  expect([plc.input(0), plc.input(1), plc.input(255), plc.counter(15)]).toEqual([true, false, true, 2 ** 32 - 1]);
  plc.close();
  world.close();
});

test("outputs reach the world at commit, and every commit counts, over a restart of the PLC too", () => {
  const world = createImage(join(folder, "a"));
  const plc = openImage(world.path);
  const before = world.refresh().commits;
  plc.output(31, true);
  world.refresh();
  expect(world.output(31)).toBe(false);
  plc.commit();
  plc.close();
  expect(world.refresh().commits).toBe(before + 1);
  expect(world.output(31)).toBe(true);
  const restarted = openImage(world.path);
  restarted.commit();
  expect(world.refresh().commits).toBe(before + 2);
  restarted.close();
  world.close();
  expect(existsSync(world.path)).toBe(false);
});

test("a PLC that was stopped on somebody's order can tell, and a restarted one is told of new stops only", () => {
  const world = createImage(join(folder, "a"));
  const plc = openImage(world.path);
  const before = plc.stops();
  expect(plc.stops()).toBe(before);
  markStop(world.path);
  expect(plc.stops()).toBe(before + 1);
  const restarted = openImage(world.path);
  expect(restarted.stops()).toBe(before + 1);
  restarted.close();
  plc.close();
  world.close();
});

test("a file that is no image is refused, and so is a terminal that does not exist", () => {
  writeFileSync(join(folder, "b"), Buffer.alloc(1024));
  expect(() => openImage(join(folder, "b"))).toThrow(/no consistent read/);
  const world = createImage(join(folder, "c"));
  expect(() => world.input(256, true)).toThrow(/terminal 256/);
  expect(() => world.counter(16, 1)).toThrow(/counter 16/);
  world.close();
});

test("a reader in another process never sees half of a write", async () => {
  const world = createImage(join(folder, "a"));
  const module = new URL("../../../simulators/wired/process-image.ts", import.meta.url).href;
  // Every counter is written with the same value; the reader counts instants in which two of them differ.
  const reader = spawn(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { openImage } from ${JSON.stringify(module)};
     const plc = openImage(${JSON.stringify(world.path)});
     let torn = 0, seen = 0, last = -1;
     process.stdout.write("ready\\n");
     while (last < 4_000_000_000) {
       plc.refresh();
       for (let i = 1; i < 16; i += 1) if (plc.counter(i) !== plc.counter(0)) torn += 1;
       if (plc.counter(0) !== last) seen += 1;
       last = plc.counter(0);
     }
     process.stdout.write(JSON.stringify({ torn, seen }));`,
  ]);
  await once(reader.stdout, "data");
  let out = "";
  reader.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  const writes = 50_000;
  for (let n = 1; n <= writes; n += 1) {
    for (let i = 0; i < 16; i += 1) world.counter(i, n === writes ? 4_000_000_000 : n);
    world.publish();
  }
  await once(reader, "close");
  const { torn, seen } = JSON.parse(out) as { torn: number; seen: number };
  expect(torn).toBe(0);
  expect(seen).toBeGreaterThan(1);
  world.close();
});
