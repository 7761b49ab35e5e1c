// A belt's mode as the plant changes: what is withdrawn and held, what comes back by itself, and what is purged.
import { describe, expect, test } from "vitest";
import type { SignalName } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const wired = (...names: SignalName[]) => {
  const layout = oneGateLayout();
  const signals = Object.fromEntries(names.map((name) => [name, { inputId: `b.${name}`, deviceId: "plc" }]));
  return oneGateLayout({ belts: layout.belts.map((belt) => ({ ...belt, signals })) });
};
const say = (line: LineFixture, name: SignalName, value: boolean): void =>
  line.send({ kind: "signal", inputId: `b.${name}`, value });
const belt = (line: LineFixture) => {
  const [found] = line.core.snapshot(line.nowMs * 1e6).belts;
  if (found === undefined) throw new Error("no belt");
  return found;
};
const well = (...names: SignalName[]): LineFixture => {
  const line = new LineFixture(wired(...names));
  for (const name of names) say(line, name, true);
  return line.warmUp();
};
/** A parcel that is released, from now on to its end. */
function sendOne(line: LineFixture, code: string): string {
  line.release(code).put({ code, atMs: line.nowMs + 100 });
  line.runTo(line.nowMs + 6000);
  return line.where(code)[0] ?? "";
}

test("a start purges the belt, then it runs; each change is in the journal with its reason", () => {
  const line = new LineFixture().warmUp();
  expect(belt(line).mode).toBe("running");
  const modes = line.facts("mode").map(({ mode }) => mode);
  expect(modes).toContain("purging");
  expect(line.facts("mode").at(-1)).toMatchObject({
    beltId: "b",
    mode: "running",
    before: "purging",
    why: "MODE_RUNNING",
  });
});

test("a belt that is stopped and started again goes through stopping and stopped, and its parcels are still known", () => {
  const line = new LineFixture().warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 500);
  line.beltMoves = false;
  line.runTo(at + 1500);
  expect(belt(line).mode).toBe("stopped");
  line.beltMoves = true;
  line.runTo(at + 8000);
  expect([belt(line).mode, line.where("A1")]).toEqual(["running", ["out"]]);
});

describe("manual mode", () => {
  test("withdraws what is out, lets nothing in and moves no gate; what was on the belt is purged afterwards", () => {
    const line = well("automatic").release("A1").release("A2");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 600 }).runTo(at + 1390);
    expect(line.gateIsOut("g1")).toBe(true);
    say(line, "automatic", false);
    expect(line.gateIsOut("g1")).toBe(false);
    expect(belt(line)).toMatchObject({ mode: "manual", infeedPermit: false, runPermit: true });
    say(line, "automatic", true);
    expect(belt(line)).toMatchObject({ mode: "purging" });
    line.runTo(line.nowMs + 6000);
    expect([...line.where("A1"), ...line.where("A2")]).toEqual(["end", "end"]);
    expect(line.ends().map(({ reason }) => reason)).toContain("ITEM_PURGED");
    expect(belt(line)).toMatchObject({ mode: "running", infeedPermit: true });
    expect(sendOne(line, "A3")).toBe("out");
  });

  test("a parcel that comes in all the same is not sorted", () => {
    const line = well("automatic");
    say(line, "automatic", false);
    expect(sendOne(line, "A1")).toBe("end");
    expect(line.facts("permit")).toEqual([]);
    say(line, "automatic", true);
    expect(line.facts("breach")).toEqual([]);
  });
});

test("manual mode that began and ended behind another reason purges the belt all the same", () => {
  const line = well("automatic", "airOk").release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 700);
  say(line, "airOk", false);
  say(line, "automatic", false);
  expect(belt(line).modeWhy).toBe("SIGNAL_NO_AIR");
  say(line, "automatic", true);
  say(line, "airOk", true);
  expect(belt(line).mode).toBe("purging");
  line.runTo(at + 6000);
  expect(line.where("A1")).toEqual(["end"]);
});

test("a PLC that cannot be read for a moment makes the mode safe, and gives up neither run permit nor parcels", () => {
  const names: SignalName[] = ["automatic", "emergencyStopClear", "driveOk"];
  const line = well(...names).release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 600);
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  expect(belt(line)).toMatchObject({ mode: "safe", runPermit: true, infeedPermit: false });
  line.send({ kind: "device", deviceId: "plc", connected: true, armed: true });
  for (const name of names) say(line, name, true);
  line.runTo(at + 6000);
  expect([belt(line).mode, ...line.where("A1")]).toEqual(["running", "out"]);
  expect(line.outputs.filter((output) => output.kind === "runPermit" && !output.allowed)).toEqual([]);
});

describe("signals that must be on", () => {
  test.each<[SignalName, string]>([
    ["emergencyStopClear", "SIGNAL_EMERGENCY_STOP"],
    ["driveOk", "SIGNAL_DRIVE_FAULT"],
  ])("without %s the run permit falls, and is offered again with it", (name, why) => {
    const line = well(name);
    say(line, name, false);
    expect(belt(line)).toMatchObject({
      mode: "safe",
      modeWhy: why,
      runPermit: false,
      infeedPermit: false,
      stops: [why],
    });
    say(line, name, true);
    expect(belt(line)).toMatchObject({ runPermit: true, stops: [] });
    line.runTo(line.nowMs + 6000);
    expect(belt(line)).toMatchObject({ mode: "running", infeedPermit: true });
  });

  test("without air the belt runs on and everything rides to the safe end, with the reason in words", () => {
    const line = well("airOk");
    say(line, "airOk", false);
    expect(belt(line)).toMatchObject({ mode: "safe", runPermit: true });
    expect(sendOne(line, "A1")).toBe("end");
    expect(line.ends()[0]?.reason).toBe("LAW_MODE_SAFE");
    say(line, "airOk", true);
    expect(sendOne(line, "A2")).toBe("out");
  });

  test.each<SignalName>(["automatic", "emergencyStopClear", "driveOk", "airOk"])(
    "a wire of %s that is broken from the start, or whose device goes away, lets nothing out",
    (name) => {
      const line = new LineFixture(wired(name)).warmUp();
      expect(["safe", "manual"]).toContain(belt(line).mode);
      expect(sendOne(line, "A1")).toBe("end");
      say(line, name, true);
      line.runTo(line.nowMs + 6000);
      expect(belt(line).mode).toBe("running");
      line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
      line.send({ kind: "device", deviceId: "plc", connected: true, armed: true });
      expect(belt(line).signals).toEqual({ [name]: null });
      expect(sendOne(line, "A2")).toBe("end");
    },
  );

  test("what follows the safe end holds the infeed only, and gives it back by itself", () => {
    const line = well("downstreamReady", "upstreamReady");
    say(line, "upstreamReady", false);
    expect(belt(line)).toMatchObject({ mode: "running", infeedPermit: true, signals: { upstreamReady: false } });
    say(line, "downstreamReady", false);
    line.runTo(line.nowMs + 10);
    expect(belt(line)).toMatchObject({ mode: "running", runPermit: true, infeedPermit: false });
    say(line, "downstreamReady", true);
    line.runTo(line.nowMs + 10);
    expect(belt(line).infeedPermit).toBe(true);
  });
});

test("what is missing is named, and what does not need it is sorted", () => {
  const line = new LineFixture().warmUp();
  line.send({ kind: "scanner", scannerId: "scan", state: "down" });
  expect(belt(line)).toMatchObject({ mode: "degraded", modeWhy: "MODE_DEGRADED:scan" });
  line.send({ kind: "scanner", scannerId: "scan", state: "up" });
  line.feedAgeMs = 60_000;
  expect(sendOne(line, "A1")).toBe("end");
  expect(belt(line).modeWhy).toBe("MODE_DEGRADED:feed");
  line.feedAgeMs = 0;
  expect(sendOne(line, "A2")).toBe("out");
  expect(belt(line).mode).toBe("running");
});

test("a full disk and a belt that cannot be seen are safe mode", () => {
  const line = new LineFixture().warmUp();
  line.send({ kind: "storage", state: "full" });
  expect(belt(line)).toMatchObject({ mode: "safe", modeWhy: "STORAGE_FULL", infeedPermit: false });
  line.send({ kind: "storage", state: "ok" });
  expect(belt(line).mode).toBe("running");
  line.connected = false;
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  expect(belt(line)).toMatchObject({ mode: "safe", modeWhy: "BELT_BLIND" });
});
