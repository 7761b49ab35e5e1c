// Runs `coline demo` as a newcomer does, without a terminal, and reads what it says at the end.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const coline = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface Result {
  parcels: number;
  perChute: Record<string, number>;
  reasons: Record<string, number>;
  misdiverted: number;
  unreleasedOutbound: number;
  lateDropped: number;
  released: { due: number; delivered: number };
  latencyMs: { p50: number; max: number };
  simulator: { stalls: number; worstStallMs: number };
  loadPerCpu: number;
  findings: string[];
  verdict: string;
}

export function runDemo(args: string[]): Promise<{ code: number | null; result: Result; said: string }> {
  const child = spawn(process.execPath, [coline, "demo", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let said = "";
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
      resolve({ code, said: said + out, result: last.startsWith("{") ? JSON.parse(last) : {} });
    });
  });
}
