// Faults of the line itself on the wired rig: a gate that sticks, seen in the swings of its world, and a telegram that is held back on its wire.
import { fileURLToPath } from "node:url";
import { SerialPort } from "serialport";
import { afterEach, expect, test, vi } from "vitest";
import { type Rig, type RigOptions, startRig } from "../../simulators/wired/rig.ts";
import { loadSite, type Site } from "../../src/config/load.ts";
import { handOn } from "./rig-hand.ts";

const MS = 1_000_000;
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

async function rigOf(name: string, options: Partial<RigOptions> = {}): Promise<Rig> {
  const loaded = loadSite(fileURLToPath(new URL(`../../config/sites/${name}`, import.meta.url)));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { site } = loaded;
  const rig = await startRig({ site: { ...site, line: patient(site.line) }, startAfterMs: 50, ...options });
  undo.push(() => rig.stop());
  return rig;
}

/** Its devices wait for a hand that a busy machine holds up. */
const patient = (line: Site["line"]): Site["line"] => ({
  ...line,
  devices: line.devices.map((device) => ({
    ...device,
    ...(device.watchdog?.kind === "echo" ? { watchdog: { ...device.watchdog, timeoutMs: 5000 } } : {}),
  })) as Site["line"]["devices"],
});

async function hand(rig: Rig, deviceId: string) {
  const on = await handOn(rig, deviceId);
  undo.push(on.letGo);
  return on;
}

test("a gate that is to stick comes out, and stays out for its time though its coil is off; the next time it goes home", async () => {
  const rig = await rigOf("plain-coils", { ioWatchdogMs: 5000 });
  const io = await hand(rig, "io-a");
  const swings = async () => (await rig.truth()).swings.filter(({ gateId }) => gateId === "a1");
  /** Out, let go as soon as the world has seen it out, and home again. */
  const outAndHome = async (nth: number): Promise<number> => {
    io.hold(0, true);
    await vi.waitFor(async () => expect(await swings()).toHaveLength(nth), { timeout: 10_000 });
    io.hold(0, false);
    await vi.waitFor(async () => expect((await swings()).at(-1)?.untilNs).not.toBeNull(), { timeout: 10_000 });
    const { fromNs = 0, untilNs = null } = (await swings()).at(-1) ?? {};
    return ((untilNs ?? 0) - fromNs) / MS;
  };
  // A swing is counted from half way out to half way home, 100 ms in all; to stick it has to come out whole.
  await rig.inject({ kind: "stuckGate", beltId: "belt-a", gateId: "a1", forNs: 1500 * MS });
  expect(await outAndHome(1)).toBeGreaterThanOrEqual(1500);
  expect(await outAndHome(2)).toBeLessThan(1500);
});

test("a telegram that is held back comes whole, so much later, and behind that of the next parcel; the others are in time", async () => {
  const rig = await rigOf("common-line", {
    parcels: 3,
    perHour: 6000,
    traffic: { noReadShare: 0, secondCodeShare: 0 },
  });
  const port = new SerialPort({ path: rig.addresses.scanners["scan1"] ?? "", baudRate: 115_200 });
  let heard = "";
  port.on("data", (chunk: Buffer) => {
    heard += chunk.toString("latin1");
  });
  undo.push(() => new Promise<void>((resolve) => port.close(() => resolve())));
  await rig.inject({ kind: "lateTelegram", scannerId: "scan1", byNs: 900 * MS });
  const permits = await hand(rig, "permits");
  for (const relay of [0, 1]) permits.hold(relay, true);
  // A belt that gathers way carries its first parcel for longer.
  await vi.waitFor(async () => expect((await rig.status()).belts[0]?.speedUmPerS).toBe(2_000_000), { timeout: 10_000 });
  await rig.startTraffic();
  await rig.finished();

  const { telegrams, befallen } = await rig.records();
  expect(befallen).toEqual({ lateTelegram: 1 });
  const { parcels } = await rig.truth();
  const [first, second, third] = parcels;
  expect(telegrams.map(({ parcelId }) => parcelId)).toEqual([second?.id, first?.id, third?.id]);
  const rodeMs = (parcelId = ""): number => {
    const fedNs = parcels.find(({ id }) => id === parcelId)?.fedNs ?? 0;
    return ((telegrams.find((one) => one.parcelId === parcelId)?.lastByteNs ?? 0) - fedNs) / MS;
  };
  // The belt runs at one speed: what one telegram needs from the parcel's coming to its last byte, every one needs.
  const [usual, held] = [rodeMs(third?.id), rodeMs(first?.id)];
  expect(rodeMs(second?.id)).toBeCloseTo(usual, -2);
  expect(held - usual).toBeGreaterThan(800);
  expect(held - usual).toBeLessThan(1000);
  const at = (id = ""): number => heard.indexOf(`]C0${parcels.find((one) => one.id === id)?.waybill}`);
  expect(
    [at(second?.id), at(first?.id), at(third?.id)].every((place, index, all) => place > (all[index - 1] ?? -1)),
  ).toBe(true);
});
