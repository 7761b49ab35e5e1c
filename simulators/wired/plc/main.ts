// A simulated PLC as a process of its own, so that it can be frozen: main.ts <plan.json> <process image>.
import { runDevice } from "../device-main.ts";
import type { DeviceAnswer } from "../device-messages.ts";
import type { PlcPlan } from "../terminals.ts";
import type { PlcOrder } from "./messages.ts";
import { nowNs, PoweredProgram } from "./powered-program.ts";
import { ModbusServer } from "./server.ts";

runDevice<PlcPlan, PlcOrder>("simulated PLC", async (plan, terminals) => {
  const plc = new PoweredProgram(plan, terminals);
  const server = new ModbusServer({
    host: plan.host,
    port: plan.port,
    unit: plan.unit,
    serve: (request) => plc.inTime.serve(request, nowNs()),
  });
  const done: DeviceAnswer = { kind: "done" };
  const listen = async (): Promise<DeviceAnswer> => ({ kind: "listening", port: await server.listen() });

  const answer = async (order: PlcOrder): Promise<DeviceAnswer> => {
    switch (order.kind) {
      case "faults":
        Object.assign(server.faults, order.faults);
        return done;
      case "cut":
        await server.cut();
        return done;
      case "restore":
        return listen();
      case "powerOff": {
        const cut = server.cut();
        plc.powerOff();
        await cut;
        return done;
      }
      case "powerOn":
        plc.powerOn();
        return listen();
      case "trackerTrouble":
        Object.assign(plc.program.tracker?.trouble ?? {}, order.trouble);
        return done;
      case "forget":
        plc.forget();
        return done;
      case "arrivals":
        return { kind: "arrivals", ...plc.arrivals.take(), trips: plc.program.trips };
      default:
        return order satisfies never;
    }
  };
  return { listen, answer };
});
