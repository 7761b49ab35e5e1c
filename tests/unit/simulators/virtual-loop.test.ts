// The controller's loop in virtual time: while it stands, what comes waits for it, in the order in which it came.
import { expect, test } from "vitest";
import { virtualClock } from "../../../simulators/virtual/clock.ts";
import { virtualLoop } from "../../../simulators/virtual/virtual-loop.ts";

test("what comes to a loop that stands is done when it goes on, and nothing overtakes", () => {
  const clock = virtualClock();
  const loop = virtualLoop(clock);
  const done: string[] = [];
  const say = (what: string) => () => loop.whenAwake(() => done.push(`${what} ${clock.nowNs()}`));
  clock.at(5, say("before"));
  clock.at(10, () => loop.stall(100));
  clock.at(20, say("first"));
  clock.at(30, say("second"));
  clock.at(40, () => loop.stall(90));
  clock.at(50, () => done.push(`stands since ${loop.standsSinceNs()}`));
  clock.at(200, say("after"));
  clock.runTo(300);
  expect(done).toEqual(["before 5", "stands since 10", "first 130", "second 130", "after 200"]);
  expect(loop.standsSinceNs()).toBeNull();
});

test("another process does not stand", () => {
  const clock = virtualClock();
  const loop = virtualLoop(clock);
  loop.stall(1000);
  loop.restart();
  let isDone = false;
  loop.whenAwake(() => {
    isDone = true;
  });
  expect(isDone).toBe(true);
});
