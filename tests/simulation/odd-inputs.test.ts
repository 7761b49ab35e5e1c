// A plant that does what no plant should, and people who command at any moment: the core that looks only at what an
// input concerns says the same as one that looks at everything, to each input, and knows the same in the end.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLine } from "../../src/line/core.ts";
import { emptyState } from "../../src/line/state.ts";
import { howOften } from "../how-often.ts";
import { oddities, recordPlant } from "./odd-plant.ts";
import { playOddly } from "./odd-play.ts";
import { exampleSite } from "./virtual-run.ts";

describe.each(["common-line", "plain-coils", "plc-tracked"])("%s", (name) => {
  const site = exampleSite(name);
  const plant = recordPlant(site, { seed: 5, parcels: 16 });
  const waybills = [
    ...new Set(
      plant.inputs.flatMap(({ input }) =>
        input.kind === "telegram" ? input.telegram.codes.map(({ text }) => text) : [],
      ),
    ),
  ];
  const both = (o: Parameters<Parameters<typeof playOddly>[0]["cores"]>[0]) => [
    createLine({ state: emptyState(), releases: o }),
    createLine({ state: emptyState(), releases: o, looksAtAll: true }),
  ];

  test("as recorded: both say the same, and what they say is a line at work", () => {
    const { said } = playOddly({ plant, oddities: [], cores: both });
    expect(said["go"]).toBeGreaterThan(3);
    expect(said["end"]).toBeGreaterThan(10);
  });

  // Where the PLC tracks, an edge is no matter of parcels.
  test.skipIf(name === "plc-tracked")("an edge hidden once, one or another: both say the same", () => {
    const few = recordPlant(site, { seed: 6, parcels: 5 });
    const edges = few.inputs.flatMap(({ input }, index) => (input.kind === "eye" ? [index] : []));
    expect(edges.length).toBeGreaterThan(20);
    const every = howOften({ usually: 2, long: 1 });
    for (const index of edges.filter((_, at) => at % every === 0)) {
      const at = index / few.inputs.length;
      playOddly({ plant: few, oddities: [{ at, what: { kind: "hide", edges: 1 } }], cores: both });
    }
  });

  test("with oddities: both say the same", () => {
    fc.assert(
      fc.property(oddities(site, { waybills }), (drawn) => void playOddly({ plant, oddities: drawn, cores: both })),
      { numRuns: howOften({ usually: 8, long: 50 }) },
    );
  });
});
