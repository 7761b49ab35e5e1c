// The parent of a site's processes: restarts, back-off, orderly and forced ends, and what happens when it is gone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ChildPlan, type Supervisor, supervise } from "../../../src/process/supervise.ts";

const source = (name: string): string => JSON.stringify(new URL(`../../../src/process/${name}`, import.meta.url).href);
/** A process of the same build as the real ones: stops by onStop, leaves a mark when it stopped cleanly. */
const wellBehaved = (mark: string): string => `
  const { onStop } = await import(${source("stop.ts")});
  const { writeFileSync } = await import("node:fs");
  onStop(async (why) => writeFileSync(${JSON.stringify(mark)}, why), { withinMs: 5000 });
  writeFileSync(${JSON.stringify(`${mark}.up`)}, String(process.pid));
  setInterval(() => {}, 1000);`;

let folder: string;
let supervisor: Supervisor | undefined;
let said: { child: string; event: string; inMs?: number; code?: number | null }[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-supervise-"));
  said = [];
});
afterEach(async () => {
  supervisor?.stop();
  await supervisor?.ended;
  supervisor = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const plan = (name: string, script: string): ChildPlan => ({
  name,
  command: [process.execPath, "--input-type=module", "-e", script],
  backOffMs: 1,
  backOffMaxMs: 4,
});
function watch(children: ChildPlan[], more: { stopWithinMs?: number } = {}): Supervisor {
  supervisor = supervise({ children, noRestart: [78], say: (event) => said.push(event), ...more });
  return supervisor;
}
const pauses = (): (number | undefined)[] => said.filter((e) => e.event === "starts again").map((e) => e.inMs);
const UP = { timeout: 20_000, interval: 10 };

test("a child that keeps dying is started again, with pauses that double up to their bound", async () => {
  watch([plan("gateway", "process.exit(74)")]);
  await vi.waitFor(() => expect(pauses().length).toBeGreaterThanOrEqual(4), UP);
  expect(pauses().slice(0, 4)).toEqual([1, 2, 4, 4]);
});

test("one child's death leaves the other alone", async () => {
  const parent = watch([plan("controller", wellBehaved(join(folder, "c"))), plan("gateway", "process.exit(74)")]);
  await vi.waitFor(() => expect(existsSync(join(folder, "c.up"))).toBe(true), UP);
  const before = parent.pids()["controller"];
  const deaths = pauses().length;
  await vi.waitFor(() => expect(pauses().length).toBeGreaterThan(deaths), UP);
  expect(parent.pids()["controller"]).toBe(before);
});

test("asked to stop, both end cleanly and the parent says 0", async () => {
  const parent = watch([
    plan("controller", wellBehaved(join(folder, "c"))),
    plan("gateway", wellBehaved(join(folder, "g"))),
  ]);
  await vi.waitFor(() => expect(["c.up", "g.up"].every((f) => existsSync(join(folder, f)))).toBe(true), UP);
  parent.stop();
  expect(await parent.ended).toBe(0);
  expect(readFileSync(join(folder, "c"), "utf8")).toBe("SIGTERM");
  expect(readFileSync(join(folder, "g"), "utf8")).toBe("SIGTERM");
});

test("a child that does not stop in time is killed, and the parent does not call that clean", async () => {
  const up = join(folder, "up");
  const deaf = `process.on("SIGTERM", () => {}); (await import("node:fs")).writeFileSync(${JSON.stringify(up)}, "");
    setInterval(() => {}, 1000);`;
  const parent = watch([plan("controller", deaf)], { stopWithinMs: 20 });
  await vi.waitFor(() => expect(existsSync(up)).toBe(true), UP);
  parent.stop();
  expect(await parent.ended).toBe(1);
  expect(said.some((e) => e.event.includes("killed"))).toBe(true);
});

test("a site that does not pass its check ends everything with that code, without trying again", async () => {
  const parent = watch([plan("controller", "process.exit(78)"), plan("gateway", wellBehaved(join(folder, "g")))]);
  expect(await parent.ended).toBe(78);
  expect(pauses()).toEqual([]);
});

test("a program that cannot be started at all is tried again, and said", async () => {
  watch([{ name: "controller", command: [join(folder, "nowhere")], backOffMs: 1, backOffMaxMs: 1 }]);
  await vi.waitFor(() => expect(pauses().length).toBeGreaterThanOrEqual(2), UP);
  expect(said.find((e) => e.event === "ended")).toMatchObject({ error: expect.stringContaining("ENOENT") });
});

test("the parent is killed without a word: its children stop by themselves, cleanly", async () => {
  const mark = join(folder, "c");
  const child = plan("controller", wellBehaved(mark));
  const script = `const { supervise } = await import(${source("supervise.ts")});
    supervise({ children: [${JSON.stringify(child)}], noRestart: [], say: () => {} });`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
  await vi.waitFor(() => expect(existsSync(`${mark}.up`)).toBe(true), UP);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  await vi.waitFor(() => expect(readFileSync(mark, "utf8")).toBe("the end of its parent"), UP);
});
