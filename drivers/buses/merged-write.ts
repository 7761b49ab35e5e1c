// Single outputs at neighbouring addresses that fall due together, as one request. Pure.

import type { BusJob } from "./bus-queue.ts";
import type { JobOwner } from "./job.ts";
import type { BusReply, BusRequest } from "./request.ts";

/** Application protocol V1.1b3, 6.11 and 6.12: more would fit; no site has as many gates due at once. */
const MOST = 16;

/**
 * Goes outward from the first, as long as the next address is there and `isWanted`, which is asked once for each job
 * that would be joined: a job for which it said true is part of the request.
 */
export function neighboursOf<J extends BusJob<unknown>>(
  first: J,
  others: readonly J[],
  isWanted: (job: J) => boolean = () => true,
): J[] {
  const run = [first];
  if (first.isMergeable !== true) return run;
  const byAddress = new Map<number, J>();
  for (const job of others) {
    const isAlike = job.isMergeable === true && job.request.kind === first.request.kind && job !== first;
    if (isAlike && job.request.address !== first.request.address) byAddress.set(job.request.address, job);
  }
  for (const step of [1, -1]) {
    for (let address = first.request.address + step; run.length < MOST; address += step) {
      const next = byAddress.get(address);
      if (next === undefined || !isWanted(next)) break;
      run.push(next);
    }
  }
  return run.sort((a, b) => a.request.address - b.request.address);
}

/**
 * One job out of several neighbours, in the order of their addresses; each hears of it what is its own.
 * @param refused the device has refused it as a whole, perhaps because it takes no such writes
 */
export function mergedJob(jobs: readonly BusJob<JobOwner>[], refused: () => void = () => {}): BusJob<JobOwner> {
  const [first] = jobs;
  if (first === undefined || jobs.length === 1) return first as BusJob<JobOwner>;
  const { address } = first.request;
  const count = jobs.length;
  const isCoils = first.request.kind === "writeCoil";
  const request: BusRequest = isCoils
    ? { kind: "writeCoils", address, on: jobs.map((job) => job.request.kind === "writeCoil" && job.request.on) }
    : {
        kind: "writeRegisters",
        address,
        values: jobs.map((job) => (job.request.kind === "writeRegister" ? job.request.value : 0)),
      };
  const probe: BusRequest = { kind: isCoils ? "readCoils" : "readHolding", address, count };
  return { purpose: ownerOf(jobs, { isCoils, refused }), request, probe };
}

function ownerOf(jobs: readonly BusJob<JobOwner>[], o: { isCoils: boolean; refused: () => void }): JobOwner {
  return {
    answered: (reply, times) => {
      if (reply.kind === "exception") o.refused();
      for (const { purpose } of jobs) purpose.answered(reply, times);
    },
    overdue: (nowNs) => {
      for (const { purpose } of jobs) purpose.overdue(nowNs);
    },
    probed: (reply, times) => {
      for (const [index, { purpose }] of jobs.entries()) purpose.probed(partOf(reply, index, o.isCoils), times);
    },
    lost: (nowNs) => {
      for (const { purpose } of jobs) purpose.lost(nowNs);
    },
  };
}

function partOf(reply: BusReply, index: number, isCoils: boolean): BusReply {
  if (reply.kind !== "values") return reply;
  if (!isCoils) return { kind: "values", values: reply.values.slice(index, index + 1) };
  return { kind: "values", values: [((reply.values[index >> 4] ?? 0) >> (index & 15)) & 1] };
}
