// The physical line: what moves, what blocks a beam, what a gate takes, and what happens when nobody acts.
import { expect, test } from "vitest";
import { HOLD, INPUT, MS, OUT, parcel, smallPlan, smallWorld, TERMINAL } from "./small-world.ts";

test("a parcel that nothing acts on ends at the safe end", () => {
  const line = smallWorld([parcel("p")]);
  line.until(() => line.world.isDone);
  expect(line.endOf("p")).toMatchObject({ kind: "chute", chuteId: "end", gateId: null });
});

test("the belt runs only after a person pressed start, and not again by itself when the permit comes back", () => {
  const line = smallWorld([]);
  line.run(90);
  expect(line.io.input(INPUT.driven)).toBe(false);
  line.until(() => line.io.input(INPUT.driven));
  line.run(50);
  line.set(TERMINAL.run, false);
  line.run(2);
  const coastFromUm = line.world.beltState("b").travelUm;
  line.set(TERMINAL.run, true);
  line.run(50);
  expect(line.world.beltState("b")).toMatchObject({ driven: false });
  line.until(() => line.world.beltState("b").speedUmPerS === 0);
  const coastUm = line.world.beltState("b").travelUm - coastFromUm;
  expect(coastUm).toBeGreaterThan(480_000);
  expect(coastUm).toBeLessThan(500_000);
  line.until(() => line.io.input(INPUT.driven));
});

test("start is without effect while the run permit is missing", () => {
  const line = smallWorld([]);
  line.set(TERMINAL.run, false);
  line.world.pressStart("b");
  line.run(300);
  expect(line.world.beltState("b").driven).toBe(false);
});

test("a beam is dark from the front to the tail, and the encoder counts over its wrap", () => {
  const line = smallWorld([parcel("p")]);
  const darkNs = line.until(() => line.io.input(INPUT.induction));
  const countAtFront = line.io.counter(0);
  const lightNs = line.until(() => !line.io.input(INPUT.induction));
  expect(lightNs - darkNs).toBe(100 * MS); // 200 mm at 2 m/s
  line.run(1000);
  expect(line.io.counter(0)).toBeLessThan(countAtFront); // 2 m further on: wrapped
  expect((line.io.counter(0) - countAtFront + 2 ** 32) % 2 ** 32).toBe(200 + 2000);
});

test("parcels come exactly their pitch apart, and none while the infeed relay is off", () => {
  const line = smallWorld([parcel("p1"), parcel("p2"), parcel("p3")]);
  const first = line.until(() => line.io.input(INPUT.induction));
  line.until(() => !line.io.input(INPUT.induction));
  const second = line.until(() => line.io.input(INPUT.induction));
  expect(second - first).toBe(360 * MS); // 720 mm at 2 m/s
  line.set(TERMINAL.infeed, false);
  line.run(2000);
  expect(line.world.truth().parcels.map(({ id }) => id)).toEqual(["p1", "p2"]);
  line.set(TERMINAL.infeed, true);
  line.until(() => line.world.truth().parcels.length === 3);
});

test("a scanner's telegram is due its delay after the front was on the reading line", () => {
  const line = smallWorld([parcel("good"), parcel("dumb", { unreadable: true }), parcel("two", { otherCodes: ["X"] })]);
  line.until(() => line.world.truth().parcels.length === 3);
  const fedNs = line.world.truth().parcels.map((one) => one.fedNs);
  const reads: unknown[] = [];
  line.until(() => {
    reads.push(...line.world.takeReads().map(({ codes, atNs, parcelId }) => ({ codes, parcelId, atNs })));
    return reads.length === 3;
  });
  // 1 m at 2 m/s and 50 ms.
  expect(reads).toEqual([
    { parcelId: "good", codes: ["W-good"], atNs: (fedNs[0] as number) + 550 * MS },
    { parcelId: "dumb", codes: [], atNs: (fedNs[1] as number) + 550 * MS },
    { parcelId: "two", codes: ["W-two", "X"], atNs: (fedNs[2] as number) + 550 * MS },
  ]);
});

test("two that touch and are read as one: one telegram bears the codes of both, and the second gives none of its own", () => {
  const line = smallWorld([parcel("first"), parcel("second"), parcel("third")]);
  line.until(() => line.world.truth().parcels.length === 1);
  line.world.incident({ kind: "stuckTogether", beltId: "b", gapUm: 0, readAsOne: true });
  line.until(() => line.world.truth().parcels.length === 3);
  const sent: string[][] = [];
  line.until(() => {
    sent.push(...line.world.takeReads().map(({ codes }) => [...codes]));
    return sent.length === 2;
  });
  // Which of the waiting ones it is depends on who was planned already.
  const together = sent.filter((codes) => codes.length === 2);
  expect(together).toHaveLength(1);
  const truth = line.world.truth().parcels;
  for (const code of together.flat())
    expect(truth.find(({ waybill }) => waybill === code)?.reads).toMatchObject([{ codes: together[0] }]);
});

test("a gate out for the whole parcel takes it, and the chute's eye sees it later", () => {
  const line = smallWorld([parcel("p")]);
  line.until(() => line.frontOf("p") >= 2_900_000);
  line.set(TERMINAL.gateOut, true);
  const outFromNs = line.world.nowNs;
  expect(line.until(() => line.io.input(INPUT.gateIsOut)) - outFromNs).toBe(50 * MS);
  line.until(() => line.endOf("p")?.kind === "chute");
  line.set(TERMINAL.gateOut, false);
  const end = line.endOf("p");
  expect(end).toMatchObject({ chuteId: OUT, gateId: "g1", atNs: null });
  const seenNs = line.until(() => line.io.input(INPUT.outEye));
  expect(end?.kind === "chute" && seenNs > end.passedNs).toBe(true);
  expect(line.endOf("p")).toMatchObject({ chuteId: OUT, atNs: expect.any(Number) as number });
  line.until(() => line.io.input(INPUT.gateHome));
  expect(line.world.truth().swings).toMatchObject([
    { gateId: "g1", chuteId: OUT, untilNs: expect.any(Number) as number },
  ]);
});

test("a gate that goes home under a parcel lets it bounce back: it rides on to the safe end", () => {
  const line = smallWorld([parcel("p")]);
  line.until(() => line.frontOf("p") >= 2_900_000);
  line.set(TERMINAL.gateOut, true);
  line.until(() => line.frontOf("p") >= 3_050_000);
  line.set(TERMINAL.gateOut, false);
  line.until(() => line.world.isDone);
  expect(line.endOf("p")).toMatchObject({ chuteId: "end" });
  expect(line.world.truth().parcels[0]?.bounces).toMatchObject([{ gateId: "g1" }]);
});

test("a gate that swings late takes the parcel whose tail is still in its zone, and one that stays out the next too", () => {
  const line = smallWorld([parcel("late"), parcel("next")]);
  line.until(() => line.frontOf("late") >= 3_300_000);
  line.set(TERMINAL.gateOut, true);
  line.until(() => line.world.isDone);
  expect([line.endOf("late"), line.endOf("next")]).toMatchObject([{ chuteId: OUT }, { chuteId: OUT }]);
  expect(line.io.input(INPUT.outNotFull)).toBe(false);
  line.world.changeContainer(OUT);
  line.run(1);
  expect(line.io.input(INPUT.outNotFull)).toBe(true);
});

test("outputs fall when the device commits nothing for its watchdog's time, and the belt stops", () => {
  const line = smallWorld([parcel("p")]);
  line.until(() => line.frontOf("p") >= 2_900_000);
  line.set(TERMINAL.gateOut, true);
  line.until(() => line.io.input(INPUT.gateIsOut));
  line.commits = false;
  const frozenNs = line.world.nowNs;
  const fallenNs = line.until(() => line.io.outputsFallen);
  expect(fallenNs - frozenNs).toBeLessThanOrEqual(200 * MS);
  line.until(() => line.io.input(INPUT.gateHome));
  expect(line.world.beltState("b").driven).toBe(false);
});

test("without an output watchdog a frozen device leaves its gate where it is", () => {
  const plan = { ...smallPlan, devices: smallPlan.devices.map((device) => ({ ...device, ioWatchdogNs: null })) };
  const line = smallWorld([], plan);
  line.set(TERMINAL.gateOut, true);
  line.until(() => line.io.input(INPUT.gateIsOut));
  line.commits = false;
  line.run(5000);
  expect(line.io.input(INPUT.gateIsOut)).toBe(true);
});

test("incidents: a parcel taken off, a failed reading, a hold while riding and a copied label each befall one parcel", () => {
  const released = (id: string) => parcel(id, { fate: "released" });
  const line = smallWorld([released("p1"), released("p2"), released("p3"), parcel("p4")]);
  line.world.incident({ kind: "takeOff", beltId: "b", atUm: 2_000_000 });
  line.world.incident({ kind: "holdRiding", beltId: "b", atUm: 1_500_000 });
  line.until(() => line.world.truth().parcels.length === 3);
  line.world.incident({ kind: "noRead", scannerId: "scan" });
  line.world.incident({ kind: "copyLabel", beltId: "b" });
  line.until(() => line.world.isDone);
  const [p1, , , p4] = line.world.truth().parcels;
  expect(p1?.end).toMatchObject({ kind: "removed" });
  expect(p1?.statements).toMatchObject([{ says: { kind: "hold", waybill: "W-p1" } }]);
  expect(p4).toMatchObject({ copyOf: "p3", waybill: "W-p3", fate: "copied" });
  const unread = line.world.truth().parcels.filter(({ reads }) => reads.some(({ codes }) => codes.length === 0));
  expect(unread).toHaveLength(1);
});

test("a label copied from a parcel that came two before the last released one", () => {
  const line = smallWorld(["p1", "p2", "p3", "p4"].map((id) => parcel(id, { fate: "released" })));
  line.until(() => line.world.truth().parcels.length === 3);
  line.world.incident({ kind: "copyLabel", beltId: "b", behind: 2 });
  line.until(() => line.world.truth().parcels.length === 4);
  expect(line.world.truth().parcels[3]).toMatchObject({ copyOf: "p1", waybill: "W-p1" });
});

test("a gate that comes out into a parcel has caught it, one that was there before has not", () => {
  const line = smallWorld([parcel("late"), parcel("met")]);
  line.until(() => line.frontOf("late") >= 3_000_000);
  line.set(TERMINAL.gateOut, true);
  line.until(() => line.world.isDone);
  const [late, met] = ["late", "met"].map((id) => line.endOf(id));
  expect(late).toMatchObject({ chuteId: OUT, caughtUm: expect.any(Number) as number });
  // Half of its travel of 50 ms, at 2 m/s.
  expect(late?.kind === "chute" ? late.caughtUm : 0).toBeGreaterThan(48_000);
  expect(met).toMatchObject({ chuteId: OUT });
  expect(met).not.toHaveProperty("caughtUm");
});

test("the same seed and the same hands give the same truth, however time is cut into pieces", () => {
  const plan = {
    ...smallPlan,
    belts: smallPlan.belts.map((belt) => ({ ...belt, slipUmPerM: 3000, startUpNs: 700 * MS })),
    devices: smallPlan.devices.map((device) => ({ ...device, ioWatchdogNs: null })),
  };
  const run = (pieceNs: number) => {
    const line = smallWorld([parcel("p1"), parcel("p2"), parcel("p3", { lengthUm: 270_000 })], plan);
    line.set(TERMINAL.gateHold, true);
    line.io.commit();
    for (let atNs = 0; atNs <= 8000 * MS; atNs += pieceNs) line.world.advance(atNs);
    line.world.advance(8000 * MS);
    return line.world.truth();
  };
  const whole = run(8000 * MS);
  expect(run(333_333)).toEqual(whole);
  expect(whole.parcels.map(({ end }) => end)).toMatchObject([{ chuteId: HOLD }, { chuteId: HOLD }, { chuteId: HOLD }]);
});
