// The wired rig alone: a hand on its permit relays instead of a controller, bytes from its scanner, customs' lines.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import ModbusRTU from "modbus-serial";
import { SerialPort } from "serialport";
import { afterEach, expect, test, vi } from "vitest";
import { localiseSite } from "../../simulators/wired/localise-site.ts";
import { type Rig, type RigOptions, startRig } from "../../simulators/wired/rig.ts";
import { loadSite } from "../../src/config/load.ts";
import { handOn } from "./rig-hand.ts";

const SITE = fileURLToPath(new URL("../../config/sites/common-line", import.meta.url));

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

function site() {
  const loaded = loadSite(SITE);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.site;
}

async function rigFor(options: Partial<RigOptions> = {}): Promise<Rig> {
  const rig = await startRig({ site: site(), startAfterMs: 50, ...options });
  undo.push(() => rig.stop());
  return rig;
}

/** Holds both relays of the permits' device. */
async function handOnPermits(rig: Rig): Promise<void> {
  const hand = await handOn(rig, "permits");
  undo.push(hand.letGo);
  for (const relay of [0, 1]) hand.hold(relay, true);
}

/** A gateway that acknowledges every line; the first request is turned away. */
async function gateway(): Promise<{ port: number; lines: { kind: string; waybill?: string }[]; turnedAway: number }> {
  const seen = { port: 0, lines: [] as { kind: string; waybill?: string }[], turnedAway: 0 };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      if (seen.turnedAway === 0) {
        seen.turnedAway += 1;
        response.writeHead(503).end();
        return;
      }
      const lines = body.split("\n").filter((line) => line !== "");
      for (const line of lines) seen.lines.push(JSON.parse(line) as { kind: string });
      response.end(JSON.stringify({ applied: lines.length, unchanged: 0, rejected: [] }));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  seen.port = (server.address() as AddressInfo).port;
  undo.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return seen;
}

function listenTo(path: string): { text: string } {
  const heard = { text: "" };
  const port = new SerialPort({ path, baudRate: 115_200 });
  port.on("data", (chunk: Buffer) => {
    heard.text += chunk.toString("latin1");
  });
  port.on("error", () => undefined); // Unplugging is an error to whoever reads.
  undo.push(() => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())));
  return heard;
}

test("with the permits held and nothing else done, every parcel is read, spoken of, and ends at the safe end", async () => {
  const rig = await rigFor({ parcels: 4 });
  const customs = await gateway();
  const heard = listenTo(rig.addresses.scanners["scan1"] ?? "");
  await rig.connectFeed({ host: "127.0.0.1", port: customs.port, token: null });
  await rig.feedAcknowledged();
  expect(customs.turnedAway).toBe(1);
  await handOnPermits(rig);
  await rig.startTraffic();
  await rig.finished();

  const truth = await rig.truth();
  expect(truth.parcels).toHaveLength(4);
  for (const parcel of truth.parcels) {
    expect(parcel.end).toMatchObject({ kind: "chute", chuteId: "abnormal" });
    const codes = parcel.reads.flatMap((read) => read.codes);
    for (const code of codes) expect(heard.text).toContain(`]C0${code}`);
    for (const { says, acknowledgedNs, sentNs } of parcel.statements) {
      expect(acknowledgedNs).toBeGreaterThanOrEqual(sentNs as number);
      expect(customs.lines).toContainEqual(expect.objectContaining({ kind: says.kind, waybill: says.waybill }));
    }
  }
  const { telegrams } = await rig.records();
  expect(telegrams.map(({ parcelId }) => parcelId)).toEqual(truth.parcels.map(({ id }) => id));
  expect(customs.lines.some(({ kind }) => kind === "heartbeat")).toBe(true);
});

test("faults by name: a frozen device loses its outputs and the belt stops until it is back; a scanner comes back", async () => {
  const rig = await rigFor({ ioWatchdogMs: 100 });
  await handOnPermits(rig);
  const state = async () => {
    const { belts, devices } = await rig.status();
    return { driven: belts[0]?.driven, fallen: devices.find(({ id }) => id === "permits")?.outputsFallen };
  };
  await vi.waitFor(async () => expect(await state()).toEqual({ driven: true, fallen: false }), { timeout: 10_000 });
  await rig.inject({ kind: "freeze", deviceId: "permits", forNs: 500e6 });
  await vi.waitFor(async () => expect(await state()).toEqual({ driven: false, fallen: true }), { timeout: 10_000 });
  await vi.waitFor(async () => expect(await state()).toEqual({ driven: true, fallen: false }), { timeout: 10_000 });

  const link = rig.addresses.scanners["scan1"] ?? "";
  await rig.inject({ kind: "unplug", scannerId: "scan1", forNs: 300e6 });
  expect(existsSync(link)).toBe(false);
  await vi.waitFor(() => expect(existsSync(link)).toBe(true), { timeout: 10_000 });
  await expect(rig.inject({ kind: "freeze", deviceId: "nobody", forNs: 1e6 })).rejects.toThrow(/no device nobody/);
});

test("a device that loses its power drops its connections, and counts from 0 when it is back where it was", async () => {
  const rig = await rigFor();
  const { host = "", port = 0 } = rig.addresses.devices["plc1"] ?? {};
  const countedMm = async (): Promise<number> => {
    const client = new ModbusRTU.default();
    await client.connectTCP(host, { port });
    try {
      client.setID(1);
      client.setTimeout(2000);
      const { data } = await client.readInputRegisters(2, 2);
      return (data[0] ?? 0) * 2 ** 16 + (data[1] ?? 0);
    } finally {
      client.close(() => undefined);
    }
  };
  expect(await countedMm()).toBeGreaterThan(2 ** 31);
  await rig.inject({ kind: "reboot", deviceId: "plc1", forNs: 300e6 });
  await expect(countedMm()).rejects.toThrow(/ECONNREFUSED/);
  await vi.waitFor(async () => expect(await countedMm()).toBe(0), { timeout: 10_000 });
});

test("when whoever started the rig is killed, nothing of it is left", async () => {
  const modules = new URL("../../", import.meta.url).href;
  const script = `
    import { startRig } from "${modules}simulators/wired/rig.ts";
    import { loadSite } from "${modules}src/config/load.ts";
    const loaded = loadSite(${JSON.stringify(SITE)});
    const rig = await startRig({ site: loaded.site });
    console.log(JSON.stringify(rig.addresses));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
  const { devices, scanners } = JSON.parse(line) as Rig["addresses"];
  parent.kill("SIGKILL");
  const isGone = (port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(false));
      socket.once("error", () => resolve(true));
      socket.once("connect", () => socket.destroy());
    });
  for (const { port } of Object.values(devices)) {
    await vi.waitFor(async () => expect(await isGone(port)).toBe(true), { timeout: 10_000 });
  }
  await vi.waitFor(() => expect(existsSync(scanners["scan1"] ?? "")).toBe(false), { timeout: 10_000 });
  rmSync(join(scanners["scan1"] ?? "", ".."), { recursive: true, force: true });
});

test("a rate that the belt cannot carry, and an address that is taken, are refused and leave nothing behind", async () => {
  await expect(startRig({ site: site(), perHour: 20_000 })).rejects.toThrow(/at most 10000 an hour/);
  const rig = await rigFor();
  const taken = rig.addresses.devices["plc1"]?.port ?? 0;
  const line = { ...site().line, devices: site().line.devices.map((device) => ({ ...device, port: taken })) };
  await expect(startRig({ site: { ...site(), line }, ports: "site" })).rejects.toThrow();
});

test("a localised site has the rig's addresses, keeps its comments, and is still a good site", async () => {
  const rig = await rigFor();
  const folder = mkdtempSync(join(tmpdir(), "coline-site-"));
  undo.push(() => rmSync(folder, { recursive: true }));
  localiseSite(SITE, join(folder, "site"), { ...rig.addresses, dataFolder: join(folder, "data"), gatewayPort: 0 });
  const local = loadSite(join(folder, "site"));
  if (!local.ok) throw new Error(JSON.stringify(local.problems));
  const { line, dataFolder, gateway: api } = local.site;
  expect(dataFolder).toBe(join(folder, "data"));
  expect(api.api).toMatchObject({ host: "127.0.0.1", port: 0 });
  for (const device of line.devices) expect(device).toMatchObject(rig.addresses.devices[device.id] ?? {});
  expect(line.scanners.map((scanner) => (scanner.driver === "serial" ? scanner.path : scanner.host))).toEqual(
    Object.values(rig.addresses.scanners),
  );
  expect(local.site.line.belts).toEqual(site().line.belts);
  expect(() =>
    localiseSite(SITE, join(folder, "other"), {
      devices: { plc9: { host: "127.0.0.1", port: 1 } },
      scanners: {},
      dataFolder: "data",
      gatewayPort: 0,
    }),
  ).toThrow(/no "plc9" among its devices/);
});
