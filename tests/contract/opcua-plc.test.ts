// The PLC contract over OPC UA, against a simulated device in a process of its own.
import { afterAll, beforeAll } from "vitest";
import { OpcUaBench } from "./opcua-rig.ts";
import { plcContract } from "./plc.ts";

let bench: OpcUaBench;
beforeAll(async () => {
  bench = await OpcUaBench.start();
});
afterAll(() => bench.stop());

plcContract("opcua", () => bench.rig());
