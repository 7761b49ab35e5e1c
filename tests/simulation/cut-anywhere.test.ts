// A run that is cut at any input, its state written down as JSON and read again, goes on as if nothing had been.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { simulate } from "../../simulators/virtual/simulate.ts";
import { fromCheckpoint, toCheckpoint } from "../../src/line/checkpoint.ts";
import { createLine } from "../../src/line/core.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import { restore } from "../../src/line/restore.ts";
import type { LineState } from "../../src/line/state.ts";
import type { LineCheckpoint, LineCore } from "../../src/line/step.ts";
import { howOften } from "../how-often.ts";
import { drawnFaults, exampleSite } from "./virtual-run.ts";

type Made = Parameters<typeof createLine>[0];

/** A core that is thrown away at the given inputs and made anew from its checkpoint, beside one that never was. */
function cutting(o: Made, isCutAt: (input: number) => boolean, told: { cuts: number }): LineCore {
  const whole = createLine(o);
  let cut = createLine({ ...o, state: fromCheckpoint(toCheckpoint(o.state)) });
  let inputs = 0;
  return {
    ...whole,
    handle(input, atNs) {
      inputs += 1;
      if (isCutAt(inputs)) {
        told.cuts += 1;
        const written = JSON.stringify(cut.checkpoint());
        // What the other would write at this moment is the same, byte for byte: nothing is remembered elsewhere.
        expect(written).toBe(JSON.stringify(whole.checkpoint()));
        cut = createLine({ ...o, state: fromCheckpoint(JSON.parse(written)) });
      }
      const outputs = whole.handle(input, atNs);
      expect(cut.handle(input, atNs), `input ${inputs}, at ${atNs}: ${JSON.stringify(input)}`).toEqual(outputs);
      return outputs;
    },
  };
}

describe.each(["common-line", "plain-coils"] as const)("%s", (name) => {
  const site = exampleSite(name);

  test("with faults, cut at random inputs", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 3, max: 200 }),
        fc.nat(200),
        (seed, every, first) => {
          const told = { cuts: 0 };
          simulate({
            site,
            seed,
            parcels: 8,
            faults: drawnFaults(seed, site),
            limitNs: 40e9,
            core: (o) => cutting(o, (input) => input % every === first % every, told),
          });
          // How many there are depends on how long the drawn faults let a core live; that there are some does not.
          expect(told.cuts).toBeGreaterThan(0);
        },
      ),
      { numRuns: howOften({ usually: 3, long: 20 }) },
    );
  });
});

/** What a restart needs: the rest is void with the run. */
function kept(state: LineState) {
  const { nextEntry, nextItem, breachedChutes, haltedBelts } = state;
  return {
    ...{ nextEntry, nextItem, breachedChutes, haltedBelts },
    rounds: state.rounds.pages().flat(),
    departed: state.departed.pages().flat(),
    commands: [...state.commands],
    chutes: [...state.chutes.values()]
      .map(({ id, arrived, sinceChange, locked, enabled, isEmpty, serves }) =>
        JSON.stringify({ id, arrived, sinceChange, locked, enabled, isEmpty, serves }),
      )
      .sort(),
    items: [...state.items.values()].map(({ id, permitId }) => [id, permitId]),
    // Whether the bus had it, or the device has answered, only the run knew: let go or not is what counts.
    permits: [...state.permits.values()].flatMap(({ id, itemId, release, state: how }) =>
      state.items.has(itemId) ? [[id, itemId, release, how === "fired" || how === "done"]] : [],
    ),
  };
}

test("what a restart finds is the same, whether a checkpoint tells it or the entries after an older one", () => {
  const site = exampleSite("common-line");
  for (const seed of [3, 8]) {
    let older: LineCheckpoint | null = null;
    let inputs = 0;
    let compared = 0;
    const entries: LineEntry[] = [];
    simulate({
      site,
      seed,
      parcels: 20,
      faults: drawnFaults(seed, site).filter(({ kind }) => kind !== "kill" && kind !== "powerLoss"),
      limitNs: 60e9,
      core(o) {
        const core = createLine(o);
        return {
          ...core,
          handle(input, atNs) {
            const outputs = core.handle(input, atNs);
            for (const output of outputs) if (output.kind === "journal") entries.push(output.entry);
            inputs += 1;
            if (inputs === 500) older = structuredClone(core.checkpoint());
            if (older !== null && inputs % 211 === 0) {
              compared += 1;
              const told = restore(structuredClone(older), structuredClone(entries));
              const said = `seed ${seed}, input ${inputs}`;
              expect(kept(told), said).toEqual(kept(fromCheckpoint(structuredClone(core.checkpoint()))));
            }
            return outputs;
          },
        };
      },
    });
    expect(compared).toBeGreaterThan(4);
  }
});
