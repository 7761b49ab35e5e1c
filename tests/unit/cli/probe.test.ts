// The command `coline probe modbus`: what it reads and prints, and what it refuses.
import { afterEach, beforeEach, expect, test } from "vitest";
import { exception, type PlcReply, type PlcRequest } from "../../../simulators/wired/plc/request.ts";
import { ModbusServer } from "../../../simulators/wired/plc/server.ts";
import { run } from "../../../src/cli/commands/probe.ts";
import { changesOf } from "../../../src/cli/map-report.ts";
import { caughtConsole } from "./caught-console.ts";

const said = caughtConsole();
let asked: PlcRequest[] = [];
let server: ModbusServer;
let port: string;

/** Input registers 4..9 and 20..29 hold their own address, coil 3 is on, holding registers are not there. */
function serve(request: PlcRequest): PlcReply {
  asked.push(request);
  const { address } = request;
  const count = "count" in request ? request.count : 0;
  const isInside = (from: number, until: number): boolean => address >= from && address + count <= until;
  switch (request.kind) {
    case "readRegisters":
      if (!isInside(4, 10) && !isInside(20, 30)) return exception(2);
      return { kind: "values", values: Array.from({ length: count }, (_, index) => address + index) };
    case "readCoils":
      return isInside(0, 8) ? { kind: "values", values: [address <= 3 ? (1 << 3) >> address : 0] } : exception(2);
    case "readInputs":
      return exception(1);
    default:
      return exception(2);
  }
}

beforeEach(async () => {
  asked = [];
  server = new ModbusServer({ host: "127.0.0.1", port: 0, unit: 1, serve });
  port = String(await server.listen());
});
afterEach(() => server.cut());

test("which addresses can be read and what is not 0 there, table by table, with reads alone", async () => {
  expect(await run(["modbus", "127.0.0.1", "--port", port, "--count", "40"])).toBe(0);
  expect(said.out).toBe(
    [
      "coils: 0..7 can be read",
      "      3  on",
      "",
      "discreteInputs: function not supported",
      "",
      "holdingRegisters: nothing can be read",
      "",
      "inputRegisters: 4..9, 20..29 can be read",
      ...[4, 5, 6, 7, 8, 9, ...Array.from({ length: 10 }, (_, index) => 20 + index)].map(
        (value) => `  ${String(value).padStart(5)}  0x${value.toString(16).padStart(4, "0")}  ${value}`,
      ),
      "",
      "",
    ]
      .join("\n")
      .replace(/\n$/, ""),
  );
  expect(asked.every((request) => "count" in request)).toBe(true);
});

test("as JSON, of one table", async () => {
  expect(
    await run([
      "modbus",
      "127.0.0.1",
      "--port",
      port,
      "--table",
      "inputRegisters",
      "--from",
      "8",
      "--count",
      "4",
      "--json",
    ]),
  ).toBe(0);
  expect(JSON.parse(said.out)).toEqual({
    inputRegisters: { kind: "map", stretches: [{ address: 8, values: [8, 9] }] },
  });
});

test("nobody there, and nobody who answers: exit code 1 and why", async () => {
  await server.cut();
  expect(await run(["modbus", "127.0.0.1", "--port", port, "--timeout-ms", "500"])).toBe(1);
  await server.listen();
  server.faults.deaf = true;
  expect(await run(["modbus", "127.0.0.1", "--port", port, "--timeout-ms", "60"])).toBe(1);
  expect(said.err).toMatch(/no reply within 60 ms/);
});

test("used wrongly: no host, a protocol or table that is none, a number that is none, two ways at once", async () => {
  for (const wrong of [
    [],
    ["modbus"],
    ["profinet", "127.0.0.1"],
    ["modbus", "127.0.0.1", "--table", "registers"],
    ["modbus", "127.0.0.1", "--port", "many"],
    ["modbus", "127.0.0.1", "--watch", "--json"],
    ["modbus", "/dev/null", "--parity", "mark"],
  ])
    expect(await run(wrong), wrong.join(" ")).toBe(2);
  expect(asked).toEqual([]);
});

test("what has changed is told address by address", () => {
  const map = (values: number[]) => ({ kind: "map" as const, stretches: [{ address: 5, values }] });
  const before = new Map([
    ["coils", map([0, 1])],
    ["inputRegisters", map([1, 2])],
  ] as const);
  const now = new Map([
    ["coils", map([1, 1])],
    ["inputRegisters", map([1, 255])],
  ] as const);
  expect(changesOf(before, now, new Date(0))).toBe(
    "1970-01-01T00:00:00.000Z  coils 5: off -> on\n" +
      "1970-01-01T00:00:00.000Z  inputRegisters 6: 0x0002 2 -> 0x00ff 255\n",
  );
});
