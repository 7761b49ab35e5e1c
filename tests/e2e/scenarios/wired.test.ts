// Short scenarios on real wires, as anybody runs them (with COLINE_LONG; `npm run soak:wired` runs all that come along): the law is kept, and each fault has the reasons of the virtual line.
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { WiredFigures } from "../../../src/cli/simulate/wired/wired-words.ts";
import { isLong } from "../../how-often.ts";
import { lastObject, runColine } from "../run-coline.ts";

/** A machine that held up the simulated belt itself for longer than this says nothing about the line. */
const HELD_UP_MS = 100;

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface Short {
  scenario: string;
  minutes: number;
  /** At least. */
  parcels: number;
  injected: Record<string, number>;
  /** What both lines must say after a kind of fault, so that a comparison of nothing with nothing is none. */
  says: Record<string, string>;
}

const SHORT: Short[] = [
  {
    scenario: "short",
    minutes: 0.4,
    parcels: 40,
    injected: { reboot: 1, slowDisk: 1, kill: 1 },
    says: { kill: "ITEM_RESTART" },
  },
  { scenario: "stalls", minutes: 0.9, parcels: 100, injected: { stall: 2 }, says: { stall: "LAW_GATE_NOT_ARMED" } },
  {
    scenario: "stuck-gate",
    minutes: 1.1,
    parcels: 20,
    injected: { stuckGate: 1 },
    says: { stuckGate: "GATE_NOT_HOME" },
  },
  {
    scenario: "late-telegrams",
    minutes: 0.9,
    parcels: 100,
    injected: { lateTelegram: 6 },
    says: { lateTelegram: "READ_CONFLICT" },
  },
];

test.runIf(isLong).each(SHORT)(
  "$scenario on real wires: the law is kept, and the reasons are the virtual line's",
  { timeout: 240_000 },
  async ({ scenario, minutes, parcels, injected, says }) => {
    const { code, figures, said } = await simulate(
      ...["--scenario", file(`./${scenario}.yaml`), "--minutes", String(minutes), "--json"],
    );
    expect(figures, said).toMatchObject({ scenario, violations: 0, findings: [] });
    expect(figures.injected).toEqual(injected);
    expect(figures.parcels).toBeGreaterThan(parcels);
    expect(figures.comparison.map(({ kind }) => kind).sort()).toEqual([...Object.keys(injected), "whole run"].sort());
    for (const [fault, word] of Object.entries(says))
      expect(figures.comparison.find(({ kind }) => kind === fault)?.equal).toContain(word);
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

async function simulate(...args: string[]): Promise<{ code: number | null; figures: WiredFigures; said: string }> {
  const ran = await runColine(["simulate", file("../../../config/sites/common-line"), "--wired", ...args]);
  return { code: ran.code, said: ran.err + ran.out, figures: lastObject<WiredFigures>(ran) };
}
