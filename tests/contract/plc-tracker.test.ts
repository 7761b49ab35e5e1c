// The driver of a PLC that tracks against a simulated one in a process of its own: telegrams, verdicts, reports on real wires.
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openModbusPlc } from "../../drivers/buses/modbus-plc.ts";
import type { GatePermit } from "../../drivers/buses/port.ts";
import type { PlcWiring } from "../../drivers/inputs/wiring.ts";
import { PlcProcess } from "../../simulators/wired/plc/process.ts";
import { createImage, imageFolder } from "../../simulators/wired/process-image.ts";
import { device } from "./modbus-rig.ts";
import { openedPlc } from "./plc-rig.ts";
import { nowNs, plan } from "./small-plant.ts";

const [INDUCTION, END, OUT_EYE, OUT_GATE] = [0, 5, 6, 3];
const registers = { register: 200, status: 30, reports: 50, slots: 8 };
const tracked = plan({
  gates: [],
  tracker: {
    ...{ ...registers, encoder: 0, umPerCount: 1000 },
    induction: { terminal: INDUCTION, atUm: 200_000 },
    end: { terminal: END, atUm: 5_800_000 },
    gates: [
      {
        ...{ gateId: "g1", atUm: 3_000_000, sweptUm: 200_000, finalUm: 150_000, moveUm: 130_000 },
        chutes: [{ code: 1, terminal: OUT_GATE, eyeTerminal: OUT_EYE, slideMinNs: 0, slideMaxNs: 60e9 }],
      },
    ],
  },
});
const wiring: PlcWiring = {
  ...{ encoders: [{ id: "enc1", register: 2, bits: 32 }], eyes: [], signals: [], drives: [], linePermits: [] },
  gates: [{ id: "g1", drive: { kind: "destination", codes: { out: 1 }, finalMm: 150 } }],
  tracker: { ...registers, beltId: "b", codes: { out: 1 }, safeEndChuteId: "end" },
};

/** A belt that is moved by hand, and eyes that are covered by hand. */
class HandWorld {
  readonly image = createImage(
    join(imageFolder(), `coline-tracker-${process.pid}-${Math.random().toString(36).slice(2)}`),
  );
  count = 1000;
  readonly dark = new Set<number>();
  readonly #timer = setInterval(() => this.#step(), 1);

  constructor() {
    this.#step();
  }
  #step(): void {
    this.image.refresh();
    this.image.counter(0, this.count);
    for (const terminal of [INDUCTION, END, OUT_EYE]) this.image.input(terminal, this.dark.has(terminal));
    this.image.publish();
  }
  get isOut(): boolean {
    this.image.refresh();
    return this.image.output(OUT_GATE);
  }
  close(): void {
    clearInterval(this.#timer);
    this.image.close();
  }
}

async function openRig() {
  const world = new HandWorld();
  const sim = await PlcProcess.start(tracked, world.image.path);
  const driver = openedPlc(openModbusPlc({ device: device(sim.port), wiring, nowNs }));
  const close = async () => {
    await driver.close();
    await sim.stop();
    world.close();
  };
  return { ...driver, world, sim, close };
}

let rig: Awaited<ReturnType<typeof openRig>>;
afterEach(() => rig.close());

/** A parcel of 200 mm has come, and its tail has passed; answers with the PLC's number of it. */
async function withParcel(): Promise<number> {
  rig = await openRig();
  const { world, heard } = rig;
  await heard.until(() => heard.isArmed);
  world.dark.add(INDUCTION);
  await heard.until(() => heard.reports.some(({ kind }) => kind === "came"));
  world.count += 200;
  await heard.until(() => heard.samplesOf(world.count) > 0);
  world.dark.delete(INDUCTION);
  await heard.until(() => heard.reports.some(({ kind }) => kind === "passed"));
  const [came, passed] = heard.reports;
  expect(came).toEqual({ kind: "came", trackingId: expect.any(Number), count: 1000 });
  expect(passed).toMatchObject({ kind: "passed", count: 1200 });
  return came?.kind === "came" ? came.trackingId : 0;
}

const told = (id: number, trackingId: number, change: Partial<GatePermit> = {}): GatePermit => ({
  ...{ id, gateId: "g1", chuteId: "out", trackingId, fromNs: nowNs(), untilNs: nowNs() + 1e9, maxOutMs: 1 },
  window: { fromCount: 0, untilCount: rig.world.count + 2000, homeAtCount: 0 },
  ...change,
});

/** Said again with the same number, as the line core does, until the PLC has answered. */
async function tell(id: number, trackingId: number): Promise<void> {
  const { plc, heard } = rig;
  for (let copy = 0; copy < 20; copy += 1) {
    await heard.until(() => heard.isArmed);
    const before = heard.outcomes(id).length;
    plc.permit(told(id, trackingId));
    await heard.until(() => heard.outcomes(id).length > before);
    const outcome = heard.outcomes(id).at(-1);
    if (outcome !== "inDoubt" && outcome !== "notSent") return;
  }
}

/** What the PLC has said to a recall; in doubt, the driver asks again. */
const answersTo = (id: number): string[] =>
  rig.heard.withdrawals.flatMap((each) => (each.id === id && each.outcome !== "inDoubt" ? [each.outcome] : []));

test("a destination is looked at once and taken, its gate moves for the parcel, and its end is reported", async () => {
  const trackingId = await withParcel();
  const { world, plc, heard } = rig;
  plc.permit(told(7, trackingId));
  await heard.until(() => heard.outcomes(7).length > 0);
  expect([heard.outcomes(7), heard.lastLooks]).toEqual([["done"], [7]]);
  world.count += 2500;
  await expect.poll(() => world.isOut, { timeout: 8000 }).toBe(true);
  world.count += 150;
  await heard.until(() => heard.samplesOf(world.count) > 2);
  world.dark.add(OUT_EYE);
  await heard.until(() => heard.reports.some(({ kind }) => kind === "ended"));
  expect(heard.reports.at(-1)).toEqual({ kind: "ended", trackingId, how: "seen", chuteId: "out" });
});

test("a lost reply: the same number again is answered as before, and was acted upon once", async () => {
  const trackingId = await withParcel();
  const { sim, plc, heard } = rig;
  await sim.faults({ lostReplies: 1 });
  plc.permit(told(7, trackingId));
  await heard.until(() => heard.outcomes(7).length > 0);
  await tell(7, trackingId);
  expect(heard.outcomes(7).at(-1)).toBe("done");
  expect((await sim.arrivals()).arrivals.filter(({ sequence }) => sequence === 7)).toHaveLength(1);
});

test("a recall is taken, and the destination before it is stale from then on", async () => {
  const trackingId = await withParcel();
  const { plc, heard } = rig;
  await tell(7, trackingId);
  expect(heard.outcomes(7).at(-1)).toBe("done");
  plc.withdraw({ id: 9, gateId: "g1", voidUpTo: 7, trackingId });
  await heard.until(() => answersTo(9).length > 0);
  expect(answersTo(9)).toEqual(["done"]);
  await tell(7, trackingId);
  expect(heard.outcomes(7).at(-1)).toBe("refused");
});

test("past its last word the PLC takes neither destination nor recall", async () => {
  const trackingId = await withParcel();
  const { world, plc, heard } = rig;
  await tell(7, trackingId);
  world.count += 2500;
  await expect.poll(() => world.isOut, { timeout: 8000 }).toBe(true);
  plc.withdraw({ id: 9, gateId: "g1", voidUpTo: 7, trackingId });
  await heard.until(() => answersTo(9).length > 0);
  await tell(11, trackingId);
  await tell(12, trackingId + 50);
  expect([answersTo(9), heard.outcomes(11).at(-1), heard.outcomes(12).at(-1)]).toEqual([
    ["tooLate"],
    "tooLate",
    "unknownParcel",
  ]);
});

test("a frozen PLC that wakes: its watchdog has dropped the destination, and what its socket held moves nothing", async () => {
  const trackingId = await withParcel();
  const { world, sim, plc, heard } = rig;
  plc.permit(told(7, trackingId));
  await heard.until(() => heard.outcomes(7).length > 0);
  const frozenNs = nowNs();
  sim.freeze();
  plc.permit(told(8, trackingId));
  await heard.until(() => !heard.isArmed);
  // Longer than its watchdog.
  await expect.poll(() => nowNs() - frozenNs, { timeout: 8000 }).toBeGreaterThan(300e6);
  sim.thaw();
  await heard.until(() => heard.isArmed);
  world.count += 2500;
  await heard.until(() => heard.samplesOf(world.count) > 3);
  expect(world.isOut).toBe(false);
});
