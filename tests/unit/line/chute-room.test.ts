// Chutes that cannot take another parcel: full, blocked, jammed, fed too fast; what rides is decided anew each time.
import { describe, expect, test } from "vitest";
import type { ChuteLayout, LineLayout } from "../../../src/line/layout.ts";
import { give } from "./command-requests.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const MS = 1_000_000;
const PITCH_MS = 400;

function siteWith(change: Partial<ChuteLayout>): LineLayout {
  const layout = oneGateLayout();
  return { ...layout, chutes: layout.chutes.map((chute) => (chute.id === "out" ? { ...chute, ...change } : chute)) };
}

const withSensor = (change: Partial<ChuteLayout> = {}): LineLayout =>
  siteWith({ fullInputId: "out.notFull", fullDeviceId: "sensors", fullDebounceNs: 1000 * MS, ...change });

const out = (line: LineFixture) => line.core.snapshot(line.nowMs * MS).chutes.find(({ id }) => id === "out");
const isFull = (line: LineFixture): boolean => out(line)?.full === true;
const says = (line: LineFixture, notFull: boolean): void =>
  line.send({ kind: "signal", inputId: "out.notFull", value: notFull });

/** Released parcels one behind the other, run to their ends; returns where they lie. */
function sorted(
  line: LineFixture,
  codes: readonly string[],
  change: { hiddenFrom?: readonly string[] } = {},
): string[] {
  const at = line.nowMs + 100;
  for (const [index, code] of codes.entries()) line.release(code).put({ code, atMs: at + index * PITCH_MS, ...change });
  line.runTo(at + codes.length * PITCH_MS + 4000);
  return codes.flatMap((code) => line.where(code));
}

/** Behind one that was not seen to arrive the next one rides on: it proves that nothing stands before the gate. */
const provedBy = (line: LineFixture, code: string): void => expect(sorted(line, [code])).toEqual(["end"]);

describe("a full sensor", () => {
  test("that has not been read says full, and its first word is believed at once", () => {
    const line = new LineFixture(withSensor()).warmUp();
    expect(isFull(line)).toBe(true);
    expect(sorted(line, ["A1"])).toEqual(["end"]);
    expect(line.ends().at(-1)?.reason).toBe("CHUTE_FULL");
    says(line, true);
    expect(isFull(line)).toBe(false);
    expect(sorted(line, ["A2"])).toEqual(["out"]);
  });

  test("has to say full, and not full, for its debounce; a parcel that slides past it is nothing", () => {
    const line = new LineFixture(withSensor()).warmUp();
    says(line, true);
    says(line, false);
    line.runTo(line.nowMs + 995);
    says(line, true);
    line.runTo(line.nowMs + 2000);
    expect(line.facts("chute").filter(({ full }) => full)).toEqual([]);
    says(line, false);
    line.runTo(line.nowMs + 995);
    expect(isFull(line)).toBe(false);
    line.runTo(line.nowMs + 10);
    expect(isFull(line)).toBe(true);
    says(line, true);
    line.runTo(line.nowMs + 995);
    expect(isFull(line)).toBe(true);
    line.runTo(line.nowMs + 10);
    expect(isFull(line)).toBe(false);
    expect(line.facts("chute").map(({ full, why }) => [full, why])).toEqual([
      [false, "SENSOR"],
      [true, "SENSOR"],
      [false, "SENSOR"],
    ]);
  });

  test("is heard at its time though the belt's device says nothing: the line has asked to be woken", () => {
    const line = new LineFixture(withSensor()).warmUp();
    says(line, true);
    says(line, false);
    const dueMs = line.nowMs + 1000;
    const asked = line.outputs.findLast((output) => output.kind === "wakeAt");
    expect(asked).toMatchObject({ atNs: dueMs * MS });
    line.nowMs = dueMs;
    line.send({ kind: "wake" });
    expect(isFull(line)).toBe(true);
  });

  test("whose device is lost says full; back, it is asked anew", () => {
    const line = new LineFixture(withSensor()).warmUp();
    line.send({ kind: "device", deviceId: "sensors", connected: true, armed: false });
    says(line, true);
    line.send({ kind: "device", deviceId: "sensors", connected: false, armed: false });
    expect(isFull(line)).toBe(true);
    line.send({ kind: "device", deviceId: "sensors", connected: true, armed: false });
    expect(isFull(line)).toBe(true);
    says(line, true);
    expect(isFull(line)).toBe(false);
  });

  test("is one reason, the count another: beyond its capacity a chute is full whatever the sensor says", () => {
    const line = new LineFixture(withSensor({ capacityItems: 2, fullDebounceNs: 0 })).warmUp();
    says(line, true);
    expect(sorted(line, ["A1", "A2"])).toEqual(["out", "out"]);
    expect(sorted(line, ["A3"])).toEqual(["end"]);
    says(line, false);
    says(line, true);
    expect(isFull(line)).toBe(true);
    expect(give(line, { command: "containerChanged", chuteId: "out" }).accepted).toBe(true);
    expect(isFull(line)).toBe(false);
    says(line, false);
    expect(give(line, { command: "containerChanged", chuteId: "out" }).accepted).toBe(true);
    expect(isFull(line)).toBe(true);
  });

  test("that says full right after a restart is heard of: people change the container by what the journal says", () => {
    const line = new LineFixture(withSensor({ fullDebounceNs: 0 })).warmUp();
    says(line, true);
    const next = new LineFixture(line.layout, { entries: line.entries });
    expect(next.facts("chute")).toEqual([]);
    says(next, false);
    expect(next.facts("chute").map(({ full, why }) => [full, why])).toEqual([[true, "SENSOR"]]);
  });

  test("a restart knows the count, and asks the sensor anew", () => {
    const line = new LineFixture(withSensor({ capacityItems: 1 })).warmUp();
    says(line, true);
    sorted(line, ["A1"]);
    const next = new LineFixture(line.layout, { entries: line.entries });
    says(next, true);
    expect(isFull(next)).toBe(true);
    give(next, { command: "containerChanged", chuteId: "out" });
    expect(isFull(next)).toBe(false);
  });
});

/** A parcel comes down, is seen, and stays in the mouth. */
function liesInTheMouth(line: LineFixture, code: string): void {
  const at = line.nowMs + 100;
  line.release(code).put({ code, atMs: at, hiddenFrom: ["out-eye"] });
  line.runTo(at + 1700);
  line.edge("out-eye", "dark");
}

describe("a mouth that stays dark", () => {
  const site = siteWith({ blockedAfterNs: 3000 * MS });

  test("takes nothing more until it is light again; a parcel that slides past it is nothing", () => {
    const line = new LineFixture(site).warmUp();
    expect(sorted(line, ["A1"])).toEqual(["out"]);
    liesInTheMouth(line, "A2");
    line.runTo(line.nowMs + 2990);
    expect(out(line)?.blocked).toBe(false);
    line.runTo(line.nowMs + 20);
    expect(out(line)?.blocked).toBe(true);
    expect(line.facts("alarm").at(-1)).toMatchObject({ code: "CHUTE_BLOCKED", source: "out", active: true });
    expect(sorted(line, ["A3"])).toEqual(["end"]);
    expect(line.ends().at(-1)?.reason).toBe("CHUTE_BLOCKED");
    line.edge("out-eye", "light");
    expect(out(line)?.blocked).toBe(false);
    expect(line.facts("breach")).toEqual([]);
    expect(sorted(line, ["A4"])).toEqual(["out"]);
  });

  test("what rides towards it is decided anew, and its piece is free again", () => {
    const line = new LineFixture(site).warmUp().release("A2");
    liesInTheMouth(line, "A1");
    line.put({ code: "A2", atMs: line.nowMs + 2300 });
    line.runTo(line.nowMs + 2990);
    const riding = () => line.core.snapshot(0).belts[0]?.items.map(({ code, chuteId }) => [code, chuteId]);
    expect(riding()).toEqual([["A2", "out"]]);
    line.runTo(line.nowMs + 20);
    expect(riding()).toEqual([["A2", null]]);
    expect(line.facts("giveBack").map(({ why }) => why)).toEqual(["withheld"]);
  });
});

describe("parcels that were sent and not seen", () => {
  test("one is an eye that missed it; two in a row are a jam, until a person has looked", () => {
    const line = new LineFixture().warmUp();
    expect(sorted(line, ["A1"], { hiddenFrom: ["out-eye"] })).toEqual(["out"]);
    expect(out(line)?.jammed).toBe(false);
    provedBy(line, "P1");
    sorted(line, ["A2"], { hiddenFrom: ["out-eye"] });
    expect(out(line)?.jammed).toBe(true);
    expect(sorted(line, ["A3"])).toEqual(["end"]);
    expect(line.ends().at(-1)?.reason).toBe("CHUTE_JAMMED");
    give(line, { command: "enableChute", chuteId: "out" });
    expect(sorted(line, ["A4"])).toEqual(["out"]);
  });

  test("one that is seen in between begins the count anew", () => {
    const line = new LineFixture().warmUp();
    sorted(line, ["A1"], { hiddenFrom: ["out-eye"] });
    provedBy(line, "P1");
    expect(sorted(line, ["A2"])).toEqual(["out"]);
    sorted(line, ["A3"], { hiddenFrom: ["out-eye"] });
    expect(out(line)?.jammed).toBe(false);
  });

  test("while the eye's device is away they say nothing of a jam", () => {
    const layout = oneGateLayout();
    const belts = layout.belts.map((belt) => ({
      ...belt,
      eyes: belt.eyes.map((eye) => (eye.id === "out-eye" ? { ...eye, deviceId: "eyes" } : eye)),
    }));
    const line = new LineFixture({ ...layout, belts }).warmUp();
    line.away.add("eyes");
    for (const code of ["A1", "A2", "A3"]) sorted(line, [code]);
    expect(out(line)?.jammed).toBe(false);
  });
});

describe("a chute that takes so many in a minute", () => {
  const site = siteWith({ maxPerMinute: 2 });

  test("the next one rides on and says why; a minute later there is room again", () => {
    const line = new LineFixture(site).warmUp();
    expect(sorted(line, ["A1", "A2", "A3"])).toEqual(["out", "out", "end"]);
    expect(line.ends().filter(({ chuteId }) => chuteId === "end")).toMatchObject([{ reason: "CHUTE_RATE" }]);
    line.runTo(line.nowMs + 60_000);
    expect(sorted(line, ["A4"])).toEqual(["out"]);
  });

  test("a parcel that waits for its gate has taken its place already", () => {
    const line = new LineFixture(site).warmUp();
    const at = line.nowMs + 100;
    for (const [index, code] of ["A1", "A2", "A3"].entries())
      line.release(code).put({ code, atMs: at + index * PITCH_MS });
    line.runTo(at + 1350);
    expect(line.core.snapshot(0).belts[0]?.items.map(({ chuteId }) => chuteId)).toEqual(["out", "out", null]);
  });
});

test("a container into which something fell that nobody sent is not empty, after a restart neither", () => {
  const layout = siteWith({});
  const chutes = layout.chutes.map((chute) =>
    chute.id === "store" ? { ...chute, alsoFor: [{ stream: "cbec", direction: "import" } as const] } : chute,
  );
  const line = new LineFixture({ ...layout, chutes }).warmUp();
  give(line, { command: "containerChanged", chuteId: "store" });
  line.edge("store-eye", "dark");
  const change = { command: "changeChuteStream", chuteId: "store", stream: "cbec", direction: "import" } as const;
  expect(give(line, change)).toMatchObject({ code: "COMMAND_CONTAINER_FIRST" });
  const next = new LineFixture(line.layout, { entries: line.entries });
  expect(give(next, change)).toMatchObject({ code: "COMMAND_CONTAINER_FIRST" });
});

describe("a restart", () => {
  const site = siteWith({ blockedAfterNs: 3000 * MS });
  /** After all the runs before, the first of them first. */
  const restarted = (...runs: LineFixture[]): LineFixture =>
    new LineFixture(runs[0]?.layout, { entries: runs.flatMap(({ entries }) => entries) });
  const alarmed = (line: LineFixture): string[] =>
    line.facts("alarm").flatMap(({ code, phase }) => (phase === "unacknowledged" ? [code] : []));

  /** Not the first one of a run, which proves the way for those behind it. */
  function sortedNext(line: LineFixture, code: string): string[] {
    line.warmUp();
    return sorted(line, [`${code}-first`, code]).slice(1);
  }

  function blocked(): LineFixture {
    const line = new LineFixture(site).warmUp();
    liesInTheMouth(line, "B1");
    line.runTo(line.nowMs + 3100);
    expect(out(line)?.blocked).toBe(true);
    return line;
  }

  test("leaves a blocked mouth blocked until its eye is light, or a person has looked", () => {
    const light = restarted(blocked());
    expect(sortedNext(light, "A1")).toEqual(["end"]);
    expect(light.ends().at(-1)?.reason).toBe("CHUTE_BLOCKED");
    light.edge("out-eye", "light");
    expect(out(light)?.blocked).toBe(false);
    expect(sorted(light, ["A2"])).toEqual(["out"]);

    const before = blocked();
    const looked = restarted(before, restarted(before));
    expect(out(looked)?.blocked).toBe(true);
    give(looked, { command: "enableChute", chuteId: "out" });
    expect(out(looked)?.blocked).toBe(false);
  });

  test("and a device that is away meanwhile has not said that it is light", () => {
    const line = restarted(blocked());
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connect();
    expect(out(line)?.blocked).toBe(true);
  });

  test("nor has one that is away for a while in the same run, and a person's word counts after that", () => {
    const line = blocked();
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.runTo(line.nowMs + 500);
    line.connect();
    expect(out(line)?.blocked).toBe(true);
    give(line, { command: "enableChute", chuteId: "out" });
    expect(out(line)?.blocked).toBe(false);
  });

  test("a mouth that was dark only for a moment when its device went away is not blocked", () => {
    const line = new LineFixture(site).warmUp();
    liesInTheMouth(line, "B1");
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connected = false;
    line.runTo(line.nowMs + 4000);
    line.connect();
    expect(out(line)?.blocked).toBe(false);
  });

  test("no person's word helps against an eye that has shown the mouth dark and is read all the while", () => {
    const line = blocked();
    give(line, { command: "enableChute", chuteId: "out" });
    expect(out(line)?.blocked).toBe(true);
  });

  test("leaves a jam one until something comes through, or a person has looked; the alarm stays", () => {
    const line = new LineFixture().warmUp();
    sorted(line, ["A1"], { hiddenFrom: ["out-eye"] });
    provedBy(line, "P1");
    sorted(line, ["A2"], { hiddenFrom: ["out-eye"] });
    const seen = restarted(line);
    expect(out(seen)?.jammed).toBe(true);
    expect(sortedNext(seen, "A3")).toEqual(["end"]);
    expect(seen.ends().at(-1)?.reason).toBe("CHUTE_JAMMED");
    expect(alarmed(line)).toContain("CHUTE_JAMMED");
    expect(seen.core.snapshot(0).alarms.map(({ code }) => code)).toContain("CHUTE_JAMMED");
    give(seen, { command: "enableChute", chuteId: "out" });
    expect(sorted(seen, ["A4"])).toEqual(["out"]);
    expect(out(restarted(line, seen))?.jammed).toBe(false);
  });

  test("one parcel that was not seen before it is none", () => {
    const line = new LineFixture().warmUp();
    sorted(line, ["A1"], { hiddenFrom: ["out-eye"] });
    const next = restarted(line);
    next.warmUp();
    sorted(next, ["A2", "A3"], { hiddenFrom: ["out-eye"] });
    expect(out(next)?.jammed).toBe(false);
  });
});
