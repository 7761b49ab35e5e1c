// A simulated PLC behind an OPC UA server as a process of its own, so that it can be frozen: main.ts <plan.json> <image>.
import { runDevice } from "../device-main.ts";
import type { DeviceAnswer } from "../device-messages.ts";
import { nowNs, PoweredProgram } from "../plc/powered-program.ts";
import { Cable } from "./cable.ts";
import type { UaOrder } from "./messages.ts";
import { NO_FAULTS, type UaFaults, type UaPlan } from "./plan.ts";
import { UaServer } from "./server.ts";

runDevice<UaPlan, UaOrder>("simulated OPC UA device", async (plan, terminals) => {
  const faults: UaFaults = { ...NO_FAULTS };
  const plc = new PoweredProgram(plan.plc, terminals);
  const server = await UaServer.start({ plan, faults, program: () => plc.inTime, nowNs });
  const cable = new Cable({ behind: server.port, faults });
  const done: DeviceAnswer = { kind: "done" };
  const listen = async (): Promise<DeviceAnswer> => ({
    kind: "listening",
    port: await cable.plug(plan.plc.host, plan.plc.port),
  });
  const powerOff = (): void => {
    plc.powerOff();
    cable.resetAll();
    server.dropSessions(true);
  };

  const answer = async (order: UaOrder): Promise<DeviceAnswer> => {
    switch (order.kind) {
      case "faults":
        Object.assign(faults, order.faults);
        return done;
      case "cut":
        await cable.cut();
        return done;
      case "restore":
        return listen();
      case "powerOff":
        powerOff();
        await cable.cut();
        return done;
      case "powerOn":
        plc.powerOn();
        return listen();
      case "renew":
        powerOff();
        plc.powerOn();
        Object.assign(faults, NO_FAULTS);
        plc.arrivals.take();
        return done;
      case "dropSessions":
        server.dropSessions(order.withSubscriptions);
        return done;
      case "dropSubscriptions":
        server.dropSubscriptions();
        return done;
      case "garbage":
        cable.inject(Buffer.from(order.hex, "hex"));
        return done;
      case "arrivals":
        return { kind: "arrivals", ...plc.arrivals.take(), trips: plc.program.trips };
      case "sessions":
        return { kind: "sessions", ...server.sessions };
      default:
        return order satisfies never;
    }
  };
  return { listen, answer };
});
