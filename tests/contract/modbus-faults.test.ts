// What devices and networks do in the field, against a simulated PLC: refusals, late and wrong replies, half-open connections, a reboot.
import { afterEach, describe, expect, test } from "vitest";
import { openModbusPlc } from "../../drivers/buses/modbus-plc.ts";
import type { GatePermit, PlcPort } from "../../drivers/buses/port.ts";
import { PlcProgram } from "../../simulators/wired/plc/program.ts";
import { exception, type PlcRequest } from "../../simulators/wired/plc/request.ts";
import { ModbusServer } from "../../simulators/wired/plc/server.ts";
import { openImage } from "../../simulators/wired/process-image.ts";
import type { HeardEvents } from "./heard-events.ts";
import { device } from "./modbus-rig.ts";
import { openedPlc } from "./plc-rig.ts";
import { nowNs, plan, TestWorld, wiring } from "./small-plant.ts";

interface Rig {
  plc: PlcPort;
  heard: HeardEvents;
  world: TestWorld;
  server: ModbusServer;
  /** Answers commands with this exception, carried out or not; null: as it should. */
  refuse: (code: number | null, o?: { isDone: boolean }) => void;
  /** The PLC loses its outputs and all that it knew, and its connections with them. */
  reboot: () => Promise<void>;
}

let ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

const isCommand = ({ kind }: PlcRequest): boolean => kind === "writeCoil" || kind === "writeRegisters";

async function armed(): Promise<Rig> {
  const world = new TestWorld();
  ends.push(() => world.close());
  const terminals = openImage(world.image.path);
  let program = new PlcProgram({ plan: plan(), terminals });
  let refusal: { code: number; isDone: boolean } | null = null;
  const serve = (request: PlcRequest) => {
    if (refusal === null || !isCommand(request)) return program.serve(request, nowNs());
    if (refusal.isDone) program.serve(request, nowNs());
    return exception(refusal.code);
  };
  const server = new ModbusServer({ host: "127.0.0.1", port: 0, unit: 1, serve });
  const scan = setInterval(() => program.scan(nowNs()), 1);
  const port = await server.listen();
  ends.push(async () => {
    clearInterval(scan);
    await server.cut();
  });
  const { plc, heard, close } = openedPlc(openModbusPlc({ device: device(port), wiring, nowNs }));
  ends.push(close);
  await heard.until(() => heard.isArmed);
  return {
    ...{ plc, heard, world, server },
    refuse: (code, o = { isDone: false }) => {
      refusal = code === null ? null : { code, ...o };
    },
    async reboot() {
      await server.cut();
      program = new PlcProgram({ plan: plan(), terminals });
      for (const terminal of [0, 1, 2]) terminals.output(terminal, false);
      terminals.commit();
      await server.listen();
    },
  };
}

const plain = (id: number): GatePermit => ({
  ...{
    id,
    gateId: "plain",
    chuteId: "chute2",
    fromNs: nowNs(),
    untilNs: nowNs() + 1e9,
    window: null,
    maxOutMs: 60_000,
  },
});
const judged = ({ world }: Rig, id: number): GatePermit => ({
  ...plain(id),
  ...{ gateId: "judged", chuteId: "chute1" },
  window: { fromCount: world.count, untilCount: world.count + 100, homeAtCount: world.count + 300 },
});

describe("an exception in place of a command's reply", () => {
  test.each([1, 2, 3, 4, 6, 10])("%i: it was not done; refused, and armed again", async (code) => {
    const rig = await armed();
    rig.refuse(code);
    rig.plc.permit(plain(7));
    await rig.heard.until(() => rig.heard.outcomes(7).length > 0);
    expect(rig.heard.outcomes(7)).toEqual(["refused"]);
    rig.refuse(null);
    await rig.heard.until(() => rig.heard.isArmed);
    rig.plc.permit(plain(8));
    await rig.heard.until(() => rig.heard.outcomes(8).length > 0);
    expect(rig.heard.outcomes(8)).toEqual(["done"]);
  });

  test("5, and then it is carried out after all: in doubt, seen, and taken home", async () => {
    const rig = await armed();
    rig.refuse(5, { isDone: true });
    rig.plc.permit(plain(7));
    await rig.heard.until(() => rig.heard.outcomes(7).length > 0);
    expect(rig.heard.outcomes(7)).toEqual(["inDoubt"]);
    rig.refuse(null);
    await rig.heard.until(() => rig.heard.position("plain") === "out");
    await rig.heard.until(() => rig.heard.isArmed && rig.heard.position("plain") === "home");
  });

  test("11, from a gateway whose device did carry it out: in doubt, read back, and taken home", async () => {
    const rig = await armed();
    rig.refuse(11, { isDone: true });
    rig.plc.permit(plain(7));
    await rig.heard.until(() => rig.heard.outcomes(7).length > 0);
    expect(rig.heard.outcomes(7)).toEqual(["inDoubt"]);
    rig.refuse(null);
    await rig.heard.until(() => rig.heard.isArmed && rig.heard.position("plain") === "home");
    expect(rig.plc.health()).toMatchObject({ inDoubt: 0, reconnects: 0 });
  });
});

test("two replies in one segment, the late one of the command first: one outcome, and no connection lost", async () => {
  const rig = await armed();
  rig.heard.atLastLook = () => Object.assign(rig.server.faults, { coalesce: 2 });
  rig.plc.permit(judged(rig, 7));
  await rig.heard.until(() => rig.heard.outcomes(7).length > 0);
  rig.server.faults.coalesce = 0;
  await rig.heard.until(() => rig.heard.isArmed);
  expect(rig.heard.outcomes(7)).toHaveLength(1);
  expect(rig.plc.health()).toMatchObject({ inDoubt: 0, reconnects: 0 });
});

test("a half-open connection, in which nobody answers any more, is given up and opened anew", async () => {
  const rig = await armed();
  rig.server.faults.deaf = true;
  await rig.heard.until(() => !rig.heard.isConnected);
  rig.server.faults.deaf = false;
  await rig.heard.until(() => rig.heard.isArmed);
  expect(rig.plc.health().reconnects).toBeGreaterThan(0);
});

test("a reply with another unit's address ends the connection, and the command's doubt ends by its sequence", async () => {
  const rig = await armed();
  rig.heard.atLastLook = () => Object.assign(rig.server.faults, { wrongUnits: 1 });
  rig.plc.permit(judged(rig, 7));
  await rig.heard.until(() => rig.heard.outcomes(7).length > 0 && !rig.heard.isArmed);
  await rig.heard.until(() => rig.heard.isArmed);
  expect(rig.heard.outcomes(7)).toEqual(["inDoubt"]);
  expect(rig.plc.health().inDoubt).toBe(0);
});

test("a reply with another transaction's id is nobody's: counted, in doubt, and settled by the read-back", async () => {
  const rig = await armed();
  rig.heard.atLastLook = () => Object.assign(rig.server.faults, { wrongIds: 1 });
  rig.plc.permit(judged(rig, 7));
  await rig.heard.until(() => rig.heard.outcomes(7).length > 0 && !rig.heard.isArmed);
  await rig.heard.until(() => rig.heard.isArmed);
  expect(rig.heard.outcomes(7)).toEqual(["inDoubt"]);
  expect(rig.plc.health()).toMatchObject({ inDoubt: 0, reconnects: 0 });
  expect(rig.plc.health().strayBytes).toBeGreaterThan(0);
});

test("a PLC that reboots has lost its outputs: gates are home, permits are raised again, and it is armed anew", async () => {
  const rig = await armed();
  rig.plc.linePermit("run", true);
  rig.plc.permit(plain(7));
  await rig.heard.until(() => rig.heard.position("plain") === "out" && rig.world.isOn("run"));
  await rig.reboot();
  await rig.heard.until(() => !rig.heard.isArmed);
  await rig.heard.until(() => rig.heard.isArmed && rig.heard.position("plain") === "home");
  await rig.heard.until(() => rig.world.isOn("run"));
  rig.plc.permit(judged(rig, 8));
  await rig.heard.until(() => rig.heard.outcomes(8).length > 0);
  expect(rig.heard.outcomes(8)).toEqual(["done"]);
});
