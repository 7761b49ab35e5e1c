// The live screen as a person reads it: what the picture says, at the widths that terminals have, with and without colour.
import { beforeAll, describe, expect, test } from "vitest";
import { lineScreen } from "../../../src/cli/line-screen.ts";
import { loadSite, type Site } from "../../../src/config/load.ts";
import type { ItemView } from "../../../src/line/step.ts";
import type { LiveState } from "../../../src/process/live-message.ts";
import { createMetrics } from "../../../src/process/metrics.ts";
import { exampleFolder } from "../config/example-site.ts";

let site: Site;
beforeAll(() => {
  const loaded = loadSite(exampleFolder("common-line"));
  if (!loaded.ok) throw new Error("the example site does not load");
  site = loaded.site;
});

const widths = [60, 80, 110, 200];

describe("the live screen", () => {
  test.each(widths)("keeps every line within %i columns", (columns) => {
    const alarms = Array.from({ length: 9 }, (_, index) =>
      alarm(`A${index}`, index, "a text that goes on ".repeat(20)),
    );
    const lines = screen({ columns, alarms, items: [item({ frontUm: 99_000_000 }), item({ frontUm: -5 })] });
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });

  test("says the same with and without colour", () => {
    const state = { items: [item({ chuteId: "inspection" })], alarms: [alarm("LATE_HOLD", 1, "inspection: held")] };
    const plain = screen(state);
    const painted = screen({ ...state, colour: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours
    expect(painted.map((line) => line.replace(/\u001b\[\d+m/g, ""))).toEqual(plain);
    expect(painted.join("\n")).toContain("\u001b[33m5\u001b[0m");
    expect(plain.join("\n")).not.toContain("\u001b");
  });

  test("shows each parcel at its place, with the gate that it goes to at its front", () => {
    const lines = screen({
      columns: 141, // one column is 100 mm of the belt of 14 m
      items: [
        item({ frontUm: 1_000_000, code: null, state: "riding", lengthUm: null }),
        item({ frontUm: 2_000_000, code: "A", chuteId: "out-cbec-import", lengthUm: 300_000 }),
        item({ frontUm: 4_000_000, code: "B", chuteId: "inspection", lengthUm: 200_000 }),
        item({ frontUm: 9_000_000, code: null, state: "safe path", lengthUm: 100_000 }),
      ],
    });
    const belt = lines.find((line) => line.includes("─")) ?? "";
    expect(belt[10]).toBe("▪");
    expect(belt.slice(18, 21)).toBe("■■3");
    expect(belt.slice(39, 41)).toBe("■5");
    expect(belt[90]).toBe("□");
    expect(belt.replace(/[─▪■□35]/g, "")).toBe("");
  });

  test("names gates by one character, in picture and table", () => {
    const lines = screen({ columns: 141 });
    const labels = lines.findIndex((line) => /^ +1 +2 +3 +4 +5 +6 +7 +8 +9$/.test(line));
    expect(labels).toBeGreaterThan(0);
    expect(lines[labels + 1]).toMatch(/^ +▽( +▽){8}$/);
    expect(lines[labels]?.indexOf("1")).toBe(32);
    expect(lines.join("\n")).toMatch(/3 → out-cbec-import +0/);
    expect(lines.join("\n")).toMatch(/5 {3}inspection +0/);
    expect(lines.join("\n")).toMatch(/□ {3}abnormal +0/);
  });

  test("shows a gate that is out and one that is not armed", () => {
    const lines = screen({ gates: { g2: { position: "out" }, g4: { armed: false } } });
    expect(lines.find((line) => line.includes("▽"))).toMatch(/^ +▽ +▼ +▽ +✕ +▽/);
  });

  test.each([80, 110])("aligns the chutes' counts at %i columns", (columns) => {
    const lines = screen({ columns, chutes: { "out-cbec-import": { arrived: 12_345, full: true } } });
    const table = lines.filter((line) => /^\S (→| ) [a-z]/.test(line));
    const ends = table.map((line) => [...line.matchAll(/(\d+)(?= |$)/g)].slice(1).map((m) => m.index + m[0].length));
    expect(table.length).toBeGreaterThan(1);
    expect(new Set(ends.map((places) => places[0])).size).toBeLessThanOrEqual(2);
    expect(table.join("\n")).toContain("out-cbec-import     12345 full");
  });

  test("says what is wrong with a chute, the gravest first", () => {
    const chutes = { inspection: { locked: true, full: true, enabled: false }, "out-cbec-export": { enabled: false } };
    const text = screen({ chutes }).join("\n");
    expect(text).toMatch(/inspection +0 locked/);
    expect(text).toMatch(/out-cbec-export +0 off/);
  });

  test("shows the newest alarms with their age, and how many more there are", () => {
    const alarms = Array.from({ length: 8 }, (_, index) => alarm(`A${index}`, index * 100, `alarm ${index}`));
    const lines = screen({ atNs: 1000e9, alarms }).filter((line) => line.startsWith("!"));
    expect(lines).toEqual([
      "!  300 s  alarm 7",
      "!  400 s  alarm 6",
      "!  500 s  alarm 5",
      "! 10 min  alarm 4",
      "! and 4 more",
    ]);
    expect(screen({}).join("\n")).toContain("no alarms");
  });

  test("counts what a person has put aside, and does not shout it", () => {
    const aside = { ...alarm("A0", 1, "alarm 0"), shelved: { untilNs: 1e12, by: "li" } };
    expect(screen({ alarms: [aside] })).toContain("1 put aside");
    const lines = screen({ alarms: [aside, alarm("A1", 2, "alarm 1")] });
    expect(lines.filter((line) => line.startsWith("!"))).toEqual([expect.stringContaining("alarm 1")]);
    expect(lines).toContain("1 put aside");
  });

  test("on a low terminal alarms give way, but two lines of them stay", () => {
    const alarms = Array.from({ length: 8 }, (_, index) => alarm(`A${index}`, index, `alarm ${index}`));
    const lines = screen({ rows: 10, alarms }).filter((line) => line.startsWith("!"));
    expect(lines).toEqual([expect.stringContaining("alarm 7"), "! and 7 more"]);
  });

  test("says what the belt is doing when it is not the ordinary day, in words", () => {
    expect(screen({ mode: ["degraded", "MODE_DEGRADED:plc1"] })).toContain("degraded: plc1: something is missing");
    expect(screen({ mode: ["safe", "SIGNAL_NO_AIR"] })).toContain("safe: no compressed air");
    expect(screen({}).join("\n")).not.toContain("running");
  });

  test("says so when a permit is off and when there is no real-time priority", () => {
    const text = screen({ runPermit: false }).join("\n");
    expect(text).toContain("○ no run permit");
    expect(text).toContain("● infeed");
    expect(text).toContain("no real-time priority");
  });
});

const item = (given: Partial<ItemView>): ItemView => ({
  id: 1,
  frontUm: 5_000_000,
  lengthUm: 200_000,
  errorUm: 0,
  code: "A",
  disposition: "released",
  chuteId: null,
  state: "waiting",
  ...given,
});

const EPOCH = "2026-01-01T00:00:00.000Z";

const alarm = (code: string, sinceS: number, text: string): LiveState["line"]["alarms"][number] => ({
  key: code,
  code,
  source: "x",
  text,
  priority: "low",
  phase: "unacknowledged",
  sinceNs: sinceS * 1e9,
  epochAt: EPOCH,
  count: 1,
  acknowledgedBy: "operator",
  shelved: null,
});

interface Shown {
  columns?: number;
  rows?: number;
  colour?: boolean;
  atNs?: number;
  runPermit?: boolean;
  mode?: [LiveState["line"]["belts"][number]["mode"], string];
  items?: readonly ItemView[];
  alarms?: LiveState["line"]["alarms"];
  gates?: Record<string, Partial<LiveState["line"]["gates"][number]>>;
  chutes?: Record<string, Partial<LiveState["line"]["chutes"][number]>>;
}

/** The example site at rest, but for what is given. */
function screen(o: Shown): string[] {
  const { layout } = site;
  const metrics = createMetrics();
  metrics.stage("durable").record(420_000);
  const state: LiveState = {
    at: new Date(Date.parse(EPOCH) + (o.atNs ?? 0) / 1e6).toISOString(),
    run: 1,
    codeVersion: "test",
    metrics: { ...metrics.snapshot(), scheduling: { realTime: false, policy: "other", priority: 0 } },
    devices: [],
    line: {
      atNs: o.atNs ?? 0,
      layoutHash: layout.hash,
      belts: layout.belts.map(({ id }) => ({
        id,
        positionUm: 0,
        speedUmPerS: 2_000_000,
        moving: true,
        runPermit: o.runPermit ?? true,
        stops: [],
        mode: o.mode?.[0] ?? "running",
        modeWhy: o.mode?.[1] ?? "MODE_RUNNING",
        signals: {},
        infeedPermit: true,
        items: o.items ?? [],
      })),
      gates: layout.belts.flatMap(({ gates }) =>
        gates.map(({ id }) => ({ id, position: "home" as const, armed: true, ...o.gates?.[id] })),
      ),
      chutes: layout.chutes.map(({ id, zone }) => ({
        id,
        zone: zone.kind,
        stream: null,
        direction: null,
        arrived: 0,
        locked: false,
        full: false,
        blocked: false,
        jammed: false,
        enabled: true,
        ...o.chutes?.[id],
      })),
      alarms: o.alarms ?? [],
      counts: {},
      storage: "ok",
    },
  };
  const { columns = 110, rows = 40, colour = false } = o;
  return lineScreen(state, layout, { columns, rows, colour, title: "Coline · a test", footer: "Ctrl-C ends" });
}
