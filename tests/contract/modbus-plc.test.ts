// The PLC contract over Modbus TCP, against a simulated PLC in a process of its own.
import { openModbusRig } from "./modbus-rig.ts";
import { plcContract } from "./plc.ts";

plcContract("modbus-tcp, inputs packed into registers", () => openModbusRig());
plcContract("modbus-tcp, inputs read on their own", () => openModbusRig({ packedInputs: undefined }));
