// A line that has to be proved: test parcels go to the chute at which a person stands, and customs' wait until each had one.
import { describe, expect, test } from "vitest";
import type { LineCommand } from "../../../src/line/command.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import type { LineLayout } from "../../../src/line/layout.ts";
import { give } from "./command-requests.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const CODE = "COLINE-TEST-01";
const asked = (change: Partial<LineLayout> = {}, plantHash = "plant-1"): LineLayout =>
  oneGateLayout({ commissioning: { plantHash }, ...change });
const guard = (
  chuteId: string,
  change: Partial<Extract<LineCommand, { command: "guardChute" }>> = {},
): LineCommand => ({
  ...{ command: "guardChute", chuteId, code: CODE, seconds: 60 },
  ...change,
});
const fresh = (layout = asked()): LineFixture => new LineFixture(layout).warmUp();
const later = (line: LineFixture, ms = 3600): LineFixture => line.runTo(line.nowMs + ms);

/** A person stands at a chute, and lays a test parcel down. */
function send(line: LineFixture, chuteId: string): LineFixture {
  expect(give(line, guard(chuteId))).toMatchObject({ accepted: true });
  line.put({ code: CODE, atMs: line.nowMs + 10 });
  return later(line);
}
function proved(layout = asked()): LineFixture {
  const line = fresh(layout);
  for (const chuteId of ["out", "store", "end"]) send(line, chuteId);
  return line;
}
/** What becomes of a released parcel. */
function sortOne(line: LineFixture, code: string): string[] {
  line.release(code).put({ code, atMs: line.nowMs + 10 });
  return later(line).where(code);
}
const proofs = (line: LineFixture) => line.facts("proof").map(({ chuteId, by }) => [chuteId, by]);
const last = (line: LineFixture) => line.facts("testEnd").at(-1);
const view = (line: LineFixture) => line.core.snapshot(line.nowMs * 1e6).commissioning;

describe("customs' parcels", () => {
  test("stay in, released and all, while a chute is left", () => {
    const line = fresh();
    expect(sortOne(line, "A1")).toEqual(["end"]);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "LAW_NOT_COMMISSIONED" }]);
    for (const chuteId of ["out", "store"]) send(line, chuteId);
    expect(sortOne(line, "A2")).toEqual(["end"]);
    send(line, "end");
    expect(sortOne(line, "A3")).toEqual(["out"]);
  });

  test("go to supervised chutes meanwhile, as the map says", () => {
    const line = fresh();
    line.release("A1", { status: "hold" }).put({ code: "A1", atMs: line.nowMs + 10 });
    expect(later(line).where("A1")).toEqual(["store"]);
  });

  test("leave where the plant is a simulated one", () => {
    expect(sortOne(fresh(oneGateLayout()), "A1")).toEqual(["out"]);
  });

  test("that ride with a permit when a person says that nothing is proved any more stay in", () => {
    const line = proved();
    line.release("A1").put({ code: "A1", atMs: line.nowMs + 10 });
    later(line, 800);
    expect(line.facts("permit").at(-1)).toMatchObject({ chuteId: "out", zone: { kind: "outbound" } });
    expect(give(line, { command: "voidCommissioning" })).toMatchObject({ accepted: true });
    expect(later(line).where("A1")).toEqual(["end"]);
  });
});

describe("a test parcel", () => {
  test("comes to the chute at which somebody stands, its eye sees it, and what was seen on the way is told", () => {
    const line = send(fresh(), "out");
    expect([line.where(CODE), proofs(line)]).toEqual([["out"], [["out", "eye"]]]);
    expect(last(line)).toMatchObject({ chuteId: "out", end: "arrived", isProved: true, who: "wang", code: CODE });
    const { edges = [], firedNs, answeredNs, outNs, homeNs, atGateNs } = last(line) ?? {};
    expect([firedNs, answeredNs, outNs, homeNs, atGateNs].map((ns) => typeof ns)).toEqual(Array(5).fill("number"));
    const dark = edges.filter(({ edge }) => edge === "dark").map(({ eyeId }) => eyeId);
    expect(dark).toEqual(["in", "mid", "out-eye"]);
    expect(line.facts("permit").at(-1)).toMatchObject({ release: null });
  });

  test("rides to the safe end when that is what has to be proved", () => {
    const line = send(fresh(), "end");
    expect([line.where(CODE), proofs(line)]).toEqual([["end"], [["end", "eye"]]]);
  });

  test("leaves by no other way: without a guard, under one for another chute or another code", () => {
    const line = fresh();
    line.put({ code: CODE, atMs: line.nowMs + 10 });
    expect([later(line).where(CODE), line.ends().at(-1)?.reason]).toEqual([["end"], "TEST_PARCEL"]);
    give(line, guard("out", { code: "COLINE-TEST-02" }));
    line.put({ code: CODE, atMs: line.nowMs + 10 });
    expect(later(line).where(CODE)).toEqual(["end", "end"]);
    give(line, { command: "leaveChute", chuteId: "out" });
    give(line, guard("store"));
    line.put({ code: CODE, atMs: line.nowMs + 10 });
    expect(later(line).where(CODE)).toEqual(["end", "end", "store"]);
  });

  test("cannot be released: customs is not even asked about its code", () => {
    const line = proved();
    line.release(CODE).put({ code: CODE, atMs: line.nowMs + 10 });
    expect(later(line).where(CODE).at(-1)).toBe("end");
    expect(line.facts("decision").at(-1)).toMatchObject({ looks: [], disposition: "unknown", why: "TEST_PARCEL" });
  });

  test("that also bears a waybill is nobody: neither the one nor the other", () => {
    const line = fresh().release("A1");
    give(line, guard("out"));
    line.put({ code: `${CODE};A1`, atMs: line.nowMs + 10 });
    later(line);
    expect([line.parcels.at(-1)?.where, line.ends().at(-1)?.reason]).toEqual(["end", "READ_CONFLICT"]);
  });

  test("one each time: of two that ride at once none is let in, and a second one later needs a guard of its own", () => {
    const line = fresh();
    give(line, guard("out"));
    line.put({ code: CODE, atMs: line.nowMs + 10 }, { code: CODE, atMs: line.nowMs + 450 });
    expect(later(line, 4200).where(CODE)).toEqual(["end", "end"]);
    line.put({ code: CODE, atMs: line.nowMs + 10 });
    expect(later(line).where(CODE)).toEqual(["end", "end", "end"]);
    expect(proofs(line)).toEqual([]);
  });

  test("that comes after its guard's time stays in, planned before or not", () => {
    const line = fresh();
    give(line, guard("out", { seconds: 10 }));
    // Read at some 500 ms, at its gate at some 1,400 ms.
    line.put({ code: CODE, atMs: line.nowMs + 9200 });
    later(line, 15_000);
    expect(line.facts("permit").at(-1)).toMatchObject({ chuteId: "out" });
    expect([line.where(CODE), last(line)?.isProved, proofs(line)]).toEqual([["end"], false, []]);
  });

  test.each([
    ["its entry is not on the disk", (line: LineFixture) => noDisk(line)],
    ["its gate's device is not armed", (line: LineFixture) => disarm(line)],
    ["another one is close behind", (line: LineFixture) => void line.put({ code: null, atMs: line.nowMs + 200 })],
  ])("obeys the rest of the law: %s", (_, happens) => {
    const line = fresh();
    give(line, guard("out"));
    line.put({ code: CODE, atMs: line.nowMs + 10 });
    happens(line);
    expect([later(line).where(CODE), proofs(line)]).toEqual([["end"], []]);
    expect(last(line)?.isProved ?? false).toBe(false);
  });

  test("that its gate misses proves nothing", () => {
    const line = fresh();
    give(line, guard("out"));
    line.put({ code: CODE, atMs: line.nowMs + 10, bounces: true });
    later(line);
    expect(proofs(line)).toEqual([]);
  });

  test("stays in when whoever stood there leaves before its gate was moved", () => {
    const line = fresh();
    give(line, guard("out"));
    line.put({ code: CODE, atMs: line.nowMs + 10 });
    while (line.facts("permit").length === 0) later(line, 5);
    give(line, { command: "leaveChute", chuteId: "out" });
    expect([later(line).where(CODE), last(line)?.end, proofs(line)]).toEqual([["end"], "calledOff", []]);
  });

  test("that never comes: whoever stands there is told when the time is over", () => {
    const line = fresh();
    give(line, guard("out", { seconds: 10 }));
    line.core.handle({ kind: "wake" }, (line.nowMs + 10_001) * 1e6);
    expect(line.core.snapshot((line.nowMs + 10_001) * 1e6).commissioning).toMatchObject({
      guard: null,
      lastTest: { end: "noParcel", why: "GUARD_OVER" },
    });
  });
});

function noDisk(line: LineFixture): void {
  line.autoDurable = false;
}

function disarm(line: LineFixture): void {
  line.send({ kind: "device", deviceId: "plc", connected: true, armed: false });
}

describe("a chute without an eye", () => {
  const blind = (): LineLayout => {
    const layout = asked();
    const [belt] = layout.belts;
    if (belt === undefined) throw new Error("no belt");
    return {
      ...layout,
      chutes: layout.chutes.map((chute) => (chute.id === "out" ? { ...chute, eyeId: null } : chute)),
      belts: [{ ...belt, eyes: belt.eyes.filter(({ id }) => id !== "out-eye") }],
    };
  };
  const confirm: LineCommand = { command: "confirmArrival", chuteId: "out" };

  test("is proved by the word of whoever stood there, and of nobody else", () => {
    const line = send(fresh(blind()), "out");
    expect([proofs(line), last(line)]).toMatchObject([[], { end: "divertedUnseen", awaitsPerson: true }]);
    expect(give(line, confirm, { who: "li" })).toMatchObject({ code: "COMMAND_NOT_THE_GUARD", detail: "wang" });
    expect(give(line, confirm)).toMatchObject({ accepted: true });
    expect(proofs(line)).toEqual([["out", "person"]]);
    expect(give(line, confirm)).toMatchObject({ code: "COMMAND_NOTHING_TO_CONFIRM" });
  });

  test("where an eye should have seen it, a person's word is not enough", () => {
    const line = fresh();
    line.slideMs = 100_000;
    send(line, "out");
    expect(last(line)).toMatchObject({ end: "divertedUnseen", awaitsPerson: false, isProved: false });
    expect(give(line, confirm)).toMatchObject({ code: "COMMAND_NOTHING_TO_CONFIRM" });
  });
});

describe("what was proved", () => {
  const before = new WeakMap<LineFixture, LineEntry[]>();
  const restarted = (line: LineFixture, layout: LineLayout): LineFixture => {
    const entries = [...(before.get(line) ?? []), ...line.entries];
    const next = new LineFixture(layout, { entries });
    before.set(next, entries);
    // Whoever comes first shows that nothing stands in the way.
    next.warmUp().put({ code: null, atMs: next.nowMs + 10 });
    return later(next);
  };
  const again = (line: LineFixture, plantHash: string): LineFixture =>
    restarted(line, { ...line.layout, hash: `layout of ${plantHash}`, commissioning: { plantHash } });

  test("outlives a restart", () => {
    const line = again(proved(), "plant-1");
    expect(view(line)).toMatchObject({ isComplete: true, guard: null });
    expect(sortOne(line, "A1")).toEqual(["out"]);
  });

  test("goes on after a restart in between, where it was", () => {
    const line = again(send(fresh(), "out"), "plant-1");
    expect(view(line)?.chutes.map(({ proof }) => proof?.who ?? null)).toEqual(["wang", null, null]);
    for (const chuteId of ["store", "end"]) send(line, chuteId);
    expect(sortOne(line, "A1")).toEqual(["out"]);
  });

  test("is void when the configuration is another, and stays void when it comes back", () => {
    const other = again(proved(), "plant-2");
    expect(view(other)).toMatchObject({ isComplete: false, plantHash: "plant-2" });
    expect(sortOne(other, "A1")).toEqual(["end"]);
    const back = again(other, "plant-1");
    expect([sortOne(back, "A2"), view(back)?.isComplete]).toEqual([["end"], false]);
  });

  test("is void when the plant was called a simulated one in between", () => {
    const { commissioning: _, ...rest } = asked();
    const simulated = restarted(proved(), { ...rest, hash: "simulated" });
    expect([sortOne(simulated, "A1"), view(simulated)]).toEqual([["out"], null]);
    expect(sortOne(again(simulated, "plant-1"), "A2")).toEqual(["end"]);
  });

  test("ends a guard with the run in which it was given", () => {
    const line = fresh();
    give(line, guard("out"));
    const next = again(line, "plant-1");
    next.put({ code: CODE, atMs: next.nowMs + 10 });
    expect(later(next).where(CODE)).toEqual(["end"]);
  });

  test("is told by an alarm until it is all", () => {
    const codes = (line: LineFixture) => line.core.snapshot(0).alarms.map(({ code, phase }) => [code, phase]);
    expect(codes(fresh())).toContainEqual(["LINE_NOT_COMMISSIONED", "unacknowledged"]);
    expect(codes(proved())).not.toContainEqual(["LINE_NOT_COMMISSIONED", "unacknowledged"]);
  });
});

describe("is refused", () => {
  const codeOf = (line: LineFixture, what: LineCommand, roles?: readonly ("read" | "operator")[]) =>
    give(line, what, roles === undefined ? {} : { roles }).code;

  test("on a simulated plant, for an unknown chute, by a token that only may read", () => {
    expect(codeOf(fresh(oneGateLayout()), guard("out"))).toBe("COMMAND_PLANT_SIMULATED");
    expect(codeOf(fresh(), guard("nowhere"))).toBe("COMMAND_TARGET_UNKNOWN");
    expect(codeOf(fresh(), guard("out"), ["read"])).toBe("COMMAND_ROLE");
  });

  test("while somebody stands somewhere, and where nobody stands", () => {
    const line = fresh();
    expect(codeOf(line, { command: "leaveChute", chuteId: "out" })).toBe("COMMAND_NO_GUARD");
    give(line, guard("out"));
    expect(codeOf(line, guard("store"))).toBe("COMMAND_GUARD_STANDS");
  });

  test("at a chute that is locked, and at one that is proved: no way out stands open on a line that sorts", () => {
    const line = fresh();
    give(line, { command: "lockChute", chuteId: "out" });
    expect(codeOf(line, guard("out"))).toBe("COMMAND_CHUTE_LOCKED");
    expect(codeOf(proved(), guard("out"))).toBe("COMMAND_CHUTE_PROVED");
  });
});
