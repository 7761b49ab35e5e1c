// Commands of people: who may, how late, how often; what each does, what it never does, and what a restart keeps.
import { describe, expect, test } from "vitest";
import { CAPS } from "../../../src/line/caps.ts";
import { COMMANDS, type LineCommand, ROLES, readCommand } from "../../../src/line/command.ts";
import { give } from "./command-requests.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const warm = (): LineFixture => new LineFixture().warmUp();
const stop: LineCommand = { command: "stopLine", beltId: "b" };
const belt = (line: LineFixture) => line.core.snapshot(line.nowMs * 1e6).belts[0];
const chute = (line: LineFixture, id: string) => line.core.snapshot(0).chutes.find((each) => each.id === id);
const runPermits = (line: LineFixture): boolean[] =>
  line.outputs.flatMap((output) => (output.kind === "runPermit" ? [output.allowed] : []));
/** Ends what the fixture's belt rides on: a belt that stands is seen by its samples. */
function standStill(line: LineFixture): LineFixture {
  line.beltMoves = false;
  return line.runTo(line.nowMs + 300);
}

describe("who, when, how often", () => {
  const some: Record<string, LineCommand> = {
    stopLine: stop,
    resumeReady: { command: "resumeReady", beltId: null },
    changeChuteStream: { command: "changeChuteStream", chuteId: "out", stream: "cbec", direction: "import" },
    acknowledgeAlarm: { command: "acknowledgeAlarm", key: "LINE_STOPPED:b" },
    clearItem: { command: "clearItem", itemId: 1 },
    gateTested: { command: "gateTested", gateId: "g1" },
    holdCode: { command: "holdCode", company: "ACME", waybill: "A1", reference: "line", officer: null },
    liftCode: { command: "liftCode", company: "ACME", waybill: "A1", reference: "line", officer: null },
  };
  const one = (name: string): LineCommand => some[name] ?? ({ command: name, chuteId: "out" } as LineCommand);
  const rows = Object.entries(COMMANDS).flatMap(([name, { roles }]) =>
    ROLES.filter((role) => !roles.includes(role)).map((role) => [name, role] as const),
  );

  test.each(rows)("%s of a token that only has the scope %s is refused, journalled and not done", (name, role) => {
    const line = warm();
    const before = JSON.stringify(line.core.snapshot(0));
    const answer = give(line, one(name), { roles: [role] });
    expect(answer).toMatchObject({ accepted: false, code: "COMMAND_ROLE" });
    expect(line.facts("operator")).toMatchObject([
      { command: name, who: "wang", role, accepted: false, code: "COMMAND_ROLE", n: answer.entry },
    ]);
    const after = line.core.snapshot(0);
    expect(JSON.stringify({ ...after, counts: undefined })).toBe(
      JSON.stringify({ ...JSON.parse(before), counts: undefined }),
    );
  });

  test("the same id twice is answered the same and acted on once, over a restart too", () => {
    const line = warm();
    const first = give(line, stop, { id: "x" });
    line.runTo(line.nowMs + 1);
    give(line, { command: "resumeReady", beltId: "b" });
    const entries = line.entries.length;
    expect(give(line, stop, { id: "x", eventAtMs: 99, untilNs: 0 })).toEqual({ ...first, isRepeated: true });
    expect([belt(line)?.runPermit, line.entries.length]).toEqual([true, entries]);
    const next = new LineFixture(line.layout, { entries: line.entries });
    expect(give(next, stop, { id: "x" })).toEqual({ ...first, isRepeated: true });
    expect(belt(next)?.runPermit).toBe(true);
  });

  test.each([
    ["another command", { command: "stopLine", beltId: null } as LineCommand, "wang"],
    ["another person", stop, "li"],
  ])("the id of a command that %s has used is refused, and the first answer stays", (_case, what, who) => {
    const line = warm();
    const first = give(line, stop, { id: "x" });
    expect(give(line, what, { id: "x", who })).toMatchObject({ accepted: false, code: "COMMAND_ID_REUSED" });
    expect(give(line, stop, { id: "x" })).toEqual({ ...first, isRepeated: true });
  });

  test("past its deadline a command is refused, and stays refused", () => {
    const line = warm();
    const late = { id: "x", untilNs: line.nowMs * 1e6 - 1 };
    expect(give(line, stop, late)).toMatchObject({ accepted: false, code: "COMMAND_LATE" });
    expect(give(line, stop, { id: "x" })).toMatchObject({ accepted: false, code: "COMMAND_LATE", isRepeated: true });
    expect(belt(line)?.runPermit).toBe(true);
  });

  test("of more commands than are remembered the oldest are forgotten", () => {
    const line = warm();
    for (let n = 0; n <= CAPS.commands; n++) give(line, stop, { id: `n${n}` });
    expect(give(line, stop, { id: "n1" }).isRepeated).toBe(true);
    expect(give(line, stop, { id: "n0" }).isRepeated).toBe(false);
  });

  test.each(
    Object.keys(COMMANDS).filter((name) => !/Code$/.test(name) && !["resumeReady", "voidCommissioning"].includes(name)),
  )("%s about what the site does not have is refused", (name) => {
    const nowhere = {
      beltId: "?",
      chuteId: "?",
      gateId: "?",
      itemId: 77,
      key: "?",
      stream: "cbec",
      direction: "import",
    };
    const answer = give(warm(), { ...nowhere, command: name } as unknown as LineCommand);
    expect(answer.accepted).toBe(false);
    expect(answer.code).toMatch(/^COMMAND_(TARGET|ALARM)_UNKNOWN$/);
  });
});

describe("stop and resume", () => {
  test("a stop drops the run permit; it is offered again when a person is ready, and not while another reason stands", () => {
    const line = warm();
    give(line, stop);
    expect(runPermits(line).at(-1)).toBe(false);
    const stamp = { atNs: line.nowMs * 1e6, count: null };
    line.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
    expect(give(line, { command: "resumeReady", beltId: "b" }).accepted).toBe(true);
    expect(runPermits(line).at(-1)).toBe(false);
    expect(belt(line)?.stops).toEqual(["LAW_BREACH:out"]);
    expect(give(line, { command: "resumeReady", beltId: null })).toMatchObject({ code: "COMMAND_NOT_STOPPED" });
  });

  test("a stop outlives a restart, and so does its end", () => {
    const line = warm();
    give(line, stop);
    const next = new LineFixture(line.layout, { entries: line.entries });
    expect(belt(next)).toMatchObject({ runPermit: false, stops: ["OPERATOR_STOP"] });
    expect(runPermits(next)).not.toContain(true);
    give(next, { command: "resumeReady", beltId: null });
    const third = new LineFixture(line.layout, { entries: [...line.entries, ...next.entries] });
    expect(belt(third)?.runPermit).toBe(true);
  });

  test("a breach ends by an officer's word; the belt stays down until somebody is ready to resume", () => {
    const line = warm();
    const stamp = { atNs: line.nowMs * 1e6, count: null };
    line.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
    expect(give(line, { command: "unlockChute", chuteId: "out" })).toMatchObject({ code: "COMMAND_BREACH_OPEN" });
    expect(give(line, { command: "acknowledgeBreach", chuteId: "store" })).toMatchObject({ code: "COMMAND_NO_BREACH" });
    expect(give(line, { command: "acknowledgeBreach", chuteId: "out" }).accepted).toBe(true);
    expect(runPermits(line).filter((allowed) => allowed)).toHaveLength(1); // The one of the start.
    expect(belt(line)).toMatchObject({ runPermit: false, stops: ["OPERATOR_STOP"] });
    expect(chute(line, "out")?.locked).toBe(true);
    expect(line.core.snapshot(0).alarms.map(({ code }) => code)).not.toContain("LAW_BREACH");
    // Over a restart: the breach is over, the belt is still down.
    const next = new LineFixture(line.layout, { entries: line.entries });
    expect(belt(next)?.stops).toEqual(["OPERATOR_STOP"]);
    give(next, { command: "resumeReady", beltId: null });
    expect(give(next, { command: "unlockChute", chuteId: "out" }).accepted).toBe(true);
    expect([belt(next)?.runPermit, chute(next, "out")?.locked]).toEqual([true, false]);
  });
});

describe("chutes", () => {
  test("a disabled chute takes nothing until it is enabled", () => {
    const line = warm().release("A1").release("A2");
    give(line, { command: "disableChute", chuteId: "out" });
    line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    give(line, { command: "enableChute", chuteId: "out" });
    line.put({ code: "A2", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    expect([line.where("A1"), line.where("A2")]).toEqual([["end"], ["out"]]);
  });

  test("a locked chute keeps its container, over a restart too", () => {
    const line = warm();
    give(line, { command: "lockChute", chuteId: "out" });
    expect(give(line, { command: "containerChanged", chuteId: "out" })).toMatchObject({ code: "COMMAND_CHUTE_LOCKED" });
    const next = new LineFixture(line.layout, { entries: line.entries });
    expect(chute(next, "out")?.locked).toBe(true);
  });

  const layout = oneGateLayout();
  const twoStreams = oneGateLayout({
    chutes: layout.chutes.map((each) =>
      each.id === "out" ? { ...each, alsoFor: [{ stream: "cbec", direction: "import" }] } : each,
    ),
    routes: [{ id: "all", disposition: "released", to: ["out"], balance: "ordered" }],
  });
  const toCbec: LineCommand = { command: "changeChuteStream", chuteId: "out", stream: "cbec", direction: "import" };

  test("a chute changes its stream only with an empty container, and then takes that stream alone", () => {
    const line = new LineFixture(twoStreams).warmUp().release("E1").release("E2").release("C1", { stream: "cbec" });
    line.put({ code: "E1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
    expect(line.where("E1")).toEqual(["out"]);
    expect(give(line, toCbec)).toMatchObject({ code: "COMMAND_CONTAINER_FIRST" });
    give(line, { command: "containerChanged", chuteId: "out" });
    expect(give(line, toCbec).accepted).toBe(true);
    line.put({ code: "C1", atMs: line.nowMs + 100 }, { code: "E2", atMs: line.nowMs + 1200 }).runTo(line.nowMs + 8000);
    expect([line.where("C1"), line.where("E2")]).toEqual([["out"], ["end"]]);
    expect(line.ends().at(-1)?.reason).toBe("LAW_STREAM");
    expect(chute(line, "out")).toMatchObject({ stream: "cbec", direction: "import" });
    const next = new LineFixture(twoStreams, { entries: line.entries });
    expect(chute(next, "out")).toMatchObject({ stream: "cbec" });
    expect(give(next, { ...toCbec, stream: "express" })).toMatchObject({ code: "COMMAND_CONTAINER_FIRST" });
  });

  test("with a parcel of the old stream on its way into the new container the stream is not changed", () => {
    const line = new LineFixture(twoStreams).warmUp().release("E1");
    const at = line.nowMs + 100;
    line.put({ code: "E1", atMs: at });
    for (let ms = at; line.facts("lastLook").length === 0; ms++) line.runTo(ms);
    give(line, { command: "containerChanged", chuteId: "out" });
    expect(give(line, toCbec)).toMatchObject({ code: "COMMAND_CHUTE_AWAITS" });
    line.runTo(at + 6000);
    expect(give(line, toCbec)).toMatchObject({ code: "COMMAND_CONTAINER_FIRST" });
  });

  test("a stream that the site does not offer for a chute is refused, an empty container or not", () => {
    const line = warm();
    give(line, { command: "containerChanged", chuteId: "out" });
    expect(give(line, toCbec)).toMatchObject({ code: "COMMAND_STREAM_NOT_OFFERED" });
  });

  test("a container of which nobody ever said that it is empty is not empty", () => {
    expect(give(new LineFixture(twoStreams), toCbec)).toMatchObject({ code: "COMMAND_CONTAINER_FIRST" });
  });
});

describe("parcels, gates and alarms", () => {
  test("a parcel is cleared from the standing belt only, its piece is free again, and nobody is diverted where it lay", () => {
    const line = warm().release("A1").release("A2");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 500 }).runTo(at + 900);
    expect(give(line, { command: "clearItem", itemId: 1 })).toMatchObject({ code: "COMMAND_BELT_MOVES" });
    standStill(line);
    expect(give(line, { command: "clearItem", itemId: 1 }).accepted).toBe(true);
    expect(line.ends()).toEqual([{ end: "removed", chuteId: null, reason: "REMOVED_BY_HAND" }]);
    expect(line.facts("giveBack")).toHaveLength(1);
    // The person was wrong: it lies there still. Its gate does not move for it, nor for anybody in its way.
    line.beltMoves = true;
    line.runTo(line.nowMs + 8000);
    expect(line.where("A1")).toEqual(["end"]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("a parcel that was sent into a chute cannot be cleared", () => {
    const line = warm().release("A1");
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at });
    for (let ms = at; line.facts("lastLook").length === 0; ms++) line.runTo(ms);
    standStill(line);
    expect(give(line, { command: "clearItem", itemId: 1 })).toMatchObject({ code: "COMMAND_ITEM_SENT" });
  });

  test("a gate in doubt is told to its device as tested at standstill, and at no other time", () => {
    const line = warm().release("A1");
    line.outcome = "none";
    line.gateMoves = false;
    const at = line.nowMs + 100;
    line.put({ code: "A1", atMs: at });
    for (let ms = at; line.facts("lastLook").length === 0; ms++) line.runTo(ms);
    expect(give(line, { command: "gateTested", gateId: "g1" })).toMatchObject({ code: "COMMAND_GATE_NOT_IN_DOUBT" });
    line.send({ kind: "command", id: line.facts("permit")[0]?.n ?? 0, outcome: "inDoubt" });
    expect(give(line, { command: "gateTested", gateId: "g1" })).toMatchObject({ code: "COMMAND_BELT_MOVES" });
    expect(line.outputs.filter(({ kind }) => kind === "tested")).toEqual([]);
    standStill(line);
    expect(give(line, { command: "gateTested", gateId: "g1" }).accepted).toBe(true);
    expect(line.outputs.filter(({ kind }) => kind === "tested")).toEqual([{ kind: "tested", gateId: "g1" }]);
  });

  test("an officer's alarm is acknowledged by an officer, the others by an operator; both are journalled with the name", () => {
    const line = warm();
    const stamp = { atNs: line.nowMs * 1e6, count: null };
    line.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
    const acknowledge = (key: string, roles: readonly ("operator" | "officer")[]) =>
      give(line, { command: "acknowledgeAlarm", key }, { roles, who: "li" });
    expect(acknowledge("LAW_BREACH:out", ["operator"])).toMatchObject({ code: "COMMAND_ROLE" });
    expect(acknowledge("LAW_BREACH:out", ["officer"]).accepted).toBe(true);
    expect(acknowledge("LINE_STOPPED:b", ["operator"]).accepted).toBe(true);
    expect(line.facts("alarm").flatMap(({ key, by }) => (by == null ? [] : [[key, by]]))).toEqual([
      ["LAW_BREACH:out", "li"],
      ["LINE_STOPPED:b", "li"],
    ]);
    // Seen is not settled: the breach stands until it is acknowledged as a breach.
    expect(belt(line)?.runPermit).toBe(false);
  });
});

test.each([
  [{ command: "fly" }, /must be one of stopLine, /],
  [{ command: "toString" }, /must be one of/],
  [{ command: "stopLine", chuteId: "out" }, /"chuteId" is nothing that stopLine takes/],
  [{ command: "lockChute" }, /"chuteId" of lockChute must be the name of a chute/],
  [{ command: "clearItem", itemId: "1" }, /"itemId"/],
  [{ command: "changeChuteStream", chuteId: "out", stream: "mail", direction: "import" }, /express or cbec/],
  [{ command: "holdCode", company: "EMS", waybill: "rb1" }, /upper-case/],
  [{ command: "acknowledgeAlarm", key: "" }, /CODE:source/],
])("%j is no command, and what is wrong is said", (said, problem) => {
  expect(readCommand(said)).toMatch(problem);
});

test("what may be left out has its meaning: every belt, one's own hold", () => {
  expect(readCommand({ command: "stopLine" })).toEqual({ command: "stopLine", beltId: null });
  expect(readCommand({ command: "holdCode", company: "EMS", waybill: "RB1" })).toMatchObject({
    reference: "line",
    officer: null,
  });
});

test("nothing that a person can command starts a belt, overrides a hold, or gives a permit", () => {
  expect(Object.keys(COMMANDS).filter((name) => /start|run|override|release|permit|fire|divert/i.test(name))).toEqual(
    [],
  );
  // `resumeReady` only offers the permit: the fixture's belt stands until a person starts it.
  const line = standStill(warm());
  give(line, stop);
  give(line, { command: "resumeReady", beltId: null });
  expect(belt(line)?.moving).toBe(false);
});
