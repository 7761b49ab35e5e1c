// The Modbus client against a server that was written by others: every function code, the limits, and refusals.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ModbusAsker, type ModbusPlace, openAsker } from "../../drivers/buses/modbus-asker.ts";
import type { BusReply } from "../../drivers/buses/request.ts";
import { openPtyPair } from "./independent/pty-pair.ts";

/** Debian's packages are seen by the system's own Python only. */
const PYTHON = "/usr/bin/python3";
const SERVER = fileURLToPath(new URL("./independent/pymodbus-server.py", import.meta.url));
const UNIT = 7;

const has = (module: string): boolean => {
  try {
    execFileSync(PYTHON, ["-c", `import ${module}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** A suite that cannot run here says so by name, and passes. */
function leftOut(name: string, why: string): void {
  test(`${name}: left out here`, () => {
    process.stderr.write(`left out: ${name}, which needs ${why}\n`);
  });
}

interface Started {
  client: ModbusAsker;
  end: () => void;
}

/** The server may need a while to come up; it is there when it answers. */
async function whenThere(place: ModbusPlace): Promise<ModbusAsker> {
  for (;;) {
    const asker = await openAsker({ place, unit: UNIT, timeoutMs: 2000 }).catch(() => null);
    const reply = await asker?.ask({ kind: "readRegisters", address: 0, count: 1 }).catch(() => null);
    if (asker !== null && reply?.kind === "values") return asker;
    asker?.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function suite(name: string, start: () => Promise<Started>): void {
  describe(name, () => {
    let client: ModbusAsker;
    let end = (): void => {};
    beforeAll(async () => {
      const started = await start();
      client = started.client;
      end = started.end;
    }, 20_000);
    afterAll(() => end());
    const values = (...words: number[]): BusReply => ({ kind: "values", values: words });
    const written: BusReply = { kind: "written" };

    test("discrete inputs and input registers are read as they are", async () => {
      expect(await client.ask({ kind: "readInputs", address: 0, count: 16 })).toEqual(values(0b1001_0010_0100_1001));
      expect(await client.ask({ kind: "readInputs", address: 1, count: 3 })).toEqual(values(0b100));
      expect(await client.ask({ kind: "readRegisters", address: 5, count: 2 })).toEqual(values(1005, 1006));
    });

    test("as many registers as one read may bring come in one", async () => {
      const reply = await client.ask({ kind: "readRegisters", address: 0, count: 125 });
      expect(reply.kind === "values" && [reply.values.length, reply.values.at(-1)]).toEqual([125, 1124]);
    });

    test("a single coil and a single register are written and read back", async () => {
      expect(await client.ask({ kind: "writeCoil", address: 9, on: true })).toEqual(written);
      expect(await client.ask({ kind: "readCoils", address: 8, count: 3 })).toEqual(values(0b010));
      expect(await client.ask({ kind: "writeCoil", address: 9, on: false })).toEqual(written);
      expect(await client.ask({ kind: "readCoils", address: 9, count: 1 })).toEqual(values(0));
      expect(await client.ask({ kind: "writeRegister", address: 3, value: 0xabcd })).toEqual(written);
      expect(await client.ask({ kind: "readHolding", address: 3, count: 1 })).toEqual(values(0xabcd));
    });

    test("several coils and several registers are written in one request each", async () => {
      const on = Array.from({ length: 19 }, (_, index) => index % 2 === 0);
      expect(await client.ask({ kind: "writeCoils", address: 20, on })).toEqual(written);
      expect(await client.ask({ kind: "readCoils", address: 20, count: 19 })).toEqual(values(0x5555, 0b101));
      const words = Array.from({ length: 123 }, (_, index) => index * 500);
      expect(await client.ask({ kind: "writeRegisters", address: 40, values: words })).toEqual(written);
      expect(await client.ask({ kind: "readHolding", address: 40, count: 123 })).toEqual(values(...words));
    });

    test("an address that is not there is exception 02, and the next request is answered", async () => {
      const refused = { kind: "exception", code: 2 };
      expect(await client.ask({ kind: "readRegisters", address: 500, count: 1 })).toEqual(refused);
      expect(await client.ask({ kind: "writeCoil", address: 500, on: true })).toEqual(refused);
      expect(await client.ask({ kind: "readRegisters", address: 0, count: 1 })).toEqual(values(1000));
    });
  });
}

const server = (...args: string[]): ChildProcess =>
  spawn(PYTHON, [SERVER, ...args], { stdio: ["ignore", "ignore", "inherit"] });

async function freePort(): Promise<number> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

async function startTcp(): Promise<Started> {
  const port = await freePort();
  const child = server("tcp", String(port));
  const client = await whenThere({ host: "127.0.0.1", port });
  return {
    client,
    end: () => {
      client.close();
      child.kill("SIGKILL");
    },
  };
}

async function startRtu(): Promise<Started> {
  const pair = openPtyPair();
  const child = server("rtu", pair.ends[1]);
  const settings = { baud: 115_200, parity: "none", stopBits: 1 } as const;
  const client = await whenThere({ path: pair.ends[0], settings });
  return {
    client,
    end: () => {
      client.close();
      child.kill("SIGKILL");
      pair.close();
    },
  };
}

if (has("pymodbus")) suite("modbus-tcp against pymodbus", startTcp);
else leftOut("modbus-tcp against pymodbus", "python3-pymodbus");

if (has("pymodbus") && has("serial_asyncio")) suite("modbus-rtu against pymodbus", startRtu);
else leftOut("modbus-rtu against pymodbus", "python3-pymodbus and python3-serial-asyncio");
