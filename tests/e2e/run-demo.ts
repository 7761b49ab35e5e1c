// Runs `coline demo` as a newcomer does, without a terminal, and reads what it says at the end.
import { lastObject, runColine } from "./run-coline.ts";

interface Result {
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

export async function runDemo(args: string[]): Promise<{ code: number | null; result: Result; said: string }> {
  const ran = await runColine(["demo", ...args]);
  return { code: ran.code, said: ran.err + ran.out, result: lastObject<Result>(ran) };
}
