// Gates of the field at their devices: codes, rows, pulses, shared command registers, feedback, and what a refusal leaves.
import { describe, expect, test } from "vitest";
import { gateDriveSchema } from "../../../drivers/gates/schema.ts";
import { Bench } from "../buses/field-device.ts";

const gates = (...drives: object[]) => ({
  gates: drives.map((drive, index) => ({ id: index === 0 ? "g" : `g${index}`, drive: gateDriveSchema.parse(drive) })),
});
/** Connected and armed: it has no watchdog, so that only its map counts. */
function armed(...drives: object[]): Bench {
  const bench = new Bench({ wiring: gates(...drives) });
  bench.run(100);
  expect(bench.isArmed).toBe(true);
  return bench;
}

describe("a register with a code", () => {
  const drive = { kind: "register", register: 40, positions: { c1: 2 }, home: 1 };

  test("a gate that is not at home is sent there before anything is armed", () => {
    const bench = new Bench({ wiring: gates(drive) });
    bench.run(200);
    expect(bench.writes()).toEqual([{ kind: "writeRegister", address: 40, value: 1 }]);
    expect(bench.isArmed).toBe(true);
  });

  test("a permit writes its code, and its end the code of home", () => {
    const bench = new Bench({ wiring: gates(drive) });
    bench.run(200);
    const fromNs = bench.nowNs;
    bench.permit(7);
    bench.run(100);
    expect(bench.outcomes(7)).toEqual(["done"]);
    expect(bench.writes(fromNs)).toEqual([
      { kind: "writeRegister", address: 40, value: 2 },
      { kind: "writeRegister", address: 40, value: 1 },
    ]);
  });
});

describe("pulses", () => {
  test("that Coline ends stand for their time", () => {
    const bench = armed({ kind: "coil", coil: 3, pulse: { ms: 30, endedBy: "controller" } });
    bench.permit(7, { maxOutMs: 500 });
    bench.run(25);
    expect(bench.device.coils.get(3)).toBe(true);
    bench.run(15);
    expect(bench.device.coils.get(3)).toBe(false);
    expect(bench.outcomes(7)).toEqual(["done"]);
    expect(bench.machine.health().lastError).toBeNull();
  });

  test("that the device ends are written once and left alone", () => {
    const bench = armed({ kind: "coil", coil: 3, pulse: { ms: 30, endedBy: "device" } });
    const fromNs = bench.nowNs;
    bench.permit(7);
    bench.run(20);
    bench.device.coils.set(3, false);
    bench.run(300);
    expect(bench.writes(fromNs)).toEqual([{ kind: "writeCoil", address: 3, on: true }]);
    expect(bench.isArmed).toBe(true);
  });
});

describe("one command register for several gates", () => {
  const command = (code: number) => ({
    kind: "command",
    number: 100,
    code: 101,
    positions: { c1: code },
    strobe: { coil: 7 },
    pulse: { ms: 10, endedBy: "controller" },
    taken: { register: 60 },
  });
  /** Takes number and code at each rising strobe. */
  function taker(bench: Bench): number[][] {
    const taken: number[][] = [];
    bench.device.onWrite = (request) => {
      if (request.kind !== "writeCoil" || !request.on) return;
      const number = bench.device.holding.get(100) ?? 0;
      taken.push([number, bench.device.holding.get(101) ?? 0]);
      bench.device.registers.set(60, number);
    };
    return taken;
  }

  test("number and code stand before the strobe, and the outcome waits until the device has taken the number", () => {
    const bench = armed(command(4));
    const taken = taker(bench);
    bench.permit(9);
    bench.run(30);
    expect(taken).toEqual([[10, 4]]);
    expect(bench.outcomes(9)).toEqual(["done"]);
  });

  test("two that fall due together go one after the other, each with its own code", () => {
    const bench = armed(command(4), command(5));
    const taken = taker(bench);
    bench.permit(9);
    bench.permit(10, { gateId: "g1" });
    bench.run(90);
    expect(taken).toEqual([
      [10, 4],
      [11, 5],
    ]);
    expect([bench.outcomes(9), bench.outcomes(10)]).toEqual([["done"], ["done"]]);
  });

  test("the last look is asked right before the strobe, and a no leaves the strobe alone", () => {
    const bench = armed(command(4));
    const taken = taker(bench);
    bench.forbidden.add(9);
    bench.permit(9);
    bench.run(30);
    expect([bench.looks, taken]).toEqual([[9], []]);
  });

  test("registers that are refused mean that the command was not sent", () => {
    const bench = armed(command(4));
    bench.device.refuse = (request) => (request.kind === "writeRegisters" ? 3 : null);
    bench.permit(9);
    bench.run(50);
    expect([bench.outcomes(9), bench.looks]).toEqual([["notSent"], []]);
    expect(bench.isArmed).toBe(true);
  });

  test("a number that is never taken is in doubt, and nothing moves until a person has tested it", () => {
    const bench = armed(command(4));
    bench.permit(9);
    bench.run(200);
    expect([bench.outcomes(9), bench.isArmed]).toEqual([["inDoubt"], false]);
    bench.input({ kind: "tested", gateId: "g" });
    bench.run(20);
    expect(bench.isArmed).toBe(true);
  });
});

describe("feedback", () => {
  test("a code says home, between and out", () => {
    const bench = armed({
      kind: "coil",
      coil: 3,
      feedback: { kind: "code", register: 20, home: 5, between: [6], unknown: [9] },
    });
    for (const code of [5, 6, 7, 9]) {
      bench.device.registers.set(20, code);
      bench.run(10);
    }
    expect(bench.positions.slice(-4)).toEqual(["home", "between", "out", "unknown"]);
  });

  test("a count of strokes tells each of them, beside the switch of home", () => {
    const bench = armed({ kind: "coil", coil: 3, homeInput: 1, feedback: { kind: "counter", register: 20 } });
    bench.device.inputs.set(1, true);
    bench.run(10);
    bench.device.registers.set(20, 1);
    bench.run(10);
    expect(bench.positions.slice(-3)).toEqual(["home", "out", "home"]);
  });

  test("a fault bit hides the position", () => {
    const bench = armed({ kind: "coil", coil: 3, homeInput: 1, faultInput: 2 });
    bench.device.inputs.set(1, true);
    bench.run(10);
    bench.device.inputs.set(2, true);
    bench.run(10);
    expect(bench.positions.slice(-2)).toEqual(["home", "unknown"]);
  });
});

describe("what an exception leaves", () => {
  const drive = { kind: "coil", coil: 3 };
  const refusing = (code: number): Bench => {
    const bench = armed(drive);
    bench.device.refuse = (request) => (request.kind === "writeCoil" && request.on ? code : null);
    bench.permit(7);
    return bench;
  };

  test.each([1, 2, 3, 4, 6, 10])("exception %i: refused, it was not done, and the device stays armed", (code) => {
    const bench = refusing(code);
    bench.run(100);
    expect([bench.outcomes(7), bench.isArmed]).toEqual([["refused"], true]);
  });

  test("exception 5: still working, so in doubt until it is seen done, or a person has tested it", () => {
    const bench = refusing(5);
    bench.run(200);
    expect([bench.outcomes(7), bench.isArmed]).toEqual([["inDoubt"], false]);
    bench.device.refuse = () => null;
    bench.device.coils.set(3, true);
    bench.run(200);
    expect([bench.device.coils.get(3), bench.isArmed]).toEqual([false, true]);
  });

  test("exception 11: the gateway heard nothing from it, so in doubt until it is read back", () => {
    const bench = refusing(11);
    bench.run(5);
    expect([bench.outcomes(7), bench.isArmed]).toEqual([["inDoubt"], false]);
    bench.run(100);
    expect(bench.isArmed).toBe(true);
  });

  test("a busy device takes a withdrawal later", () => {
    const bench = armed(drive);
    bench.permit(7);
    bench.run(5);
    let refusals = 0;
    bench.device.refuse = (request) => {
      if (request.kind !== "writeCoil" || request.on || refusals > 2) return null;
      refusals += 1;
      return 6;
    };
    bench.input({ kind: "withdraw", id: 8, gateId: "g", voidUpTo: 7 });
    bench.run(50);
    expect(bench.device.coils.get(3)).toBe(false);
    const told = bench.events.flatMap((event) => (event.kind === "withdrawal" ? [event.outcome] : []));
    expect(told).toEqual(["inDoubt", "done"]);
  });
});

test("a read that spans an address which is not there is cut, and the connection stays", () => {
  const bench = new Bench({
    wiring: {
      ...gates({ kind: "coil", coil: 3, homeInput: 0 }),
      signals: [
        { id: "a", input: 2 },
        { id: "b", input: 90 },
      ],
    },
  });
  bench.device.refuse = (request) =>
    request.kind === "readInputs" && request.address <= 40 && request.address + request.count > 40 ? 2 : null;
  bench.device.inputs.set(90, true);
  bench.run(100);
  expect(bench.isArmed).toBe(true);
  expect(bench.machine.health().reconnects).toBe(0);
  expect(bench.events).toContainEqual({ kind: "signal", inputId: "b", value: true });
});
