// What every PLC driver owes its caller, asked of one through a rig: a driver, a simulated PLC and a small plant.
import { afterEach, describe } from "vitest";
import { plcCommands } from "./plc-commands.ts";
import { plcConnection } from "./plc-connection.ts";
import { plcDoubts } from "./plc-doubts.ts";
import { type ArmedRig, armedRig, type PlcRig } from "./plc-rig.ts";

export function plcContract(name: string, openRig: () => Promise<PlcRig>): void {
  describe(name, () => {
    let rig: PlcRig;
    afterEach(() => rig.close());

    const armed = async (): Promise<ArmedRig> => {
      rig = await openRig();
      return armedRig(rig);
    };
    plcCommands(armed);
    plcDoubts(armed);
    plcConnection(armed);
  });
}
