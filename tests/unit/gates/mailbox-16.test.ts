// A mailbox of 16 bits at its device: its own sequences, voided past an earlier controller, and a doubt that ends by them.
import { expect, test } from "vitest";
import { isNewer } from "../../../drivers/buses/number-format.ts";
import { gateDriveSchema } from "../../../drivers/gates/schema.ts";
import { Bench } from "../buses/field-device.ts";

const drive = gateDriveSchema.parse({
  ...{ kind: "mailbox", register: 100, status: 16, statusFrom: "holdingRegisters", bits: 16 },
  positions: { c1: 2 },
});

/** Judges by sequence alone; the window is not what is tried here. */
class Judge {
  readonly bench: Bench;
  newest: number;
  voided: number | null = null;
  readonly accepted: number[] = [];

  constructor(o: { judged: number }) {
    this.newest = o.judged;
    this.bench = new Bench({ wiring: { gates: [{ id: "g", drive }] } });
    this.#show(o.judged, 0, "home");
    this.bench.device.onWrite = (request) => {
      if (request.kind !== "writeRegisters" && request.kind !== "writeRegister") return;
      const [value = 0] = request.kind === "writeRegister" ? [request.value] : request.values;
      if (request.address === 106) this.#void(value);
      else if (request.address === 100) this.judge(value);
    };
  }

  judge(sequence: number): void {
    const isVoid = this.voided !== null && !isNewer(sequence, this.voided, 16);
    const verdict = isVoid ? 4 : isNewer(sequence, this.newest, 16) ? 1 : 3;
    if (isNewer(sequence, this.newest, 16)) this.newest = sequence;
    if (verdict === 1) this.accepted.push(sequence);
    this.#show(sequence, verdict, verdict === 1 ? "out" : "home");
  }

  #void(sequence: number): void {
    this.voided = sequence;
    this.bench.device.holding.set(18, 0b1001);
  }

  #show(sequence: number, verdict: number, at: "home" | "out"): void {
    const { holding } = this.bench.device;
    holding.set(16, sequence);
    holding.set(17, verdict);
    holding.set(18, at === "out" ? 0b1010 : 0b1001);
  }
}

test("before it is armed, all that an earlier controller may have sent is void; then sequences go on from there", () => {
  const judge = new Judge({ judged: 0xfff0 });
  judge.bench.run(50);
  expect([judge.bench.isArmed, judge.voided]).toEqual([true, (0xfff0 + 1024) & 0xffff]);
  judge.judge(0xfff5);
  expect(judge.accepted, "one that slept in a socket").toEqual([]);
  judge.bench.permit(900_000);
  judge.bench.run(20);
  judge.bench.permit(900_400);
  judge.bench.run(20);
  expect([judge.bench.outcomes(900_000), judge.bench.outcomes(900_400)]).toEqual([["done"], ["done"]]);
  expect(judge.accepted).toEqual([0xfff0 + 1025, 0xfff0 + 1026].map((sequence) => sequence & 0xffff));
});

test("a withdrawal voids up to its permit, and the next one is taken", () => {
  const judge = new Judge({ judged: 5 });
  judge.bench.run(50);
  judge.bench.permit(70_000);
  judge.bench.run(20);
  judge.bench.input({ kind: "withdraw", id: 70_001, gateId: "g", voidUpTo: 70_000 });
  judge.bench.run(20);
  expect(judge.voided).toBe(5 + 1025);
  judge.bench.permit(70_002);
  judge.bench.run(20);
  expect(judge.bench.outcomes(70_002)).toEqual(["done"]);
});

test("a lost reply is in doubt until the device shows the sequence, and it is written once", () => {
  const judge = new Judge({ judged: 5 });
  judge.bench.run(50);
  judge.bench.device.isSilent = (request) => request.kind === "writeRegisters" && request.address === 100;
  judge.bench.permit(70_000);
  judge.bench.run(200);
  expect(judge.bench.outcomes(70_000)).toEqual(["inDoubt"]);
  expect(judge.accepted).toHaveLength(1);
  expect(judge.bench.isArmed).toBe(true);
});
