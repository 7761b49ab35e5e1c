// A plain coil between polls: a read that was asked before our own write says nothing about what the write has done.
import { expect, test } from "vitest";
import { Channels } from "../../../drivers/buses/channels.ts";
import type { Job, JobHost, PlcEvent } from "../../../drivers/buses/job.ts";
import { PLAIN_32 } from "../../../drivers/buses/number-format.ts";
import { PollCycle, type Sample } from "../../../drivers/buses/poll-cycle.ts";
import type { BusRequest } from "../../../drivers/buses/request.ts";
import { gateOf } from "../../../drivers/gates/gate-of.ts";
import { gateDriveSchema } from "../../../drivers/gates/schema.ts";
import type { PlcWiring } from "../../../drivers/inputs/wiring.ts";
import { exampleTexts, loadedSite } from "../config/example-site.ts";

const MS = 1_000_000;
const COIL = 8;

/** One coil gate and its device's polls on a bus that answers one request after the other, a millisecond each. */
function rig() {
  const device = loadedSite(exampleTexts("plain-coils")).line.devices[0];
  if (device === undefined || device.driver === "opcua") throw new Error("the example has no device");
  const coils = new Set<number>();
  const queue: Job[] = [];
  const events: PlcEvent[] = [];
  const host: JobHost = {
    timeoutNs: 50 * MS,
    answersInOrder: true,
    isOpen: () => true,
    add: (jobClass, job) => (jobClass === "withdrawal" ? queue.unshift(job) : queue.push(job)),
    drop: () => {},
    channels: new Channels(),
    emit: (event) => events.push(event),
    giveUp: () => {},
    tripped: () => {},
    complain: () => {},
  };
  const drive = gateDriveSchema.parse({ kind: "coil", coil: COIL, homeInput: 1 });
  const gate = gateOf({ gateId: "g", drive, format: PLAIN_32, writes: "any", host });
  const wiring: PlcWiring = {
    ...{ encoders: [], signals: [], drives: [], linePermits: [] },
    eyes: [{ id: "eye", input: 0, encoderId: null }],
    gates: [{ id: "g", drive }],
  };
  const cycle = new PollCycle({
    device: { ...device, pollMs: 60 },
    wiring,
    watched: [],
    host,
    onSample: (sample: Sample) => gate.sampled(cycle.image, sample),
  });
  let nowNs = 0;
  cycle.opened(nowNs);
  const carryOut = (request: BusRequest): readonly number[] => {
    if (request.kind === "writeCoil") {
      if (request.on) coils.add(request.address);
      else coils.delete(request.address);
    }
    if (request.kind !== "readCoils") return [0b10];
    let word = 0;
    for (const coil of coils) word |= 1 << (coil - request.address);
    return [word];
  };
  /** The next request goes out and is answered. */
  const one = (): void => {
    const job = queue.shift();
    if (job === undefined) throw new Error("nothing waits for the bus");
    const sentNs = nowNs;
    nowNs += MS;
    const values = carryOut(job.request);
    const reply = job.request.kind.startsWith("write")
      ? ({ kind: "written" } as const)
      : ({ kind: "values", values: [...values] } as const);
    job.purpose.answered(reply, { sentNs, nowNs, wasOverdue: false });
  };
  const poll = (): void => {
    nowNs += 60 * MS;
    cycle.step(nowNs);
  };
  const permit = (id: number): Job =>
    gate.permitJob({ id, gateId: "g", chuteId: "c", fromNs: 0, untilNs: 1e12, window: null, maxOutMs: 1000 });
  return { gate, coils, queue, one, poll, permit, first: (job: Job) => queue.unshift(job) };
}

test("a permit that is written between two reads of one poll stays out: the coil was read before it", () => {
  const { gate, coils, queue, one, poll, permit, first } = rig();
  poll();
  while (queue.length > 0) one();
  poll();
  one();
  first(permit(1));
  while (queue.length > 0) one();
  expect([gate.isKnown, coils.has(COIL)]).toEqual([true, true]);
  poll();
  while (queue.length > 0) one();
  expect([gate.isKnown, gate.isSettled, coils.has(COIL)]).toEqual([true, true, true]);
});

test("a withdrawal that is written between two reads of one poll is no coil that somebody else has switched on", () => {
  const { gate, queue, one, poll, permit, first } = rig();
  poll();
  while (queue.length > 0) one();
  first(permit(1));
  one();
  poll();
  one();
  gate.withdraw(2, 1);
  while (queue.length > 0) {
    one();
    expect(gate.isKnown).toBe(true);
  }
});

test("a coil that is on without a permit of ours is switched off", () => {
  const { gate, coils, queue, one, poll } = rig();
  poll();
  while (queue.length > 0) one();
  coils.add(COIL);
  poll();
  while (gate.isKnown && queue.length > 0) one();
  expect(gate.isKnown).toBe(false);
  while (queue.length > 0) one();
  expect([coils.has(COIL), gate.isKnown]).toEqual([false, true]);
});
