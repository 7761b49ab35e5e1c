// Outputs that fall due together: one request for neighbours, nobody asked twice, and each hears what is its own.
import { expect, test } from "vitest";
import type { BusJob, PermitJob } from "../../../drivers/buses/bus-queue.ts";
import type { JobOwner } from "../../../drivers/buses/job.ts";
import { mergedJob, neighboursOf } from "../../../drivers/buses/merged-write.ts";
import type { BusRequest } from "../../../drivers/buses/request.ts";
import { BusScheduler } from "../../../drivers/buses/scheduler.ts";
import { gateDriveSchema } from "../../../drivers/gates/schema.ts";
import { Bench } from "./field-device.ts";

type Heard = string[];
const owner = (name: string, heard: Heard): JobOwner => ({
  answered: (reply) => heard.push(`${name} ${reply.kind}`),
  overdue: () => heard.push(`${name} overdue`),
  probed: (reply) => heard.push(`${name} reads ${reply.kind === "values" ? reply.values : reply.kind}`),
  lost: () => heard.push(`${name} lost`),
});
const coil = (address: number, heard: Heard = [], isMergeable = true): BusJob<JobOwner> => ({
  purpose: owner(`c${address}`, heard),
  request: { kind: "writeCoil", address, on: true },
  probe: { kind: "readCoils", address, count: 1 },
  isMergeable,
});
const register = (address: number, value: number): BusJob<JobOwner> => ({
  ...coil(address),
  request: { kind: "writeRegister", address, value },
});
const addresses = (jobs: readonly BusJob<JobOwner>[]): number[] => jobs.map((job) => job.request.address);

test("neighbours on both sides as far as they reach", () => {
  const others = [3, 4, 6, 7, 9].map((address) => coil(address));
  expect(addresses(neighboursOf(coil(5), others))).toEqual([3, 4, 5, 6, 7]);
});

test("a job that is none, or of another kind, or the same address, is left out", () => {
  const others = [coil(6, [], false), register(4, 1), coil(5)];
  expect(addresses(neighboursOf(coil(5), others))).toEqual([5]);
});

test("nobody behind a job that must not go is asked", () => {
  const asked: number[] = [];
  const others = [3, 4, 6, 7].map((address) => coil(address));
  const run = neighboursOf(coil(5), others, (job) => {
    asked.push(job.request.address);
    return job.request.address !== 6;
  });
  expect(addresses(run)).toEqual([3, 4, 5]);
  expect(asked).toEqual([6, 4, 3]);
});

test("coils and registers become one request, and one read asks after all of them", () => {
  expect(mergedJob([coil(4), coil(5)])).toMatchObject({
    request: { kind: "writeCoils", address: 4, on: [true, true] },
    probe: { kind: "readCoils", address: 4, count: 2 },
  });
  expect(mergedJob([register(8, 1), register(9, 7)])).toMatchObject({
    request: { kind: "writeRegisters", address: 8, values: [1, 7] },
    probe: { kind: "readHolding", address: 8, count: 2 },
  });
});

test("each hears the reply, and of a read-back its own part", () => {
  const heard: Heard = [];
  const { purpose } = mergedJob([coil(4, heard), coil(5, heard), coil(6, heard)]);
  purpose.answered({ kind: "written" }, { sentNs: 0, nowNs: 1, wasOverdue: false });
  purpose.probed({ kind: "values", values: [0b110] }, { sentNs: 0, nowNs: 1 });
  expect(heard).toEqual(["c4 written", "c5 written", "c6 written", "c4 reads 0", "c5 reads 1", "c6 reads 1"]);
});

test("a device that refuses several outputs in one request has each written on its own from then on", () => {
  const bench = new Bench({
    wiring: {
      gates: [3, 4].map((coil) => ({ id: `g${coil}`, drive: gateDriveSchema.parse({ kind: "coil", coil }) })),
    },
  });
  bench.device.refuse = (request) => (request.kind === "writeCoils" ? 1 : null);
  for (const coil of [3, 4]) bench.device.coils.set(coil, true);
  bench.run(200);
  expect([bench.device.coils.get(3), bench.device.coils.get(4)]).toEqual([false, false]);
  expect(bench.isArmed).toBe(true);
  expect(bench.writes().map(({ kind }) => kind)).toEqual(["writeCoils", "writeCoil", "writeCoil"]);
});

test("gates that fall due together are one write, each after its own last look; a withheld one is not in it", () => {
  const looks: number[] = [];
  const bus = new BusScheduler<JobOwner>({
    timeoutNs: 60e6,
    replyFloorNs: 2e6,
    lastLook: (id) => {
      looks.push(id);
      return id !== 3;
    },
    merge: mergedJob,
  });
  bus.up();
  const permit = (id: number, fromNs: number): PermitJob<JobOwner> => ({
    ...coil(id),
    id,
    gateId: `g${id}`,
    fromNs,
    untilNs: 1e9,
  });
  for (const job of [permit(1, 0), permit(2, 0), permit(3, 0), permit(4, 0), permit(5, 50)]) bus.addPermit(job);
  const sent = (request: BusRequest) => ({ kind: "send", request });
  const first = bus.step(10);
  expect(first).toMatchObject(sent({ kind: "writeCoils", address: 1, on: [true, true] }));
  expect(looks).toEqual([1, 2, 3]);
  if (first?.kind === "send") bus.answer(first.tag, { kind: "written" }, 20);
  expect(bus.step(30), "the one that is due later goes on its own").toMatchObject(
    sent({ kind: "writeCoil", address: 4, on: true }),
  );
});
