// Two processes on one file: what the gateway's side has committed, the controller's next look sees, in the same turn.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ReleaseEvent } from "../../../src/releases/event.ts";
import { openReleaseReader, type ReleaseReader } from "../../../src/releases/reader.ts";
import { dayMs, declared, hold, lift, t0 } from "../../unit/releases/samples.ts";

const wallMs = t0 + dayMs;
const { company, waybill } = declared();
const writer = fileURLToPath(new URL("writer.ts", import.meta.url));
let folder: string;
let child: ChildProcess;
let said: number;
let reader: ReleaseReader;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  const pipe = join(folder, "said");
  const out = openSync(pipe, "w");
  said = openSync(pipe, "r");
  const args = [writer, join(folder, "releases.mdb"), String(wallMs)];
  child = spawn(process.execPath, args, { stdio: ["pipe", out, "inherit"] });
  closeSync(out);
});

afterEach(async () => {
  await reader.close();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.stdin?.end();
  await ended;
  closeSync(said);
  rmSync(folder, { recursive: true });
});

/** Waits for the next line without giving the event loop a turn, so that no read transaction ends by itself. */
function nextLine(): string {
  const byte = Buffer.alloc(1);
  let line = "";
  const giveUpAt = Date.now() + 20_000;
  while (Date.now() < giveUpAt) {
    if (readSync(said, byte) === 0) continue;
    if (byte.toString() === "\n") return line;
    line += byte.toString();
  }
  throw new Error(`the writer said no more than "${line}"`);
}

test("a commit of another process is seen by the next look, without the turn of the event loop ending", () => {
  expect(nextLine()).toBe("open");
  const clock = { wallMs: () => wallMs, monotonicNs: () => 0, bootId: "test" };
  reader = openReleaseReader(join(folder, "releases.mdb"), clock);
  const look = () => reader.look(company, waybill);
  const steps: [ReleaseEvent, string | undefined, number][] = [
    [declared(), "released", 0],
    [hold(), "released", 1],
    [declared({ status: "return", eventAtMs: t0 + 1 }), "return", 1],
    [lift({ eventAtMs: t0 + 1 }), "return", 0],
  ];
  // From here on the test is one turn of the event loop: what it writes goes into the pipe at once.
  expect(look().result).toBe("miss");
  for (const [event, status, holds] of steps) {
    child.stdin?.write(`${JSON.stringify(event)}\n`);
    expect(nextLine()).toBe("applied");
    expect(look().record?.status).toBe(status);
    expect(look().holds).toHaveLength(holds);
  }
});
