// The wire under the PLC driver: what it makes of replies that are late, split, glued, foreign, wrong or no Modbus at all.
import { createServer, type Server, Socket } from "node:net";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModbusTcpPort } from "../../drivers/buses/modbus-port.ts";
import { ModbusWire } from "../../drivers/buses/modbus-wire.ts";
import type { BusReply, BusRequest } from "../../drivers/buses/request.ts";

/** A device that does nothing by itself: the test reads its requests and writes its bytes. */
class Puppet {
  socket: Socket | null = null;
  readonly requests: Buffer[] = [];
  connections = 0;
  lastEnd: "reset" | "closed" | null = null;
  readonly #server: Server;
  #onChange: () => void = () => {};

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.connections += 1;
      this.socket = socket;
      let bytes = Buffer.alloc(0);
      socket.on("data", (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        for (; bytes.length >= 6 && bytes.length >= 6 + bytes.readUInt16BE(4); this.#onChange()) {
          this.requests.push(bytes.subarray(0, 6 + bytes.readUInt16BE(4)));
          bytes = bytes.subarray(6 + bytes.readUInt16BE(4));
        }
      });
      socket.on("error", (error: NodeJS.ErrnoException) => {
        this.lastEnd = error.code === "ECONNRESET" ? "reset" : null;
      });
      socket.on("close", () => {
        this.lastEnd ??= "closed";
        this.#onChange();
      });
    });
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => resolve((this.#server.address() as { port: number }).port));
    });
  }

  until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onChange = () => isTrue() && resolve();
    });
  }

  /** The reply to request number `index` of this test: its header, then these bytes after the unit. */
  reply(index: number, pdu: readonly number[], o: { unit?: number } = {}): Buffer {
    const request = this.requests[index];
    if (request === undefined) throw new Error(`no request ${index}`);
    const head = Buffer.from([request[0] ?? 0, request[1] ?? 0, 0, 0, 0, pdu.length + 1, o.unit ?? request[6] ?? 0]);
    return Buffer.concat([head, Buffer.from(pdu)]);
  }

  async close(): Promise<void> {
    this.socket?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let puppet: Puppet;
let wire: ModbusWire;
let replies: { tag: number; reply: BusReply }[];
let ends: string[];
let onChange: () => void;

const until = (isTrue: () => boolean): Promise<void> =>
  isTrue()
    ? Promise.resolve()
    : new Promise((resolve) => {
        onChange = () => isTrue() && resolve();
      });

beforeEach(async () => {
  puppet = new Puppet();
  replies = [];
  ends = [];
  onChange = () => {};
  let isConnected = false;
  const port = await puppet.listen();
  wire = new ModbusWire({
    unit: 9,
    transport: ({ ended }) => new ModbusTcpPort({ host: "127.0.0.1", port, onEnded: ended }),
    events: {
      missed: (_, why) => ends.push(why),
      connected: () => {
        isConnected = true;
        onChange();
      },
      reply: (tag, reply) => {
        replies.push({ tag, reply });
        onChange();
      },
      ended: (why) => {
        ends.push(why);
        onChange();
      },
    },
  });
  wire.connect();
  await until(() => isConnected);
});

afterEach(async () => {
  wire.reset();
  await puppet.close();
});

const register: BusRequest = { kind: "readRegisters", address: 7, count: 1 };
const send = async (...requests: BusRequest[]): Promise<void> => {
  const before = puppet.requests.length;
  for (const [index, request] of requests.entries()) wire.send(before + index, request);
  await puppet.until(() => puppet.requests.length === before + requests.length);
};
const values = (tag: number, ...words: number[]) => ({ tag, reply: { kind: "values", values: words } });

test("each request is on the wire as the specification writes it, with the unit of the configuration", async () => {
  await send(
    { kind: "readCoils", address: 1, count: 3 },
    { kind: "readInputs", address: 0x10, count: 16 },
    { kind: "readHolding", address: 2, count: 2 },
    { kind: "readRegisters", address: 0x1234, count: 125 },
    { kind: "writeCoil", address: 5, on: true },
    { kind: "writeCoil", address: 5, on: false },
    { kind: "writeRegister", address: 6, value: 0xabcd },
    { kind: "writeRegisters", address: 7, values: [1, 0xffff] },
    { kind: "writeCoils", address: 8, on: [true, false, true, false, false, false, false, false, true] },
  );
  expect(puppet.requests.map((request) => request.subarray(4).toString("hex"))).toEqual([
    "0006" + "09" + "0100010003",
    "0006" + "09" + "0200100010",
    "0006" + "09" + "0300020002",
    "0006" + "09" + "041234007d",
    "0006" + "09" + "050005ff00",
    "0006" + "09" + "0500050000",
    "0006" + "09" + "060006abcd",
    "000b" + "09" + "10000700020400" + "01ffff",
    "0009" + "09" + "0f0008000902" + "0501",
  ]);
});

test("a request is handed to the system before send returns", () => {
  const written: string[] = [];
  const before = Socket.prototype.write;
  Socket.prototype.write = function (this: Socket, bytes: Uint8Array) {
    written.push(Buffer.from(bytes).toString("hex"));
    return before.call(this, bytes);
  } as typeof before;
  try {
    wire.send(1, { kind: "writeCoil", address: 5, on: true });
    expect(written).toEqual(["000100000006" + "09" + "050005ff00"]);
  } finally {
    Socket.prototype.write = before;
  }
});

test("replies are read whichever way their bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 21 }), { maxLength: 6 }), async (cuts) => {
      const first = puppet.requests.length;
      await send(register, register);
      const bytes = Buffer.concat([puppet.reply(first, [4, 2, 0, 11]), puppet.reply(first + 1, [4, 2, 0, 22])]);
      const seen = replies.length;
      let at = 0;
      for (const cut of [...cuts].sort((a, b) => a - b)) {
        puppet.socket?.write(bytes.subarray(at, cut));
        at = Math.max(at, cut);
        await new Promise((resolve) => setImmediate(resolve));
      }
      puppet.socket?.write(bytes.subarray(at));
      await until(() => replies.length === seen + 2);
      expect(replies.slice(seen)).toEqual([values(first, 11), values(first + 1, 22)]);
    }),
    { numRuns: 60 },
  );
  expect(ends).toEqual([]);
});

test("bits come as words, the first in bit 0", async () => {
  await send({ kind: "readInputs", address: 0, count: 24 });
  puppet.socket?.write(puppet.reply(0, [2, 3, 0x05, 0x80, 0x01]));
  await until(() => replies.length > 0);
  expect(replies).toEqual([values(0, 0x8005, 0x0001)]);
});

test("an exception is an answer, and the connection lives on", async () => {
  await send({ kind: "writeCoil", address: 5, on: true }, register);
  puppet.socket?.write(Buffer.concat([puppet.reply(0, [0x85, 4]), puppet.reply(1, [4, 2, 0, 1])]));
  await until(() => replies.length === 2);
  expect(replies[0]).toEqual({ tag: 0, reply: { kind: "exception", code: 4 } });
});

test("a reply that comes late, after 300 other requests, is nobody else's", async () => {
  await send(register);
  for (let i = 1; i <= 300; i += 1) {
    await send(register);
    puppet.socket?.write(puppet.reply(i, [4, 2, 0, 1]));
    await until(() => replies.length === i);
  }
  await send(register);
  puppet.socket?.write(Buffer.concat([puppet.reply(0, [4, 2, 0, 99]), puppet.reply(301, [4, 2, 0, 2])]));
  await until(() => replies.length === 301);
  expect(replies.at(-1)).toEqual(values(301, 2));
  expect(replies.some(({ tag }) => tag === 0)).toBe(false);
});

test.each<[string, BusRequest, number[]]>([
  ["a coil with another state", { kind: "writeCoil", address: 5, on: true }, [5, 0, 5, 0, 0]],
  ["a coil with another address", { kind: "writeCoil", address: 5, on: true }, [5, 0, 6, 0xff, 0]],
  ["a register with another value", { kind: "writeRegister", address: 5, value: 7 }, [6, 0, 5, 0, 8]],
  ["coils with another count", { kind: "writeCoils", address: 5, on: [true, true] }, [15, 0, 5, 0, 1]],
  ["registers with another count", { kind: "writeRegisters", address: 5, values: [1, 2] }, [16, 0, 5, 0, 1]],
])("an echo of %s is no confirmation: the connection is reset", async (_, request, echo) => {
  await send(request);
  puppet.socket?.write(puppet.reply(0, echo));
  await until(() => ends.length > 0);
  await puppet.until(() => puppet.lastEnd !== null);
  expect(replies).toEqual([]);
  expect(puppet.lastEnd).toBe("reset");
});

test.each<[string, (p: Puppet) => Buffer]>([
  ["another unit's", (p) => p.reply(0, [4, 2, 0, 1], { unit: 8 })],
  ["of another function code", (p) => p.reply(0, [3, 2, 0, 1])],
  ["too short", (p) => p.reply(0, [4, 1, 0])],
  ["counting more bytes than it has", (p) => p.reply(0, [4, 4, 0, 1])],
  ["counting fewer bytes than it has", (p) => p.reply(0, [4, 0, 0, 1])],
  ["of another protocol", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ["of an impossible length", () => Buffer.from([0, 1, 0, 0, 0xff, 0xff, 9, 4, 2, 0, 1])],
])("a reply that is %s ends the connection by reset, once", async (_, bytes) => {
  await send(register);
  puppet.socket?.write(bytes(puppet));
  await until(() => ends.length > 0);
  await puppet.until(() => puppet.lastEnd !== null);
  expect(replies).toEqual([]);
  expect(ends).toHaveLength(1);
  expect(puppet.lastEnd).toBe("reset");
});

test("a device that closes, and one that is not there, end the attempt once", async () => {
  puppet.socket?.end();
  await until(() => ends.length > 0);
  await puppet.close();
  wire.connect();
  await until(() => ends.length > 1);
  expect(ends[0]).toBe("closed by the device");
  expect(ends[1]).toContain("ECONNREFUSED");
  expect(ends).toHaveLength(2);
});
