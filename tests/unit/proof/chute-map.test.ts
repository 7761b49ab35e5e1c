// The chute map against the law: known breaches are found, and whatever is accepted keeps the law by another reckoning.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChuteLayout, Disposition, LineLayout, RouteRule, Zone } from "../../../src/line/layout.ts";
import { proveChuteMap } from "../../../src/proof/chute-map.ts";
import { checked, edited, exampleTexts, loadedSite } from "../config/example-site.ts";

const example = loadedSite(exampleTexts("common-line")).layout;

test("a rule may name a chute for a stream that a person may change it to, and for no other", () => {
  const first = example.chutes.find(({ id }) => id === "out-cbec-import") as ChuteLayout;
  const layoutWith = (alsoFor: ChuteLayout["alsoFor"], when: Partial<RouteRule>): LineLayout => ({
    ...example,
    chutes: example.chutes.map((chute) => (chute === first ? { ...chute, alsoFor } : chute)),
    routes: [{ id: "out", disposition: "released", ...when, to: [first.id], balance: "ordered" }],
  });
  const express = { stream: "express", direction: "import" } as const;
  const found = (layout: LineLayout): string[] => proveChuteMap(layout).findings.map(({ code }) => code);
  expect(found(layoutWith([express], express))).toEqual([]);
  expect(found(layoutWith([], express))).toEqual(["CONFIG_LAW_BREACHED"]);
  expect(found(layoutWith([express], { stream: "express" }))).toEqual(["CONFIG_LAW_BREACHED"]);
  expect(found(layoutWith([express], { ...express, disposition: "hold" }))).toEqual(["CONFIG_LAW_BREACHED"]);
});

describe("a chute map that breaks the law is refused at its rule, with a parcel that shows it", () => {
  test.each([
    [
      "held parcels into an outbound chute",
      "when: { disposition: hold, stream: express, direction: import }, to: [hold-express-import]",
      "when: { disposition: hold, stream: express, direction: import }, to: [out-express-import]",
      'a parcel (express import, hold) would enter "out-express-import": nothing leaves unreleased (law 1)',
    ],
    [
      "released parcels of another stream",
      "when: { disposition: released, stream: express, direction: import }, to: [out-express-import]",
      "when: { disposition: released, stream: express, direction: import }, to: [out-cbec-import]",
      'a parcel (express import, released) would enter "out-cbec-import": streams stay apart (law 4)',
    ],
    [
      "a rule that forgets the direction",
      "when: { disposition: released, stream: express, direction: import }, to: [out-express-import]",
      "when: { disposition: released, stream: express }, to: [out-express-import]",
      'a parcel (express export, released) would enter "out-express-import": streams stay apart (law 4)',
    ],
    [
      "parcels without a record into supervised storage",
      "{ id: inspect, when: { disposition: inspect }, to: [inspection] }",
      "{ id: inspect, when: { disposition: inspect }, to: [hold-cbec-export] }",
      'a parcel (no record, inspect) would enter "hold-cbec-export": without a record the stream is unknown (law 4)',
    ],
    [
      "an outbound chute as the second choice",
      "to: [hold-cbec-import] }\n  - { id: hold-cbec-export",
      "to: [hold-cbec-import, out-cbec-import] }\n  - { id: hold-cbec-export",
      'a parcel (cbec import, hold) would enter "out-cbec-import" when only "out-cbec-import" can be had: nothing leaves unreleased (law 1)',
    ],
    [
      "an outbound chute to balance with",
      "to: [hold-cbec-import] }\n  - { id: hold-cbec-export",
      "to: [hold-cbec-import, out-cbec-import], balance: leastFilled }\n  - { id: hold-cbec-export",
      'a parcel (cbec import, hold) would enter "out-cbec-import" when only "out-cbec-import" can be had: nothing leaves unreleased (law 1)',
    ],
  ])("%s", (_situation, from, to, what) => {
    const { texts, line, columnOf } = edited("chutes.yaml", from, to);
    const problems = checked(texts);
    expect(problems.map((problem) => problem.what)).toContain(what);
    const found = problems.find((problem) => problem.what === what)!;
    expect(found).toMatchObject({ code: "CONFIG_LAW_BREACHED", severity: "error", file: "chutes.yaml", line });
    expect(found.column).toBe(columnOf("to: [") + "to: ".length);
    expect(found.right).toMatch(/^in "when" only what may enter "/);
  });

  test.each([
    "outbound, stream: cbec, direction: import",
    "storage, stream: cbec, direction: import",
    "buffer, stream: cbec, direction: import",
    "recirculation",
  ])("a belt that ends in a chute of kind %s", (zone) => {
    const { texts } = edited(
      "chutes.yaml",
      "{ id: abnormal, zone: { kind: abnormal } }",
      `{ id: abnormal, zone: { kind: ${zone} } }`,
    );
    const found = checked(texts).find(({ code }) => code === "CONFIG_UNSAFE_END");
    expect(found).toMatchObject({ severity: "error", file: "line.yaml", path: "belts[0].safeEnd.chute" });
    expect(found?.right).toBe("a chute for inspection or abnormal parcels");
  });
});

test("a rule that an earlier one hides cannot breach", () => {
  const { texts } = edited(
    "chutes.yaml",
    "\nroutes:\n",
    "\nroutes:\n  - { id: all, when: {}, to: [inspection] }\n  - { id: hidden, when: { disposition: hold }, to: [out-cbec-import] }\n",
  );
  expect(checked(texts)).toEqual([]);
});

describe("random chute maps", () => {
  /** Walks every parcel through the map by hand, in its own words; shares no code with the proof. */
  const keepsTheLaw = (layout: LineLayout): boolean => {
    const chute = (id: string) => layout.chutes.find((each) => each.id === id)!;
    for (const belt of layout.belts) {
      if (!["inspection", "abnormal"].includes(chute(belt.safeEnd.chuteId).zone.kind)) return false;
      for (const status of ["released", "inspect", "hold", "return", "pending", "unknown"]) {
        for (const who of ["express/import", "express/export", "cbec/import", "cbec/export", "?/?"]) {
          const [stream, direction] = who.split("/");
          const rule = layout.routes.find(
            (each) =>
              [undefined, status].includes(each.disposition) &&
              [undefined, stream].includes(each.stream) &&
              [undefined, direction].includes(each.direction),
          );
          const here = (rule?.to ?? []).filter((id) => chute(id).beltId === belt.id);
          // Any of them may be the one: those before it may all be full.
          for (const id of here) {
            const { zone } = chute(id);
            if (zone.kind === "outbound" && (status !== "released" || who !== `${zone.stream}/${zone.direction}`))
              return false;
            if ((zone.kind === "storage" || zone.kind === "buffer") && who !== `${zone.stream}/${zone.direction}`)
              return false;
          }
        }
      }
    }
    return true;
  };

  const stream = fc.constantFrom("express" as const, "cbec" as const);
  const direction = fc.constantFrom("import" as const, "export" as const);
  const zone: fc.Arbitrary<Zone> = fc.oneof(
    fc.record({ kind: fc.constantFrom("outbound" as const, "storage" as const, "buffer" as const), stream, direction }),
    fc.record({ kind: fc.constantFrom("inspection" as const, "abnormal" as const) }),
    fc.record({ kind: fc.constant("recirculation" as const), maxRounds: fc.nat(5) }),
  );
  const dispositions: Disposition[] = ["released", "inspect", "hold", "return", "pending", "unknown"];
  /** Rules that name a chute of their own kind come often enough that good maps with outbound chutes come too. */
  const rule = (zones: readonly Zone[]): fc.Arbitrary<Omit<RouteRule, "id">> =>
    fc
      .record({
        to: fc.uniqueArray(fc.nat(zones.length - 1), { minLength: 1, maxLength: 4 }),
        own: fc.boolean(),
        stream: fc.option(stream, { nil: undefined }),
        direction: fc.option(direction, { nil: undefined }),
        disposition: fc.option(fc.constantFrom(...dispositions), { nil: undefined }),
        balance: fc.constantFrom("ordered" as const, "roundRobin" as const, "leastFilled" as const),
      })
      .map(({ to, own, balance, ...when }) => {
        const first = zones[to[0]!]!;
        const kind = "stream" in first ? { stream: first.stream, direction: first.direction } : {};
        const ids = (own ? to.slice(0, 1) : to).map((index) => `c${index}`);
        const wanted = own
          ? { ...when, ...kind, ...(first.kind === "outbound" ? { disposition: "released" as const } : {}) }
          : when;
        const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
        return { ...given, to: ids, balance };
      });
  const layout: fc.Arbitrary<LineLayout> = fc
    .array(fc.record({ zone, belt: fc.constantFrom("a", "b") }), { minLength: 2, maxLength: 8 })
    .chain((chutes) =>
      fc.record({
        chutes: fc.constant(chutes),
        ends: fc.tuple(zone, zone),
        rules: fc.array(rule(chutes.map((each) => each.zone)), { maxLength: 6 }),
      }),
    )
    .map(({ chutes, ends, rules }) => {
      const made = (id: string, beltId: string, its: Zone): ChuteLayout => ({
        ...example.chutes[0]!,
        id,
        beltId,
        zone: its,
      });
      return {
        ...example,
        belts: ["a", "b"].map((id) => ({
          ...example.belts[0]!,
          id,
          safeEnd: { chuteId: `end-${id}`, reserveItems: 40 },
        })),
        chutes: [
          ...chutes.map(({ zone: its, belt }, index) => made(`c${index}`, belt, its)),
          made("end-a", "a", ends[0]),
          made("end-b", "b", ends[1]),
        ],
        routes: rules.map((each, index) => ({ id: `r${index}`, ...each })),
      };
    });

  test("what the proof accepts keeps the law, and what it refuses breaks it", () => {
    const seen = { kept: 0, broken: 0, keptWithOutbound: 0 };
    fc.assert(
      fc.property(layout, (random) => {
        const kept = keepsTheLaw(random);
        seen[kept ? "kept" : "broken"]++;
        if (kept && random.routes.some(({ disposition }) => disposition === "released")) seen.keptWithOutbound++;
        expect(proveChuteMap(random).findings.length === 0).toBe(kept);
      }),
      { numRuns: 3000 },
    );
    // The oracle is worth something only if both kinds came up often.
    expect(Math.min(seen.kept, seen.broken)).toBeGreaterThan(100);
    expect(seen.keptWithOutbound).toBeGreaterThan(20);
  });
});
