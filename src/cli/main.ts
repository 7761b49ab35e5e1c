#!/usr/bin/env node
// The command line's dispatcher: decides which command file answers `coline <command>`, and loads only that one.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { exitCode } from "../process/exit-code.ts";
import { endWithReader } from "./closed-pipe.ts";

/** What each file in commands/ exports. */
export interface Command {
  /** One line for `coline help`. */
  readonly summary: string;
  /** It runs on when nobody reads what it says. */
  readonly isService?: true;
  /** Runs the command; the number becomes the exit code (0 done, 1 failed, 2 used wrongly). */
  run(args: string[]): Promise<number>;
}

const folder = new URL("./commands/", import.meta.url);
/** Sources run as .ts, the build as .js: the commands carry the ending of this file. */
const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".js";

const reader = endWithReader();
process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    process.stdout.write(await help());
    return 0;
  }
  if (name === "--version" || name === "-v") return (await load("version")).run(args);
  if (!commandNames().includes(name)) {
    process.stderr.write(`coline: there is no command "${name}".${nearest(name)} \`coline help\` lists them all.\n`);
    return exitCode.usedWrongly;
  }
  const command = await load(name);
  if (command.isService === true) reader.isNotNeeded();
  try {
    return await command.run(args);
  } catch (error) {
    if (reader.isGone) return exitCode.readerGone;
    process.stderr.write(`coline ${name}: ${messageOf(error)}\n`);
    return exitCode.failed;
  }
}

/** A person wants the sentence; whoever looks for a bug says COLINE_LOG_LEVEL=debug and gets the stack. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return process.env["COLINE_LOG_LEVEL"] === "debug" ? (error.stack ?? error.message) : error.message;
}

/** Only names found in the folder are ever imported, so that an argument cannot reach a file elsewhere. */
function commandNames(): string[] {
  return readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith(ending) && !file.endsWith(".d.ts"))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

async function load(name: string): Promise<Command> {
  return (await import(new URL(name + ending, folder).href)) as Command;
}

async function help(): Promise<string> {
  const names = commandNames();
  const width = Math.max(...names.map((name) => name.length), "help".length);
  const lines = await Promise.all(
    names.map(async (name) => `  ${name.padEnd(width)}  ${(await load(name)).summary}\n`),
  );
  return [
    "usage: coline <command> [arguments]\n\n",
    `  ${"help".padEnd(width)}  list the commands\n`,
    ...lines,
    "\n`coline <command> --help` tells what a command takes.\n",
  ].join("");
}

/** A mistyped name is most often a beginning or an end of the right one. */
function nearest(name: string): string {
  const close = commandNames().find((known) => known.startsWith(name.slice(0, 3)) || known.endsWith(name.slice(-3)));
  return close === undefined ? "" : ` Did you mean "${close}"?`;
}
