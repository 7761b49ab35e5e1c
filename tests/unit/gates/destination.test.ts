// The words of a PLC that tracks: a telegram in one write, verdicts by sequence, reports by number.
import { expect, test } from "vitest";
import type { PlcEvent } from "../../../drivers/buses/job.ts";
import type { GatePermit } from "../../../drivers/buses/port.ts";
import {
  destinationTelegram,
  recallTelegram,
  reportRegisters,
  TRACKER_STATUS_REGISTERS,
  trackerStatusOf,
} from "../../../drivers/gates/destination.ts";
import { TrackerReports } from "../../../drivers/inputs/tracker-reports.ts";
import type { TrackerWiring } from "../../../drivers/inputs/wiring.ts";
import { TrackerBoard } from "../../../simulators/wired/plc/tracker-board.ts";

const tracker: TrackerWiring = {
  beltId: "b",
  register: 100,
  status: 0,
  reports: 20,
  slots: 4,
  codes: { out: 7, store: 8 },
  safeEndChuteId: "end",
};
const permit: GatePermit = {
  id: 0x12345678,
  gateId: "g1",
  chuteId: "out",
  trackingId: 0x00020003,
  fromNs: 0,
  untilNs: 1,
  window: { fromCount: 1, untilCount: 0xfffffff0, homeAtCount: 3 },
  maxOutMs: 1,
};

test("a destination is seven registers in one write", () => {
  expect(destinationTelegram(tracker, permit)).toEqual({
    kind: "writeRegisters",
    address: 100,
    values: [0x1234, 0x5678, 2, 3, 7, 0xffff, 0xfff0],
  });
});

test("a device that writes its numbers otherwise is told, and understood, in its own order", () => {
  const format = { bits: 32, lowWordFirst: true, swapsBytes: true } as const;
  const request = destinationTelegram({ ...tracker, format }, permit);
  expect(request).toMatchObject({ values: [0x7856, 0x3412, 0x0300, 0x0200, 0x0700, 0xf0ff, 0xffff] });
  const words = [0x0300, 0x0800, 0x7856, 0x3412, 0x0100];
  const status = trackerStatusOf(words, format);
  expect(status).toMatchObject({ session: 3, isArmed: true });
  expect(status.verdicts.get(0x12345678)).toBe("done");
});

test("a chute without a code, or no parcel, is no destination", () => {
  expect(() => destinationTelegram(tracker, { ...permit, chuteId: "elsewhere" })).toThrow(/no destination/);
  const { trackingId: _, ...nobody } = permit;
  expect(() => destinationTelegram(tracker, nobody)).toThrow(/no destination/);
});

test("a recall is the safe end for one parcel, or for all", () => {
  const values = (o: Parameters<typeof recallTelegram>[1]) => {
    const request = recallTelegram(tracker, o);
    return request.kind === "writeRegisters" ? request.values : [];
  };
  expect(values({ sequence: 0x10002, trackingId: 5 })).toEqual([1, 2, 0, 5, 0, 0, 0]);
  expect(values({ sequence: 9, trackingId: null })).toEqual([0, 9, 0, 0, 0, 0, 0]);
});

test("the last four verdicts are known by their sequence, a fifth one pushes the first out", () => {
  const board = new TrackerBoard(4, 3);
  for (const [sequence, verdict] of [
    [10, 1],
    [11, 2],
    [12, 3],
    [13, 4],
    [14, 5],
  ] as const)
    board.verdict(sequence, verdict);
  const words = board.status(true);
  expect(words).toHaveLength(TRACKER_STATUS_REGISTERS);
  const status = trackerStatusOf(words);
  expect(status).toMatchObject({ session: 3, isArmed: true });
  expect([...status.verdicts]).toEqual([
    [11, "tooLate"],
    [12, "refused"],
    [13, "unknownParcel"],
    [14, "refused"],
  ]);
});

function readerOf(board: TrackerBoard) {
  const heard: PlcEvent[] = [];
  const reader = new TrackerReports(tracker, (event) => heard.push(event));
  const read = () => {
    const registers = new Uint16Array(200);
    registers.set(board.reports(), tracker.reports);
    reader.sampled(registers, board.session);
    return heard.splice(0).map((event) => (event.kind === "report" ? event.report : event));
  };
  return read;
}

test("reports are read once and in order; what stood there before the first look is of a time before", () => {
  const board = new TrackerBoard(4, 1);
  expect(board.reports()).toHaveLength(reportRegisters(4));
  board.report({ kind: 1, id: 5, value: 77, code: 0 });
  const read = readerOf(board);
  expect(read()).toEqual([]);
  board.report({ kind: 1, id: 0x1_0006, value: 0xffff_fff0, code: 0 });
  board.report({ kind: 2, id: 0x1_0006, value: 12, code: 0 });
  board.report({ kind: 3, id: 0x1_0006, value: 1, code: 7 });
  expect(read()).toEqual([
    { kind: "came", trackingId: 0x1_0006, count: 0xffff_fff0 },
    { kind: "passed", trackingId: 0x1_0006, count: 12 },
    { kind: "ended", trackingId: 0x1_0006, how: "seen", chuteId: "out" },
  ]);
  expect(read()).toEqual([]);
});

test.each([
  [0, "end"],
  [8, "store"],
  [0xffff, null],
  [99, null],
])("the code %i of an end is chute %s", (code, chuteId) => {
  const board = new TrackerBoard(4, 1);
  const read = readerOf(board);
  read();
  board.report({ kind: 3, id: 1, value: 3, code });
  expect(read()).toEqual([{ kind: "ended", trackingId: 1, how: "lost", chuteId }]);
});

test("reports that were written over are missed, and it says so before those that are left", () => {
  const board = new TrackerBoard(4, 1);
  const read = readerOf(board);
  read();
  for (let id = 1; id <= 6; id += 1) board.report({ kind: 1, id, value: id, code: 0 });
  expect(read()).toEqual([
    { kind: "forgot", why: "missed" },
    ...[3, 4, 5, 6].map((id) => ({ kind: "came", trackingId: id, count: id })),
  ]);
});

test("numbers that go backwards are missed reports, and what is no report is none", () => {
  const board = new TrackerBoard(4, 1);
  const read = readerOf(board);
  for (let id = 1; id <= 6; id += 1) board.report({ kind: 1, id, value: id, code: 0 });
  read();
  // The program began anew, and its session did not say so.
  board.restart(1);
  board.report({ kind: 1, id: 9, value: 1, code: 0 });
  expect(read()).toEqual([
    { kind: "forgot", why: "missed" },
    { kind: "came", trackingId: 9, count: 1 },
  ]);
});

test("a new session: it says so, and reads what was reported since", () => {
  const board = new TrackerBoard(4, 1);
  const read = readerOf(board);
  board.report({ kind: 1, id: 1, value: 1, code: 0 });
  board.report({ kind: 1, id: 2, value: 1, code: 0 });
  read();
  board.restart(2);
  board.report({ kind: 1, id: 0x2_0001, value: 9, code: 0 });
  expect(read()).toEqual([
    { kind: "forgot", why: "restarted" },
    { kind: "came", trackingId: 0x2_0001, count: 9 },
  ]);
});
