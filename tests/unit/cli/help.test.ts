// What every command has in common: help where it is asked for, and what is wrong with a command line in words.
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { Command } from "../../../src/cli/main.ts";
import { wholeNumber } from "../../../src/cli/run-asked.ts";
import { caughtConsole } from "./caught-console.ts";

const folder = new URL("../../../src/cli/commands/", import.meta.url);
/** `version` takes nothing. */
const names = readdirSync(folder)
  .map((file) => file.replace(".ts", ""))
  .filter((name) => name !== "version");

const said = caughtConsole();

const run = async (name: string, ...args: string[]): Promise<number> =>
  ((await import(new URL(`${name}.ts`, folder).href)) as Command).run(args);

test.each(names)("coline %s --help: the usage on standard output, and nothing is done", async (name) => {
  for (const option of ["--help", "-h"]) {
    said.out = "";
    expect(await run(name, option)).toBe(0);
    expect(said.out).toMatch(new RegExp(`^usage: coline ${name} `));
    expect(said.err).toBe("");
  }
});

test.each(names)("coline %s with an option that there is not: said by name, exit code 2", async (name) => {
  expect(await run(name, "--no-such-option")).toBe(2);
  expect(said.err).toMatch(new RegExp(`^coline ${name}: `));
  expect(said.out).toBe("");
});

test("a number that is none, too small or too great is refused with what would be right", () => {
  expect(wholeNumber("--times", "20", 20)).toBe(20);
  for (const text of ["0", "21", "-1", "1.5", "1e1", "0x1", "", " 1"])
    expect(() => wholeNumber("--times", text, 20)).toThrow(`--times takes a whole number from 1 to 20, not "${text}"`);
});
