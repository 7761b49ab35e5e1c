// A gate that is moved by hand: only in manual mode, over a belt that is held down, stands and is known to be empty.
import { describe, expect, test } from "vitest";
import type { LineCommand } from "../../../src/line/command.ts";
import type { LineOutput, PermitOutput } from "../../../src/line/step.ts";
import { give } from "./command-requests.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const jogG1: LineCommand = { command: "jogGate", gateId: "g1", chuteId: "out" };

function wired(lateCommand: "excluded" | "bounded" = "excluded"): LineFixture {
  const [belt] = oneGateLayout().belts;
  if (belt === undefined) throw new Error("no belt");
  const signals = { automatic: { inputId: "auto", deviceId: "plc" } };
  const gates = belt.gates.map((gate) => ({ ...gate, lateCommand }));
  const line = new LineFixture(oneGateLayout({ belts: [{ ...belt, signals, gates }] }));
  automatic(line, true);
  return line;
}
const automatic = (line: LineFixture, value: boolean): void => line.send({ kind: "signal", inputId: "auto", value });

/** Run empty, stopped by command, standing, in manual mode. */
function ready(lateCommand?: "excluded" | "bounded"): LineFixture {
  const line = wired(lateCommand).warmUp();
  return manual(stopped(line));
}
function stopped(line: LineFixture): LineFixture {
  give(line, { command: "stopLine", beltId: null });
  line.beltMoves = false;
  return line.runTo(line.nowMs + 500);
}
function manual(line: LineFixture): LineFixture {
  automatic(line, false);
  return line.runTo(line.nowMs + 50);
}

const sent = (line: LineFixture, from = 0): PermitOutput[] =>
  line.outputs.slice(from).filter((output): output is PermitOutput => output.kind === "permit");
const withdrawals = (line: LineFixture): LineOutput[] => line.outputs.filter((output) => output.kind === "withdraw");
const end = (line: LineFixture) => line.facts("jogEnd").at(-1);

describe("a gate that is moved by hand", () => {
  test("goes out with a durable entry of its own, is seen, comes home, and is told what it took", () => {
    const line = ready();
    const answer = give(line, jogG1, { id: "j1" });
    expect(answer).toMatchObject({ accepted: true, code: null });
    line.runTo(line.nowMs + 1500);
    const [permit] = sent(line);
    expect(permit).toMatchObject({ gateId: "g1", chuteId: "out", id: line.facts("jog")[0]?.n });
    expect(line.facts("jog")).toMatchObject([{ gateId: "g1", chuteId: "out", command: "j1", who: "wang" }]);
    expect(end(line)).toMatchObject({ jog: permit?.id, end: "done", why: null });
    expect([end(line)?.answeredNs, end(line)?.outNs, end(line)?.homeNs]).not.toContain(null);
    expect(line.core.snapshot(0).lastJog).toMatchObject({ command: "j1", gateId: "g1", end: "done" });
    expect([line.gateIsOut("g1"), withdrawals(line).length]).toEqual([false, 1]);
    expect(line.core.snapshot(0).alarms.map(({ code }) => code)).not.toContain("GATE_NOT_HOME");
  });

  test("is true only where the belt stands: its window is as narrow, and it goes home when the belt leaves it", () => {
    const line = ready();
    give(line, jogG1);
    line.runTo(line.nowMs + 20);
    const window = sent(line)[0]?.window;
    if (window == null) throw new Error("no window");
    expect(window.untilCount - window.fromCount).toBe(40);
    expect(window.homeAtCount).toBe(window.untilCount);
  });

  test("waits for its entry to be on the disk, and is given up when that takes too long", () => {
    const line = ready();
    line.autoDurable = false;
    give(line, jogG1);
    line.runTo(line.nowMs + 1000);
    expect(sent(line)).toEqual([]);
    line.runTo(line.nowMs + 1100);
    line.durable();
    line.runTo(line.nowMs + 500);
    expect([sent(line), end(line)?.end]).toEqual([[], "notSent"]);
  });

  test("one at a time, each again when the one before is over", () => {
    const line = ready();
    give(line, jogG1);
    const other: LineCommand = { command: "jogGate", gateId: "g2", chuteId: "store" };
    expect(give(line, other)).toMatchObject({ accepted: false, code: "COMMAND_JOG_RUNS", detail: "g1" });
    line.runTo(line.nowMs + 1500);
    expect(give(line, other)).toMatchObject({ accepted: true });
    line.runTo(line.nowMs + 1500);
    expect(line.facts("jogEnd").map(({ end: how }) => how)).toEqual(["done", "done"]);
  });

  test("leaves everything unknown: what comes afterwards is sorted behind a belt that was purged", () => {
    const line = ready();
    give(line, jogG1);
    line.runTo(line.nowMs + 1500);
    automatic(line, true);
    give(line, { command: "resumeReady", beltId: null });
    line.beltMoves = true;
    line.runTo(line.nowMs + 100);
    expect(line.core.snapshot(0).belts[0]?.mode).toBe("purging");
    // Who comes first after hands were at the belt shows that nothing stands in the way, and rides to the end for it.
    line.release("A0").put({ code: "A0", atMs: line.nowMs + 4000 });
    line.release("A1").put({ code: "A1", atMs: line.nowMs + 8000 });
    line.runTo(line.nowMs + 13_000);
    expect([line.where("A0"), line.where("A1")]).toEqual([["end"], ["out"]]);
  });
});

describe("is refused", () => {
  const refused = (line: LineFixture, what: LineCommand = jogG1) => {
    const from = line.outputs.length;
    const { accepted, code } = give(line, what);
    line.runTo(line.nowMs + 1500);
    expect([accepted, sent(line, from), line.facts("jog")]).toEqual([false, [], []]);
    return code;
  };

  test("in automatic, and where manual mode is not wired", () => {
    expect(refused(stopped(wired().warmUp()))).toBe("COMMAND_NOT_MANUAL");
    expect(refused(stopped(new LineFixture().warmUp()))).toBe("COMMAND_NOT_MANUAL");
  });

  test("while the run permit is on: the belt could start", () => {
    const line = wired().warmUp();
    line.beltMoves = false;
    expect(refused(manual(line.runTo(line.nowMs + 500)))).toBe("COMMAND_RUN_PERMIT_ON");
  });

  test("while the belt moves", () => {
    const line = wired().warmUp();
    give(line, { command: "stopLine", beltId: null });
    expect(refused(manual(line))).toBe("COMMAND_BELT_MOVES");
  });

  test("with a parcel on the belt", () => {
    const line = wired().warmUp();
    line.put({ code: "A1", atMs: line.nowMs + 10 }).runTo(line.nowMs + 600);
    expect(refused(manual(stopped(line)))).toBe("COMMAND_BELT_NOT_EMPTY");
  });

  test("after a parcel that nobody saw leave the belt: it may stand between two eyes", () => {
    const line = wired().warmUp();
    line.put({ code: "A1", atMs: line.nowMs + 10, hiddenFrom: ["last"] }).runTo(line.nowMs + 8000);
    expect(line.ends()).toMatchObject([{ end: "lost", reason: "ITEM_NOT_SEEN" }]);
    expect(refused(manual(stopped(line)))).toBe("COMMAND_BELT_NOT_EMPTY");
  });

  test("before anything of a start has run off the belt", () => {
    const line = wired();
    expect(refused(manual(stopped(line)))).toBe("COMMAND_BELT_NOT_EMPTY");
  });

  test("when a beam was dark since manual mode began, though it is light again", () => {
    const line = ready();
    line.edge("mid", "dark");
    line.edge("mid", "light");
    expect(refused(line)).toBe("COMMAND_BELT_NOT_EMPTY");
  });

  test("when a beam was dark since, and nobody can say where the belt was then", () => {
    const line = ready();
    const stamp = { atNs: (line.nowMs + 300) * 1e6, count: null };
    line.send({ kind: "eye", eyeId: "mid", edge: "dark", after: stamp, upTo: stamp });
    expect(refused(line)).toBe("COMMAND_BELT_NOT_EMPTY");
  });

  test("when the belt has gone on since, further than it coasts", () => {
    const line = ready();
    line.beltMoves = true;
    line.runTo(line.nowMs + 400);
    line.beltMoves = false;
    line.runTo(line.nowMs + 500);
    expect(refused(line)).toBe("COMMAND_BELT_NOT_EMPTY");
  });

  test("when the eyes could not be read in between", () => {
    const line = ready();
    line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
    line.connect();
    automatic(line, false);
    line.runTo(line.nowMs + 100);
    expect(refused(line)).toBe("COMMAND_BELT_NOT_EMPTY");
  });

  test("of a gate that is not home, or whose device is not armed", () => {
    const line = ready();
    line.send({ kind: "gate", gateId: "g1", position: "between" });
    expect(refused(line)).toBe("COMMAND_GATE_NOT_READY");
    line.send({ kind: "gate", gateId: "g1", position: "home" });
    line.send({ kind: "device", deviceId: "plc", connected: true, armed: false });
    expect(refused(line)).toBe("COMMAND_GATE_NOT_READY");
  });

  test("for a gate or a chute that the site does not have, or that is another gate's", () => {
    const line = ready();
    expect(refused(line, { ...jogG1, gateId: "g9" })).toBe("COMMAND_TARGET_UNKNOWN");
    expect(refused(line, { ...jogG1, chuteId: "store" })).toBe("COMMAND_TARGET_UNKNOWN");
  });

  test("to a token that only may read", () => {
    expect(give(ready(), jogG1, { roles: ["read"] })).toMatchObject({ accepted: false, code: "COMMAND_ROLE" });
  });
});

describe("between the command and the gate's way home", () => {
  test("manual mode ends before the command went out: it is not let go", () => {
    const line = ready();
    line.autoDurable = false;
    give(line, jogG1);
    automatic(line, true);
    line.durable();
    line.runTo(line.nowMs + 500);
    expect([sent(line), end(line)]).toMatchObject([[], { end: "withheld", why: "COMMAND_NOT_MANUAL" }]);
  });

  test("the last look asks everything once more", () => {
    const line = ready();
    give(line, jogG1);
    const [permit] = sent(line);
    line.edge("mid", "dark");
    line.runTo(line.nowMs + 100);
    expect(line.outputs).toContainEqual({ kind: "withhold", id: permit?.id });
    expect([line.gateIsOut("g1"), end(line)]).toMatchObject([
      false,
      { end: "withheld", why: "COMMAND_BELT_NOT_EMPTY" },
    ]);
  });

  test.each([
    ["manual mode ends", (line: LineFixture) => automatic(line, true)],
    [
      "the belt begins to move",
      (line: LineFixture) => {
        line.beltMoves = true;
      },
    ],
    ["a beam goes dark", (line: LineFixture) => line.edge("mid", "dark")],
  ])("%s while it is out: it is called home at once", (_, happens) => {
    const line = ready();
    give(line, jogG1);
    line.runTo(line.nowMs + 100);
    expect(line.gateIsOut("g1")).toBe(true);
    const atMs = line.nowMs;
    happens(line);
    line.runTo(line.nowMs + 40);
    expect([line.gateIsOut("g1"), end(line)?.end]).toEqual([false, "brokenOff"]);
    expect((end(line)?.atNs ?? 0) / 1e6 - atMs).toBeLessThan(40);
  });

  test("the device does not answer: the gate is in doubt, as after any command", () => {
    const line = ready();
    line.outcome = "inDoubt";
    line.gateMoves = false;
    give(line, jogG1);
    line.runTo(line.nowMs + 100);
    expect(end(line)).toMatchObject({ end: "inDoubt" });
    expect(line.core.snapshot(0).alarms.map(({ code }) => code)).toContain("GATE_IN_DOUBT");
    line.runTo(line.nowMs + 2000);
    expect(give(line, jogG1)).toMatchObject({ accepted: false, code: "COMMAND_GATE_NOT_READY" });
  });

  test("a plain output in doubt may still be carried out: the belt is not offered to anybody before its device was armed anew", () => {
    const line = ready("bounded");
    line.outcome = "inDoubt";
    line.gateMoves = false;
    give(line, jogG1);
    line.runTo(line.nowMs + 100);
    line.gateMoves = true;
    line.send({ kind: "device", deviceId: "plc", connected: true, armed: false });
    automatic(line, true);
    give(line, { command: "resumeReady", beltId: null });
    line.runTo(line.nowMs + 1000);
    const belt = () => line.core.snapshot(0).belts[0];
    expect([belt()?.runPermit, belt()?.stops]).toEqual([false, ["GATE_IN_DOUBT:g1"]]);
    line.send({ kind: "device", deviceId: "plc", connected: true, armed: true });
    line.runTo(line.nowMs + 100);
    expect([belt()?.runPermit, belt()?.stops]).toEqual([true, []]);
  });

  test("the device's last word comes late: the jog waits for it, and a doubt is no forgotten one", () => {
    const line = ready();
    line.outcome = "none";
    give(line, jogG1);
    line.runTo(line.nowMs + 2000);
    const from = line.outputs.length;
    line.runTo(line.nowMs + 2000);
    expect([line.facts("jogEnd"), withdrawals(line).length]).toEqual([[], 1]);
    expect(line.outputs.slice(from).filter(({ kind }) => kind === "wakeAt")).toEqual([]);
    line.send({ kind: "command", id: sent(line)[0]?.id ?? 0, outcome: "inDoubt" });
    expect(end(line)).toMatchObject({ end: "inDoubt" });
    expect(line.core.snapshot(0).alarms.map(({ code }) => code)).toContain("GATE_IN_DOUBT");
  });

  test("a second last look for it is answered no, and it goes on", () => {
    const line = ready();
    give(line, jogG1);
    line.runTo(line.nowMs + 100);
    line.send({ kind: "lastLook", id: sent(line)[0]?.id ?? 0 });
    expect(line.outputs.at(-1)).toMatchObject({ kind: "withhold" });
    line.runTo(line.nowMs + 1500);
    expect(end(line)?.end).toBe("done");
  });

  test("the gate does not come home: that is said, and alarmed", () => {
    const line = ready();
    give(line, jogG1);
    line.runTo(line.nowMs + 100);
    line.gateMoves = false;
    line.runTo(line.nowMs + 3000);
    expect(end(line)).toMatchObject({ end: "notHome", why: "GATE_NOT_HOME" });
  });
});

test("a restart forgets a gate that was being moved, and lets none be moved before the belt has run empty", () => {
  const line = ready();
  give(line, jogG1);
  line.runTo(line.nowMs + 100);
  const next = new LineFixture(line.layout, { entries: line.entries });
  automatic(next, false);
  expect(next.core.snapshot(0).lastJog).toBeNull();
  next.beltMoves = false;
  next.runTo(500);
  expect(give(next, jogG1)).toMatchObject({ accepted: false, code: "COMMAND_BELT_NOT_EMPTY" });
});
