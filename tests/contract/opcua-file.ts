// One simulated OPC UA device for a file of tests, and for each test a driver on it that commands a gate by variables.
import { afterAll, afterEach, beforeAll } from "vitest";
import type { GatePermit } from "../../drivers/buses/port.ts";
import { node, OpcUaBench, type OpcUaRig } from "./opcua-rig.ts";
import type { wiring } from "./small-plant.ts";

const BY_VARIABLE = {
  mailboxes: [
    {
      ...{ register: 100, status: 16, state: node("Varied.State") },
      command: { by: "variable", divert: node("Varied.Command"), withdraw: node("Varied.Void") },
    },
  ],
};

/** Called once by a file, before its tests. */
export function opcUaFile() {
  let bench: OpcUaBench;
  let rig: OpcUaRig;
  beforeAll(async () => {
    bench = await OpcUaBench.start();
  });
  afterAll(() => bench.stop());
  afterEach(() => rig.close());

  /** A driver that was just opened; `change`: of the device's configuration. */
  async function opened(change: Record<string, unknown> = {}, more: { wiring?: typeof wiring } = {}) {
    rig = await bench.rig({ ...BY_VARIABLE, ...change }, more);
    return rig;
  }

  const permit = (id: number, change: Partial<GatePermit> = {}): GatePermit => ({
    ...{ id, gateId: "judged", chuteId: "chute1" },
    fromNs: rig.nowNs(),
    untilNs: rig.nowNs() + 1e9,
    window: { fromCount: rig.count(), untilCount: rig.count() + 100, homeAtCount: rig.count() + 300 },
    maxOutMs: 60_000,
    ...change,
  });

  return {
    bench: () => bench,
    rig: () => rig,
    opened,
    /** Settles when it is armed. */
    async armed(change: Record<string, unknown> = {}, more: { wiring?: typeof wiring } = {}) {
      await opened({ timeoutMs: 150, ...change }, more);
      await rig.heard.until(() => rig.heard.isArmed);
      return rig;
    },
    permit,
    plain: (id: number): GatePermit => permit(id, { gateId: "plain", chuteId: "chute2", window: null }),
  };
}
