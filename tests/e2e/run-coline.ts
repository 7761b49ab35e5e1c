// Runs a command of Coline in a process of its own, without a terminal, to its end; with the test it ends in any case.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const colineMain = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** @param o.answers what it is told on standard input, which ends then @param o.heard told of what it says as it comes, on either output */
export function runColine(
  args: readonly string[],
  o: { answers?: string; heard?: (text: string) => void } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [colineMain, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  // Whoever has ended already reads no answers.
  child.stdin.on("error", () => undefined);
  child.stdin.end(o.answers ?? "");
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    o.heard?.(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    // With --json it is there that a person is spoken to.
    o.heard?.(text);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

/** What a command that was given `--json` ended with; {}: it did not come so far. */
export function lastObject<T>({ out }: Ran): T {
  const last = out.trim().split("\n").at(-1) ?? "";
  return (last.startsWith("{") ? JSON.parse(last) : {}) as T;
}
