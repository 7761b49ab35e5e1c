// Destinations and recalls on the bus: one verdict for each copy, recalls said again until they are answered.
import { describe, expect, test } from "vitest";
import { Channels } from "../../../drivers/buses/channels.ts";
import type { Job, JobHost, PlcEvent } from "../../../drivers/buses/job.ts";
import type { GatePermit } from "../../../drivers/buses/port.ts";
import type { BusReply } from "../../../drivers/buses/request.ts";
import { Destinations } from "../../../drivers/gates/destinations.ts";
import { DeviceImage } from "../../../drivers/inputs/device-image.ts";
import { TrackerBoard } from "../../../simulators/wired/plc/tracker-board.ts";

const MS = 1e6;
const tracker = {
  ...{ beltId: "b", register: 100, status: 0, reports: 20, slots: 4 },
  codes: { out: 7 },
  safeEndChuteId: "end",
};
const permit: GatePermit = {
  ...{ id: 10, gateId: "g1", chuteId: "out", trackingId: 5, fromNs: 0, untilNs: 1e9, maxOutMs: 1 },
  window: { fromCount: 1, untilCount: 2, homeAtCount: 3 },
};
const written: BusReply = { kind: "written" };

/** A bus by hand: what was handed to it, and what it heard. */
function rig() {
  const board = new TrackerBoard(4, 1);
  const events: PlcEvent[] = [];
  const jobs: { jobClass: string; job: Job }[] = [];
  const state = { nowNs: 0, isOpen: true };
  const host: JobHost = {
    timeoutNs: 60 * MS,
    isOpen: () => state.isOpen,
    add: (jobClass, job) => void jobs.push({ jobClass, job }),
    drop: () => {},
    channels: new Channels(),
    answersInOrder: true,
    emit: (event) => void events.push(event),
    giveUp: () => {},
    tripped: () => {},
    complain: () => {},
  };
  const destinations = new Destinations({ deviceId: "plc", tracker, host });
  const image = new DeviceImage({});
  const sample = () => {
    state.nowNs += 5 * MS;
    image.setRegisters(tracker.status, board.status(true));
    image.setRegisters(tracker.reports, board.reports());
    destinations.sampled(image, { sentNs: state.nowNs - MS, nowNs: state.nowNs });
  };
  const answer = (job: Job, reply: BusReply = written) => {
    state.nowNs += 2 * MS;
    job.purpose.answered(reply, { sentNs: state.nowNs - 2 * MS, nowNs: state.nowNs, wasOverdue: false });
  };
  const recalls = () => jobs.filter(({ jobClass }) => jobClass === "withdrawal").map(({ job }) => job);
  const outcomes = () => events.splice(0).map((event) => ("outcome" in event ? event.outcome : event.kind));
  sample();
  return { board, jobs, state, destinations, sample, answer, recalls, outcomes };
}

describe("a destination", () => {
  test.each([
    [1, "done"],
    [2, "tooLate"],
    [4, "unknownParcel"],
    [5, "refused"],
  ])("with verdict %i is %s, said once", (verdict, outcome) => {
    const { board, destinations, sample, answer, outcomes } = rig();
    answer(destinations.permitJob(permit));
    board.verdict(10, verdict);
    sample();
    sample();
    expect(outcomes()).toEqual([outcome]);
  });

  test("and its recall have numbers of 32 bits in the telegrams, however many entries the journal has", () => {
    const { board, destinations, sample, answer, recalls, outcomes } = rig();
    const id = 2 ** 32 + 5;
    answer(destinations.permitJob({ ...permit, id }));
    board.verdict(5, 1);
    sample();
    expect(outcomes()).toEqual(["done"]);
    destinations.withdraw(id + 1, id, 5);
    for (const recall of recalls()) answer(recall);
    board.verdict(5, 1);
    board.verdict(6, 1);
    sample();
    expect(outcomes()).toEqual(["done"]);
  });

  test("whose verdict stays out is in doubt, and disarms nothing; its copy has a verdict of its own", () => {
    const { board, destinations, sample, answer, outcomes } = rig();
    answer(destinations.permitJob(permit));
    for (let poll = 0; poll < 14; poll += 1) sample();
    expect(outcomes()).toEqual(["inDoubt"]);
    expect([destinations.isKnown, destinations.isSettled, destinations.doubts]).toEqual([true, true, 0]);
    answer(destinations.permitJob(permit));
    board.verdict(10, 1);
    sample();
    expect(outcomes()).toEqual(["done"]);
  });

  test("that the device refused with an exception was not sent", () => {
    const { destinations, answer, outcomes } = rig();
    answer(destinations.permitJob(permit), { kind: "exception", code: 3 });
    expect(outcomes()).toEqual(["notSent"]);
  });

  test.each(["overdue", "lost"] as const)("whose reply is %s is in doubt", (how) => {
    const { destinations, outcomes, state } = rig();
    destinations.permitJob(permit).purpose[how](state.nowNs);
    expect(outcomes()).toEqual(["inDoubt"]);
  });

  test("without a verdict when the connection ends is in doubt", () => {
    const { destinations, answer, outcomes } = rig();
    answer(destinations.permitJob(permit));
    destinations.lost();
    expect(outcomes()).toEqual(["inDoubt"]);
    expect(destinations.isKnown).toBe(false);
  });
});

describe("a recall", () => {
  test("is written before all else, and answered by its own sequence", () => {
    const { board, destinations, sample, answer, recalls, outcomes } = rig();
    destinations.withdraw(12, 10, 5);
    const [job] = recalls();
    expect(job?.request).toMatchObject({ address: 100, values: [0, 12, 0, 5, 0, 0, 0] });
    expect(destinations.isSettled).toBe(false);
    answer(job as Job);
    expect(destinations.isSettled).toBe(true);
    board.verdict(12, 2);
    sample();
    expect(outcomes()).toEqual(["tooLate"]);
  });

  test("without an answer is said again and again, in doubt only once", () => {
    const { board, destinations, sample, answer, recalls, outcomes } = rig();
    destinations.withdraw(12, 10, 5);
    for (let poll = 0; poll < 60; poll += 1) {
      for (const job of recalls().slice(-1)) if (poll % 13 === 0) answer(job);
      sample();
    }
    expect(recalls().length).toBeGreaterThan(2);
    expect(outcomes()).toEqual(["inDoubt"]);
    answer(recalls().at(-1) as Job);
    board.verdict(12, 1);
    sample();
    expect(outcomes()).toEqual(["done"]);
  });

  test("that waits for a connection goes out with the next one", () => {
    const { destinations, recalls, state } = rig();
    state.isOpen = false;
    destinations.withdraw(12, 10, 5);
    expect(recalls()).toEqual([]);
    state.isOpen = true;
    destinations.opened();
    expect(recalls()).toHaveLength(1);
  });

  test("of everything, when the driver ends: all parcels, up to the last telegram", () => {
    const { destinations, answer, recalls, outcomes } = rig();
    destinations.withdrawAll();
    expect(recalls()).toEqual([]);
    answer(destinations.permitJob(permit));
    destinations.withdrawAll();
    expect(recalls()[0]?.request).toMatchObject({ values: [0, 10, 0, 0, 0, 0, 0] });
    answer(recalls()[0] as Job);
    expect(destinations.isSettled).toBe(true);
    expect(outcomes()).toEqual([]);
  });
});

test("an end is told before the verdict that it explains", () => {
  const { board, destinations, sample, answer, outcomes } = rig();
  answer(destinations.permitJob(permit));
  board.report({ kind: 3, id: 5, value: 1, code: 7 });
  board.verdict(10, 4);
  sample();
  expect(outcomes()).toEqual(["report", "unknownParcel"]);
});
