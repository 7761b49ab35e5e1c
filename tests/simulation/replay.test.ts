// A simulated journal, played again: every entry comes out as it was, from whatever checkpoint the core is cut and restored.
import { describe, expect, test } from "vitest";
import { simulate } from "../../simulators/virtual/simulate.ts";
import type { Simulated } from "../../simulators/virtual/simulation.ts";
import { createRandom } from "../../simulators/world/random.ts";
import { fromCheckpoint } from "../../src/line/checkpoint.ts";
import type { LineCommand } from "../../src/line/command.ts";
import { createLine } from "../../src/line/core.ts";
import type { Look } from "../../src/line/release.ts";
import type { LineCheckpoint, LineCore } from "../../src/line/step.ts";
import { replayJournal } from "../../src/replay/replay.ts";
import { howOften } from "../how-often.ts";
import { folderOf, resealed } from "./resealed.ts";
import { isDiskFull, LIMIT_NS, runOf, SMALL, same, sites } from "./small-segments.ts";
import { drawnFaults } from "./virtual-run.ts";

const cases = (["common-line", "plain-coils"] as const).flatMap((site) =>
  howOften({ usually: [2, 31, 148], long: [2, 10, 16, 31, 57, 148] }).map((seed) => ({ site, seed })),
);

describe("played again by the core that wrote it", () => {
  test.each(cases)("$site, seed $seed, with crashes and faults: every entry and every checkpoint is the same", (o) => {
    const run = runOf(o);
    const said = JSON.stringify(drawnFaults(o.seed, sites[o.site]));
    const replayed = replayJournal({ folder: folderOf(run.disk), fromRun: null });
    expect(replayed.difference, said).toBeNull();
    expect(replayed.passedOver.every(isDiskFull), said).toBe(true);
    expect(replayed.checkpoints, said).toMatchObject({ different: 0, first: null });
    expect(replayed.checkpoints.compared).toBeGreaterThan(0);
    const { decisions } = replayed;
    const written = kept(run).filter(({ kind }) => kind === "decision").length;
    if (replayed.passedOver.length === 0) expect(decisions).toBe(written);
    expect(decisions).toBeGreaterThan(15);
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

  test("a chute map that changes while parcels ride, and people's commands: played as they came", () => {
    const { layout } = sites["common-line"];
    const other = { ...layout, hash: "e".repeat(64), routes: [...layout.routes].reverse() };
    const command = (atNs: number, id: string, what: LineCommand) => {
      const request = {
        id,
        what,
        who: "wang",
        roles: ["operator", "officer"],
        untilNs: atNs + 1e9,
        eventAtMs: 7,
      } as const;
      return { atNs, input: { kind: "operator", tag: 1, request } } as const;
    };
    const run = runOf({
      ...{ site: "common-line", seed: 8, faults: [] },
      inputs: [
        { atNs: 6e9, input: { kind: "layout", layout: other } },
        command(8e9, "a", { command: "disableChute", chuteId: "out-cbec-import" }),
        command(9e9, "b", { command: "stopLine", beltId: null }),
        command(10e9, "b", { command: "stopLine", beltId: null }),
        command(14e9, "c", { command: "resumeReady", beltId: null }),
        { atNs: 20e9, input: { kind: "layout", layout } },
      ],
    });
    const replayed = replayJournal({ folder: folderOf(run.disk), fromRun: null });
    expect(replayed).toMatchObject({ ...same, checkpoints: { different: 0 } });
    expect(kept(run).filter(({ kind }) => kind === "layout")).toHaveLength(3);
    expect(kept(run).filter((entry) => entry.kind === "operator" && entry.accepted)).toHaveLength(3);
  });

  test("killed twice and without power once: each start finds the state that it found then", () => {
    const faults = [
      { atNs: 7e9, kind: "kill" },
      { atNs: 12e9, kind: "powerLoss" },
      { atNs: 12.2e9, kind: "kill" },
      { atNs: 19e9, kind: "powerLoss" },
    ] as const;
    const run = runOf({ site: "common-line", seed: 11, faults });
    const folder = folderOf(run.disk);
    const replayed = replayJournal({ folder, fromRun: null });
    expect(replayed).toMatchObject({ ...same, runs: 4, checkpoints: { different: 0 } });
    expect(replayed.checkpoints.compared).toBeGreaterThanOrEqual(3);
    expect(replayJournal({ folder, fromRun: 3 })).toMatchObject({ ...same, runs: 2 });
  });

  test("cut at any byte: no entry is there without its inputs", () => {
    const run = runOf({ site: "common-line", seed: 12, parcels: 8, faults: [], journalLimits: {} });
    const [only] = [...run.disk];
    const { name, bytes } = { name: only?.[0] ?? "", bytes: only?.[1].bytes ?? Buffer.alloc(0) };
    const random = createRandom(12).fork("cuts");
    let cut = 0;
    for (let draw = 0; draw < 60; draw += 1) {
      const length = random.integer(20_000, bytes.length);
      const folder = folderOf(new Map([[name, { bytes: bytes.subarray(0, length) }]]));
      const replayed = replayJournal({ folder, fromRun: null });
      expect(replayed, `cut at ${length}`).toMatchObject(same);
      cut += replayed.cut;
    }
    expect(cut).toBeGreaterThan(0);
  });

  test("a disk that was full for a while: nothing is told of that time, and it is played on from the next segment", () => {
    const faults = [{ atNs: 8e9, kind: "fullDisk", forNs: 4e9 }] as const;
    const run = runOf({ site: "common-line", seed: 13, faults });
    const replayed = replayJournal({ folder: folderOf(run.disk), fromRun: null });
    expect(replayed).toMatchObject({ difference: null, runs: 1, cut: 0, checkpoints: { different: 0 } });
    expect(replayed.passedOver).toEqual([{ run: 1, why: expect.stringContaining("the disk was full") as string }]);
    const all = kept(run);
    expect(replayed.entries).toBeLessThan(all.length);
    expect(replayed.entries).toBeGreaterThan(all.length / 2);
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
    expect(replayed.difference).toBeNull();
    expect(replayed.passedOver.every(isDiskFull)).toBe(true);
    expect(cuts).toBeGreaterThan(10);
  });
});

/** A number that a crash took back is given anew: what the journal keeps is the last entry of that number. */
const kept = (run: Simulated) => [...new Map(run.entries.map(({ entry }) => [entry.n, entry])).values()];
