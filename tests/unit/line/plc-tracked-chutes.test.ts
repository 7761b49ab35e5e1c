// Chutes of a belt that its PLC tracks: what they cannot take is decided as anywhere, up to each copy of a telegram.
import { describe, expect, test } from "vitest";
import { give } from "./command-requests.ts";
import { TrackedFixture, trackedChutes } from "./tracked-fixture.ts";

const MS = 1_000_000;

const out = (line: TrackedFixture) => line.core.snapshot(line.nowMs * MS).chutes.find(({ id }) => id === "out");
const mouth = (line: TrackedFixture, edge: "dark" | "light"): void => {
  const stamp = { atNs: line.nowMs * MS, count: null };
  line.send({ kind: "eye", eyeId: "out-eye", edge, after: stamp, upTo: stamp });
};

/** One released parcel after the other; answers with the chute in which each ended. */
function sorted(line: TrackedFixture, codes: readonly string[]): (string | null)[] {
  for (const code of codes) line.release(code).put(code).run(4000);
  return line
    .ends()
    .slice(-codes.length)
    .map(({ chuteId }) => chuteId);
}

describe("a full sensor", () => {
  const site = trackedChutes("out", { fullInputId: "out.notFull", fullDeviceId: "plc", fullDebounceNs: 1000 * MS });
  const says = (line: TrackedFixture, notFull: boolean) =>
    line.send({ kind: "signal", inputId: "out.notFull", value: notFull });

  test("that nobody has read, or that has said so for its debounce, keeps parcels away", () => {
    const line = new TrackedFixture(null, site);
    expect(sorted(line, ["A1"])).toEqual(["end"]);
    expect(line.ends().at(-1)?.reason).toBe("CHUTE_FULL");
    says(line, true);
    expect(sorted(line, ["A2"])).toEqual(["out"]);
    says(line, false);
    line.run(1100);
    expect(sorted(line, ["A3"])).toEqual(["end"]);
  });

  test("that says so between two copies of a telegram: the parcel is called back", () => {
    const line = new TrackedFixture(null, { ...site, chutes: site.chutes.map((c) => ({ ...c, fullDebounceNs: 0 })) });
    says(line, true);
    line.answers = "silent";
    line.release("A1").put("A1").runToPlace(2500);
    says(line, false);
    line.run(4000);
    expect(line.facts("withdraw")).toMatchObject([{ why: "CHUTE_FULL" }]);
    expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "CHUTE_FULL" }]);
    expect(line.facts("breach")).toEqual([]);
  });
});

test("a mouth that stays dark takes nothing more until it is light; what the eye sees else is the PLC's to report", () => {
  const line = new TrackedFixture(null, trackedChutes("out", { blockedAfterNs: 3000 * MS }));
  expect(sorted(line, ["A1"])).toEqual(["out"]);
  mouth(line, "dark");
  line.run(2990);
  expect(out(line)?.blocked).toBe(false);
  line.run(20);
  expect(line.facts("alarm").at(-1)).toMatchObject({ code: "CHUTE_BLOCKED", source: "out", active: true });
  expect(sorted(line, ["A2"])).toEqual(["end"]);
  expect(line.ends().at(-1)?.reason).toBe("CHUTE_BLOCKED");
  mouth(line, "light");
  expect(sorted(line, ["A3"])).toEqual(["out"]);
  expect(line.facts("breach")).toEqual([]);
});

describe("parcels that were sent and not seen", () => {
  test.each([["unseen"], ["lost"]] as const)(
    "two in a row that the PLC reports as %s are a jam, until a person has looked",
    (how) => {
      const line = new TrackedFixture(null, trackedChutes("out"));
      line.how = how;
      sorted(line, ["A1"]);
      expect(out(line)?.jammed).toBe(false);
      sorted(line, ["A2"]);
      expect(out(line)?.jammed).toBe(true);
      line.how = "seen";
      expect(sorted(line, ["A3"])).toEqual(["end"]);
      expect(line.ends().at(-1)?.reason).toBe("CHUTE_JAMMED");
      give(line, { command: "enableChute", chuteId: "out" });
      expect(sorted(line, ["A4"])).toEqual(["out"]);
    },
  );

  test("one that is seen in between begins the count anew", () => {
    const line = new TrackedFixture(null, trackedChutes("out"));
    for (const how of ["unseen", "seen", "unseen"] as const) {
      line.how = how;
      sorted(line, [how]);
    }
    expect(out(line)?.jammed).toBe(false);
  });

  test("into a chute without an eye they say nothing", () => {
    const line = new TrackedFixture(null, trackedChutes("out", { eyeId: null }));
    line.how = "unseen";
    expect(sorted(line, ["A1", "A2", "A3"])).toEqual(["out", "out", "out"]);
    expect(line.facts("alarm")).toEqual([]);
  });
});

test("a chute that takes so many in a minute: copies of a telegram are one parcel, the next parcel rides on", () => {
  const line = new TrackedFixture(null, trackedChutes("out", { maxPerMinute: 1 }));
  line.answers = "silent";
  line.release("A1").put("A1").runToPlace(2500);
  line.answers = "truly";
  line.run(3000);
  expect(line.telegrams.length).toBeGreaterThan(2);
  expect(sorted(line, ["A2"])).toEqual(["end"]);
  expect(line.ends().map(({ chuteId, reason }) => [chuteId, reason])).toEqual([
    ["out", "RELEASED"],
    ["end", "CHUTE_RATE"],
  ]);
  line.run(60_000);
  expect(sorted(line, ["A3"])).toEqual(["out"]);
});

test("a parcel goes round as often as it may, then to the safe end, over a restart too", () => {
  const site = trackedChutes("store", { zone: { kind: "recirculation", maxRounds: 2 } });
  const loop = { ...site, routes: [{ id: "round", to: ["store"], balance: "ordered" as const }] };
  const line = new TrackedFixture(null, loop);
  expect([sorted(line, ["A1"]), sorted(line, ["A1"])]).toEqual([["store"], ["store"]]);
  const next = new TrackedFixture(line.entries, loop);
  expect(sorted(next, ["A1"])).toEqual(["end"]);
  expect(next.ends().at(-1)?.reason).toBe("RECIRCULATION_MAX");
});

test("parcels that wait for customs lie in the buffer of their stream, and in no other one's", () => {
  const site = trackedChutes("store", { zone: { kind: "buffer", stream: "express", direction: "import" } });
  const pending = { id: "pending", disposition: "pending" as const, to: ["store"], balance: "ordered" as const };
  const line = new TrackedFixture(null, { ...site, routes: [pending] });
  line.release("A1", { status: "pending" }).put("A1").run(5000);
  line.release("A2", { status: "pending", stream: "cbec" }).put("A2").run(5000);
  expect(line.ends().map(({ chuteId, reason }) => [chuteId, reason])).toEqual([
    ["store", "RELEASE_PENDING"],
    ["end", "LAW_STREAM"],
  ]);
});

describe("customs moves a released parcel to another stream while it rides", () => {
  /** The record is another's now, and Coline is told so. */
  const moved = (line: TrackedFixture): TrackedFixture => {
    line.release("A1", { stream: "cbec", version: 2 });
    line.send({ kind: "releaseHint", waybills: [{ company: "ACME", waybill: "A1" }] });
    return line;
  };

  test("in time: its destination is recalled", () => {
    const line = moved(new TrackedFixture().release("A1").put("A1").runToPlace(2600)).run(4000);
    expect(line.ends()).toMatchObject([{ end: "arrived", chuteId: "end", reason: "LAW_STREAM" }]);
    expect(line.facts("lateHold")).toEqual([]);
  });

  test("past the PLC's last word: a late hold, no breach", () => {
    const line = moved(new TrackedFixture().release("A1").put("A1").runToPlace(2900)).run(4000);
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
    expect(line.facts("breach")).toEqual([]);
  });

  test("the recall is never answered nor the end reported: it may lie in the other stream's container", () => {
    const line = new TrackedFixture().release("A1").put("A1").runToPlace(2600);
    line.answersRecalls = "lost";
    line.isQuiet = true;
    moved(line).run(7000);
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
  });

  test("called back for a lost track alone, moved then, and there all the same: a late hold", () => {
    const line = new TrackedFixture().release("A1").put("A1").runToPlace(2600);
    line.answersRecalls = "lost";
    line.report({ kind: "forgot", why: "missed" });
    line.release("A1", { stream: "cbec", version: 2 });
    line.run(4000);
    expect(line.facts("lateHold")).toMatchObject([{ chuteId: "out", waybill: "A1" }]);
    expect(line.facts("breach")).toEqual([]);
  });
});

test("a container into which the PLC put something is not empty, after a restart neither", () => {
  const site = trackedChutes("store", { alsoFor: [{ stream: "cbec", direction: "import" }] });
  const line = new TrackedFixture(null, site);
  give(line, { command: "containerChanged", chuteId: "store" });
  line.report({ kind: "ended", trackingId: 0, how: "seen", chuteId: "store" });
  const change = { command: "changeChuteStream", chuteId: "store", stream: "cbec", direction: "import" } as const;
  expect(give(line, change)).toMatchObject({ code: "COMMAND_CONTAINER_FIRST" });
  const next = new TrackedFixture(line.entries, site);
  expect(give(next, change)).toMatchObject({ code: "COMMAND_CONTAINER_FIRST" });
});

test("a PLC that was slower than the site allows for is told the next parcels as much earlier, and people hear of it", () => {
  const line = new TrackedFixture();
  expect(sorted(line, ["A1"])).toEqual(["out"]);
  line.answersAfterMs = 420;
  sorted(line, ["A2"]);
  line.answersAfterMs = 0;
  expect(sorted(line, ["A3"])).toEqual(["out"]);
  const [usual = 0, , slower = 0] = line.toldAtMm;
  // 120 ms more than the 300 that the site has.
  expect(usual - slower).toBeGreaterThan(200);
  expect(usual - slower).toBeLessThan(280);
  expect(line.facts("alarm").map(({ code, source }) => [code, source])).toEqual([["GATE_BUS_SLOW", "g1"]]);
});

test("a label that is read by hand names nobody where parcels come by themselves", () => {
  const site = trackedChutes("out");
  const belts = site.belts.map((belt) => ({
    ...belt,
    stations: belt.stations.flatMap((station) => [
      { ...station, isHandFed: true as const },
      { ...station, id: "fixed", atUm: 1_500_000, scannerIds: ["fixed"] },
    ]),
  }));
  const line = new TrackedFixture(null, { ...site, belts });
  expect(sorted(line, ["A1"])).toEqual(["end"]);
  expect(line.facts("telegram")).toMatchObject([{ itemId: null, codes: ["A1"] }]);
});
