// The command `coline simulate`: what it refuses, what it says first, and the object it ends with.
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run } from "../../../src/cli/commands/simulate.ts";
import { caughtConsole } from "./caught-console.ts";

const site = fileURLToPath(new URL("../../../config/sites/common-line", import.meta.url));
const said = caughtConsole();

const quiet = [site, "--scenario", "quiet-morning", "--hours", "0.03"];

test("used wrongly: nothing to run, two ways to say the seed, a time that is none", async () => {
  for (const wrong of [[site], [...quiet, "--seed", "1", "--seeds", "1..2"], [...quiet, "--seeds", "5..2"]]) {
    expect(await run(wrong)).toBe(2);
  }
  expect(await run([site, "--scenario", "peak", "--hours", "never"])).toBe(2);
  expect(said.err).toMatch(/--hours takes a number/);
});

test("a wired run takes one seed and minutes that leave room to settle; minutes go with it alone", async () => {
  const wired = [site, "--scenario", "peak", "--wired"];
  for (const more of [["--seeds", "1..2"], ["--hours", "1"], ["--shrink"], ["--minutes", "0.3"], ["--minutes", "long"]])
    expect(await run([...wired, ...more])).toBe(2);
  expect(await run([...quiet, "--minutes", "1"])).toBe(2);
  expect(said.err).toMatch(/--wired runs one seed in real time/);
  expect(said.err).toMatch(/--minutes takes a number from 0.4 to 600, not "0.3"/);
  expect(said.err).toMatch(/--minutes goes with --wired/);
  expect(said.out).toBe("");
});

test("a scenario that is not there, or cannot be over in time: told with its place, nothing runs", async () => {
  expect(await run([site, "--scenario", "peek"])).toBe(1);
  expect(await run([site, "--scenario", "plc-frozen", "--hours", "0.02"])).toBe(1);
  expect(said.err).toMatch(/there is no scenario "peek"; right: "peak"/);
  expect(said.err).toMatch(/^plc-frozen\.yaml:5:5: freeze from 20 s/m);
  expect(said.out).toBe("");
});

test("one seed: seed, scenario and faults come first, then what came of them", async () => {
  expect(await run([site, "--scenario", "scanner-dying", "--seed", "4"])).toBe(0);
  expect(said.out).toMatch(/^seed 4 {2}scenario scanner-dying {2}site common-line\n/);
  expect(said.out.indexOf("deadScanner")).toBeLessThan(said.out.indexOf("parcels came in"));
  expect(said.out).toMatch(/safety: no clause of the law was broken\n/);
  expect(said.out).toMatch(/^passed: seed 4, /m);
});

test("many seeds in processes of their own: the object at the end counts them all", async () => {
  expect(await run([...quiet, "--seeds", "1..3", "--json"])).toBe(0);
  const figures = JSON.parse(said.out) as Record<string, unknown>;
  expect(figures).toMatchObject({
    scenario: "quiet-morning",
    seeds: 3,
    violations: 0,
    deliveredShare: 1,
    passed: true,
  });
  expect(figures["parcels"]).toBeGreaterThan(50);
  expect(figures["parcelsPerSecond"]).toBeGreaterThan(0);
  expect(said.err).toMatch(/^seed 2 {2}passed/m);
});
