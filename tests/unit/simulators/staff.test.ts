// The people at a simulated line: each thing is done once its time has come, and again until the line says it was heard.
import { expect, test } from "vitest";
import { staffAtWork } from "../../../simulators/scenarios/staff.ts";
import { virtualClock } from "../../../simulators/virtual/clock.ts";

const S = 1e9;

function shift() {
  const clock = virtualClock();
  const done: string[] = [];
  const devices = { areAwake: true };
  const say = (what: string): void => void done.push(`${clock.nowNs() / S} ${what}`);
  const staff = staffAtWork({
    ...{ unlocksAfterNs: 20 * S, changesAfterNs: 10 * S, clearsAfterNs: 3 * S, testsAfterNs: 4 * S },
    after: (delayNs, action) => clock.after(delayNs, action),
    give: (what) => say(`${what.command} ${"gateId" in what ? what.gateId : what.chuteId}`),
    canTest: () => devices.areAwake,
    changeContainer: (chuteId) => say(`container ${chuteId}`),
    clearSafeEnd: (beltId) => say(`clear ${beltId}`),
  });
  return { clock, devices, done, staff };
}

test("a full container is changed after its time, and the line told; unheard, it is told again every 5 s", () => {
  const { clock, done, staff } = shift();
  staff.chute({ chuteId: "out", locked: false, full: true });
  staff.chute({ chuteId: "out", locked: false, full: true });
  clock.runTo(16 * S);
  staff.chute({ chuteId: "out", locked: false, full: false });
  clock.runTo(60 * S);
  expect(done).toEqual(["10 container out", "10 containerChanged out", "15 container out", "15 containerChanged out"]);
});

test("a chute is unlocked, a blocked safe end cleared; what is over before its time is left alone", () => {
  const { clock, done, staff } = shift();
  staff.chute({ chuteId: "out", locked: true, full: false });
  staff.belt({ beltId: "belt1", isBlocked: true });
  clock.runTo(3 * S);
  staff.belt({ beltId: "belt1", isBlocked: false });
  staff.belt({ beltId: "belt2", isBlocked: true });
  clock.runTo(4 * S);
  staff.belt({ beltId: "belt2", isBlocked: false });
  clock.runTo(20 * S);
  staff.chute({ chuteId: "out", locked: false, full: false });
  clock.runTo(60 * S);
  expect(done).toEqual(["3 clear belt1", "20 unlockChute out"]);
});

test("a gate in doubt is tested after its time, but not while its device stands still", () => {
  const { clock, devices, done, staff } = shift();
  devices.areAwake = false;
  staff.gate({ gateId: "g1", isInDoubt: true });
  clock.runTo(5 * S);
  devices.areAwake = true;
  clock.runTo(10 * S);
  staff.gate({ gateId: "g1", isInDoubt: false });
  clock.runTo(60 * S);
  expect(done).toEqual(["9 gateTested g1"]);
});
