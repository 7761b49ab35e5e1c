// What is not as it was is found by a replay: another core, a journal that was changed and sealed anew, one without inputs.
import { describe, expect, test } from "vitest";
import { createLine } from "../../src/line/core.ts";
import { CLAUSES } from "../../src/line/law/interlock.ts";
import type { Clause } from "../../src/line/law/question.ts";
import type { LineCore, LineOutput } from "../../src/line/step.ts";
import { replayJournal } from "../../src/replay/replay.ts";
import { folderOf, resealed } from "./resealed.ts";
import { runOf } from "./small-segments.ts";

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
    const isGate = (output: LineOutput): boolean => output.kind === "journal" && output.entry.kind === "gate";
    const without = mutated((core) => ({
      ...core,
      handle: (input, atNs) => core.handle(input, atNs).filter((output) => !isGate(output)),
    }));
    expect(without?.what).toBe("the journal holds an entry that the core does not write");
    const doubled = mutated((core) => ({
      ...core,
      handle: (input, atNs) => core.handle(input, atNs).flatMap((o) => (isGate(o) ? [o, o] : [o])),
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
