// The PLC contract over OPC UA, and what only OPC UA has, against a simulated device in a process of its own.
import { afterAll, beforeAll } from "vitest";
import { opcUaFaults } from "./opcua-faults.ts";
import { OpcUaBench } from "./opcua-rig.ts";
import { plcContract } from "./plc.ts";

let bench: OpcUaBench;
beforeAll(async () => {
  bench = await OpcUaBench.start();
});
afterAll(() => bench.stop());

opcUaFaults(() => bench);
plcContract("opcua", () => bench.rig());
