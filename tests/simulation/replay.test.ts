// A simulated journal, played again: every entry comes out as it was, from whatever checkpoint the core is cut and restored.
import { describe, expect, test } from "vitest";
import { type Simulated, type SimulationOptions, simulate } from "../../simulators/virtual/simulate.ts";
import { createRandom } from "../../simulators/world/random.ts";
import { fromCheckpoint } from "../../src/line/checkpoint.ts";
import { createLine } from "../../src/line/core.ts";
import { CLAUSES } from "../../src/line/law/interlock.ts";
import type { Clause } from "../../src/line/law/question.ts";
import type { Look } from "../../src/line/release.ts";
import type { LineCheckpoint, LineCore, LineOutput } from "../../src/line/step.ts";
import { replayJournal } from "../../src/replay/replay.ts";
import { folderOf, resealed } from "./resealed.ts";
import { drawnFaults, exampleSite } from "./virtual-run.ts";

const LIMIT_NS = 120e9;
/** Small enough that a run of a minute has several checkpoints. */
const SMALL = { segmentBytes: 150_000, sliceChars: 20_000 };

const sites = { "common-line": exampleSite("common-line"), "plain-coils": exampleSite("plain-coils") } as const;
const cases = (["common-line", "plain-coils"] as const).flatMap((site) =>
  [2, 10, 16, 31, 57, 148].map((seed) => ({ site, seed })),
);

function runOf(o: Partial<Omit<SimulationOptions, "site">> & { site: keyof typeof sites; seed: number }): Simulated {
  const { site, seed, ...rest } = o;
  const faults = drawnFaults(seed, sites[site]);
  return simulate({ parcels: 40, faults, limitNs: LIMIT_NS, journalLimits: SMALL, ...rest, site: sites[site], seed });
}

const same = { difference: null, passedOver: [] } as const;

describe("played again by the core that wrote it", () => {
  test.each(cases)("$site, seed $seed, with crashes and faults: every entry and every checkpoint is the same", (o) => {
    const run = runOf(o);
    const said = JSON.stringify(drawnFaults(o.seed, sites[o.site]));
    const replayed = replayJournal({ folder: folderOf(run.disk), fromRun: null });
    expect(replayed, said).toMatchObject(same);
    expect(replayed.checkpoints, said).toMatchObject({ different: 0, first: null });
    expect(replayed.checkpoints.compared).toBeGreaterThan(0);
    const { decisions } = replayed;
    expect(decisions).toBe(
      new Set(
        kept(run)
          .filter(({ kind }) => kind === "decision")
          .map(({ n }) => n),
      ).size,
    );
    expect(decisions).toBeGreaterThan(20);
  });

  test("a plant that was changed between two runs: each is played on its own layout", () => {
    const first = runOf({ site: "common-line", seed: 3, parcels: 15, faults: [] });
    const { layout } = sites["common-line"];
    const changed = { ...layout, hash: "f".repeat(64), freshnessMaxAgeNs: layout.freshnessMaxAgeNs + 1 };
    const site = { ...sites["common-line"], layout: { ...changed, routes: layout.routes.slice(1) } };
    const second = simulate({ site, seed: 4, parcels: 15, image: first.disk, journalLimits: SMALL, limitNs: LIMIT_NS });
    const replayed = replayJournal({ folder: folderOf(second.disk), fromRun: null });
    expect(replayed).toMatchObject({ ...same, runs: 2, checkpoints: { different: 0 } });
    expect(replayJournal({ folder: folderOf(second.disk), fromRun: 2 })).toMatchObject({ ...same, runs: 1 });
  });

  test("the oldest segments are gone: it begins at the first whole checkpoint", () => {
    const run = runOf({ site: "common-line", seed: 5, faults: [] });
    const image = new Map([...run.disk].sort(([a], [b]) => (a < b ? -1 : 1)).slice(1));
    expect(image.size).toBeGreaterThan(0);
    const replayed = replayJournal({ folder: folderOf(image), fromRun: null });
    expect(replayed).toMatchObject({ ...same, runs: 1 });
    expect(replayed.decisions).toBeGreaterThan(5);
  });

  test("a tail that was cut off: what is there is the same, and what its inputs gave besides is counted", () => {
    const run = runOf({ site: "common-line", seed: 6, parcels: 15, faults: [] });
    const folder = resealed(folderOf(run.disk), (lines) => {
      const permit = lines.findLastIndex(({ kind }) => kind === "permit");
      return lines.slice(0, permit);
    });
    const replayed = replayJournal({ folder, fromRun: null });
    expect(replayed).toMatchObject(same);
    expect(replayed.cut).toBeGreaterThan(0);
  });
});

describe("cut at any checkpoint and restored", () => {
  test.each(cases)("$site, seed $seed: the same input gives the same outputs, bit for bit", ({ site, seed }) => {
    const run = runOf({ site, seed });
    const random = createRandom(seed).fork("cuts");
    let cuts = 0;
    const replayed = replayJournal({
      folder: folderOf(run.disk),
      fromRun: null,
      core: (o) => {
        const answers: Look[] = [];
        const main = createLine({
          ...o,
          releases: {
            look(company, waybill) {
              const look = o.releases.look(company, waybill);
              answers.push(look);
              return look;
            },
          },
        });
        const restored = (checkpoint: LineCheckpoint): LineCore =>
          createLine({
            state: fromCheckpoint(JSON.parse(JSON.stringify(checkpoint)) as LineCheckpoint),
            releases: { look: () => answers.shift() as Look },
          });
        let twin = restored(main.checkpoint());
        return {
          ...main,
          handle(input, atNs) {
            if (random.chance(0.005)) {
              twin = restored(main.checkpoint());
              cuts += 1;
            }
            answers.length = 0;
            const outputs = main.handle(input, atNs);
            const again = twin.handle(input, atNs);
            if (JSON.stringify(outputs) !== JSON.stringify(again))
              expect(again, `seed ${seed}, at ${atNs}: ${JSON.stringify(input)}`).toEqual(outputs);
            return outputs;
          },
        };
      },
    });
    expect(replayed).toMatchObject(same);
    expect(cuts).toBeGreaterThan(10);
  });
});

describe("a core that is not the one that wrote it", () => {
  const run = runOf({ site: "common-line", seed: 16, parcels: 30 });
  const folder = folderOf(run.disk);
  const mutated = (change: (core: LineCore) => LineCore) =>
    replayJournal({ folder, fromRun: null, core: (o) => change(createLine(o)) }).difference;
  const entriesOf = (outputs: readonly LineOutput[], change: (output: LineOutput) => LineOutput) => outputs.map(change);

  test("the clauses are asked in another order", () => {
    const clauses = CLAUSES as Clause[];
    clauses.reverse();
    try {
      const { difference } = replayJournal({ folder, fromRun: null });
      expect(difference?.path).toMatch(/refusals|reason/);
      expect(difference?.input).not.toBeNull();
    } finally {
      clauses.reverse();
    }
    expect(replayJournal({ folder, fromRun: null }).difference).toBeNull();
  });

  test("a constant of the plant is another: the drift of positions by a thousandth", () => {
    const difference = mutated((core) => ({
      ...core,
      handle(input, atNs) {
        if (input.kind !== "run") return core.handle(input, atNs);
        const belts = input.layout.belts.map((belt) => ({ ...belt, driftUmPerM: belt.driftUmPerM + 10 }));
        return core.handle({ ...input, layout: { ...input.layout, belts } }, atNs);
      },
    }));
    expect(difference).not.toBeNull();
  });

  test("an entry is one nanosecond late", () => {
    let seen = 0;
    const difference = mutated((core) => ({
      ...core,
      handle: (input, atNs) =>
        entriesOf(core.handle(input, atNs), (output) => {
          if (output.kind !== "journal" || ++seen !== 100) return output;
          return { ...output, entry: { ...output.entry, atNs: output.entry.atNs + 1 } };
        }),
    }));
    expect(difference).toMatchObject({ path: "atNs", what: "the core writes another entry" });
  });

  test("an entry is not written any more, or one more is", () => {
    const isGiveBack = (output: LineOutput): boolean => output.kind === "journal" && output.entry.kind === "gate";
    const without = mutated((core) => ({
      ...core,
      handle: (input, atNs) => core.handle(input, atNs).filter((output) => !isGiveBack(output)),
    }));
    expect(without?.what).toBe("the journal holds an entry that the core does not write");
    const doubled = mutated((core) => ({
      ...core,
      handle: (input, atNs) => core.handle(input, atNs).flatMap((o) => (isGiveBack(o) ? [o, o] : [o])),
    }));
    expect(doubled?.what).toMatch(/another entry|does not hold/);
  });

  test("a look-up more or one less is asked for", () => {
    const { difference: more } = replayJournal({
      folder,
      fromRun: null,
      core: (o) =>
        createLine({
          ...o,
          releases: {
            look(company, waybill) {
              o.releases.look(company, waybill);
              return o.releases.look(company, waybill);
            },
          },
        }),
    });
    expect(more?.what).toMatch(/^the core asks for .*, recorded is nothing more$/);
  });

  test("it gives up: the replay says so, with the input", () => {
    const difference = mutated((core) => ({
      ...core,
      handle(input, atNs) {
        if (input.kind === "telegram") throw new Error("line core: no item 7");
        return core.handle(input, atNs);
      },
    }));
    expect(difference).toMatchObject({
      what: "the core gave up: line core: no item 7",
      input: { input: { kind: "telegram" } },
    });
  });
});

describe("a journal that was changed and sealed anew", () => {
  const run = runOf({ site: "common-line", seed: 9, parcels: 15, faults: [] });
  const differenceOf = (edit: Parameters<typeof resealed>[1]) =>
    replayJournal({ folder: resealed(folderOf(run.disk), edit), fromRun: null });

  test("a decision says another chute", () => {
    const { difference } = differenceOf((lines) => {
      const at = lines.findIndex(({ kind }) => kind === "decision");
      return lines.map((line, index) => (index === at ? { ...line, chuteId: "elsewhere" } : line));
    });
    expect(difference).toMatchObject({ path: "chuteId", journal: { chuteId: "elsewhere" } });
  });

  test("customs' answer is another than it was", () => {
    const { difference } = differenceOf((lines) => {
      const text = JSON.stringify(lines);
      return JSON.parse(text.replace(/("data":\[.*?"status":)"released"/, '$1"hold"')) as typeof lines;
    });
    expect(difference?.journal?.kind).toBe("decision");
  });

  test("it holds no inputs, as one of the version before: refused in words, nothing compared", () => {
    const replayed = differenceOf((lines) => lines.filter(({ kind }) => kind !== "inputs"));
    expect(replayed).toMatchObject({ entries: 0, runs: 0, difference: null });
    expect(replayed.passedOver).toEqual([{ run: 1, why: expect.stringContaining("it holds no inputs") as string }]);
  });
});

/** A number that a crash took back is given anew: what the journal keeps is the last entry of that number. */
const kept = (run: Simulated) => [...new Map(run.entries.map(({ entry }) => [entry.n, entry])).values()];
