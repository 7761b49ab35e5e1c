// A simulated PLC at the end of a serial line, asked by a Modbus client that is none of ours.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ModbusRTU from "modbus-serial";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { PlcProcess } from "../../simulators/wired/plc/process.ts";
import { plan, TestWorld } from "./small-plant.ts";

const folder = mkdtempSync(join(tmpdir(), "coline-serial-unit-"));
const path = join(folder, "io-b");
const BAUD = 19_200;
const TIMEOUT_MS = 400;

let world: TestWorld;
let plc: PlcProcess;
let client: ModbusRTU.default;

beforeAll(async () => {
  world = new TestWorld();
  plc = await PlcProcess.start(
    plan({ serial: { path, baud: BAUD, bitsPerCharacter: 11 }, watchdog: null }),
    world.image.path,
  );
  client = new ModbusRTU.default();
  await client.connectRTUBuffered(path, { baudRate: BAUD, parity: "even" });
  client.setID(1);
  client.setTimeout(TIMEOUT_MS);
}, 20_000);
afterEach(async () => {
  plc.thaw();
  await plc.slow(0);
  await plc.restore();
  client.setTimeout(TIMEOUT_MS);
  // A reply that came too late for its own request is not taken for the next one's.
  await vi.waitFor(async () => expect(await count()).toBe(world.count), { timeout: 5000 });
});
afterAll(async () => {
  await new Promise((resolve) => client.close(() => resolve(null)));
  await plc.stop();
  world.close();
  rmSync(folder, { recursive: true, force: true });
});

const count = async (): Promise<number> => {
  const { data } = await client.readInputRegisters(2, 2);
  return (data[0] ?? 0) * 2 ** 16 + (data[1] ?? 0);
};

test("answers its own address with what its terminals say, at the pace of its line", async () => {
  world.count = 70_000;
  await vi.waitFor(async () => expect(await count()).toBe(70_000));
  const beganMs = performance.now();
  await client.readInputRegisters(0, 60);
  // 8 bytes out and 125 back, 11 bits each.
  expect(performance.now() - beganMs).toBeGreaterThan((133 * 11 * 1000) / BAUD - 1);
});

test("says nothing to another address", async () => {
  client.setID(2);
  await expect(count()).rejects.toThrow(/timed? ?out/i);
  client.setID(1);
  expect(await count()).toBe(70_000);
});

test("hears nothing while its cable is out, and carries out nothing of it when it is back", async () => {
  await plc.arrivals();
  await plc.cut();
  await expect(client.writeCoil(0, true)).rejects.toThrow(/timed? ?out/i);
  expect(existsSync(path)).toBe(true);
  await plc.restore();
  expect(await count()).toBe(70_000);
  expect((await plc.arrivals()).arrivals).toEqual([]);
});

test("that stands carries out what lay on its line when it goes on", async () => {
  await plc.arrivals();
  plc.freeze();
  client.setTimeout(50);
  await expect(client.writeCoil(0, true)).rejects.toThrow(/timed? ?out/i);
  plc.thaw();
  await vi.waitFor(async () =>
    expect((await plc.arrivals()).arrivals).toMatchObject([{ gateId: "plain", verdict: 1 }]),
  );
});

test("that is slow answers late", async () => {
  await plc.slow(150);
  const beganMs = performance.now();
  await count();
  expect(performance.now() - beganMs).toBeGreaterThan(150);
});

test("that ends takes its port with it", async () => {
  const other = join(folder, "other");
  const image = new TestWorld();
  const short = await PlcProcess.start(
    plan({ serial: { path: other, baud: BAUD, bitsPerCharacter: 11 } }),
    image.image.path,
  );
  expect(existsSync(other)).toBe(true);
  await short.stop();
  image.close();
  expect(existsSync(other)).toBe(false);
});
