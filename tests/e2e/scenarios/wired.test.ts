// A short scenario on real wires, as anybody runs it (with COLINE_LONG; `npm run soak:wired` runs them all): the law is kept, and each fault has the reasons of the virtual line.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { WiredFigures } from "../../../src/cli/simulate/wired/wired-words.ts";
import { isLong } from "../../how-often.ts";

/** A machine that held up the simulated belt itself for longer than this says nothing about the line. */
const HELD_UP_MS = 100;

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

test.runIf(isLong)(
  "a reboot, a slow disk and a kill on real wires: the law is kept, and the reasons are the virtual line's",
  {
    timeout: 180_000,
  },
  async () => {
    const { code, figures, said } = await simulate("--scenario", file("./short.yaml"), "--minutes", "0.4", "--json");
    expect(figures, said).toMatchObject({ scenario: "short", violations: 0, findings: [] });
    expect(figures.injected).toEqual({ reboot: 1, slowDisk: 1, kill: 1 });
    expect(figures.parcels).toBeGreaterThan(40);
    expect(figures.comparison.map(({ kind }) => kind).sort()).toEqual(["kill", "reboot", "slowDisk", "whole run"]);
    expect(figures.comparison.find(({ kind }) => kind === "kill")?.equal).toContain("ITEM_RESTART");
    if (figures.simulator.worstStallMs > HELD_UP_MS) {
      process.stderr.write(
        `left out: comparison, the machine held up the belt for ${figures.simulator.worstStallMs} ms\n`,
      );
      return;
    }
    expect(figures.failures, said).toEqual([]);
    expect(code, said).toBe(0);
  },
);

test("a site that asks for what cannot be is refused before anything runs", { timeout: 60_000 }, async () => {
  const { code, said } = await simulate("--scenario", "peek");
  expect(code).toBe(1);
  expect(said).toContain('there is no scenario "peek"');
});

function simulate(...args: string[]): Promise<{ code: number | null; figures: WiredFigures; said: string }> {
  const site = file("../../../config/sites/common-line");
  const child = spawn(process.execPath, [file("../../../src/cli/main.ts"), "simulate", site, "--wired", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const last = out.trim().split("\n").at(-1) ?? "";
      resolve({ code, said: said + out, figures: (last.startsWith("{") ? JSON.parse(last) : {}) as WiredFigures });
    });
  });
}
