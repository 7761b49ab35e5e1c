// A belt's PLC behind an OPC UA server, for the latency benchmark: its nodes, and how the site names them.
import { NO_FAULTS, type UaPlan } from "../../../simulators/wired/opcua/plan.ts";
import { UaServer } from "../../../simulators/wired/opcua/server.ts";
import type { PlcProgram } from "../../../simulators/wired/plc/program.ts";
import type { PlcPlan } from "../../../simulators/wired/terminals.ts";
import { WIRING } from "./wiring.ts";

const NAMESPACE = "http://coline.example/latency";
const node = (name: string): string => `nsu=${NAMESPACE};s=${name}`;
/** In the site's numbers the echo needs one of its own. */
const ECHO = 1;

/** @returns the port @param o.certificates folder that all servers share */
export async function serveOverOpcUa(o: {
  plan: PlcPlan;
  program: () => PlcProgram;
  certificates: string;
  nowNs: () => number;
}): Promise<number> {
  const { plan, program, certificates, nowNs } = o;
  const { mailboxRegister: register, statusRegister: status } = WIRING;
  const ua: UaPlan = {
    plc: plan,
    namespace: NAMESPACE,
    certificates,
    isOpen: true,
    users: [],
    nodes: [
      { kind: "inputs", node: "s=Eyes", address: 0, count: Object.keys(WIRING.eyes).length },
      { kind: "count", node: "s=Count", register: WIRING.counterRegister, type: "UInt32" },
      { kind: "count", node: "s=Alive", register: WIRING.watchdog.counterRegister, type: "UInt16" },
      { kind: "number", node: "s=Echo", register: WIRING.watchdog.echoRegister, type: "UInt16" },
    ],
    mailboxes: [
      {
        ...{ register, status, gateId: "gate", state: "s=State" },
        command: { by: "method", object: "s=Gate", divert: "s=Divert", withdraw: "s=Withdraw" },
      },
    ],
  };
  const server = await UaServer.start({ plan: ua, faults: { ...NO_FAULTS }, program, nowNs });
  return server.port;
}

/** The device's entry in line.yaml, but for its times. */
export const overOpcUa = (id: string, port: number | undefined) => ({
  id,
  driver: "opcua",
  endpoint: `opc.tcp://127.0.0.1:${port}`,
  security: { mode: "none" },
  replyFloorMs: 2,
  inputs: [{ first: 0, count: Object.keys(WIRING.eyes).length, node: node("Eyes") }],
  numbers: [
    { register: WIRING.watchdog.counterRegister, node: node("Alive"), type: "UInt16" },
    { register: ECHO, node: node("Echo"), type: "UInt16" },
    { register: WIRING.counterRegister, node: node("Count"), type: "UInt32" },
  ],
  mailboxes: [
    {
      ...{ register: WIRING.mailboxRegister, status: WIRING.statusRegister, state: node("State") },
      command: { by: "method", object: node("Gate"), divert: node("Divert"), withdraw: node("Withdraw") },
    },
  ],
  watchdog: { ...WIRING.watchdog, echoRegister: ECHO },
});
