// From a site's tables to the nodes of a simulated OPC UA device: each stands for the place that the site's number names.
import type { DeviceConfig, LineConfig } from "../../../src/config/line-schema.ts";
import type { UaMailboxPlan, UaNodePlan, UaNodes } from "./nodes.ts";

type OpcUaConfig = Extract<DeviceConfig, { driver: "opcua" }>;

/** @throws RangeError for what the simulated device has no nodes for */
export function siteNodes(device: OpcUaConfig, line: LineConfig): UaNodes {
  const names = new SimulatedNames(device.id);
  const nodes: UaNodePlan[] = [
    ...device.inputs.map(({ node, first, count, inverted }): UaNodePlan => {
      if (inverted) throw names.refused(`inverted input ${first}`);
      const named = { node: names.of(node), address: first };
      return count === 1 ? { kind: "input", ...named } : { kind: "inputs", ...named, count };
    }),
    ...device.numbers.map(({ register, node, type }): UaNodePlan => {
      const named = { node: names.of(node), register };
      if (type !== "UInt16" && type !== "UInt32") throw names.refused(`number ${register} of type ${type}`);
      if (register !== device.watchdog?.echoRegister) return { kind: "count", ...named, type };
      return { kind: "number", ...named, type: "UInt16" };
    }),
    ...device.latches.map(({ register, node }): UaNodePlan => ({ kind: "latch", node: names.of(node), register })),
    ...device.outputs.map(({ coil, node }): UaNodePlan => ({ kind: "output", node: names.of(node), coil })),
  ];
  const gates = line.belts.flatMap((belt) => belt.gates).filter((gate) => gate.device === device.id);
  const mailboxes = device.mailboxes.map(({ register, status, state, command }): UaMailboxPlan => {
    const gate = gates.find(({ drive }) => drive.kind === "mailbox" && drive.register === register);
    const both = { divert: names.of(command.divert), withdraw: names.of(command.withdraw) };
    return {
      ...{ register, status, gateId: gate?.id ?? `mailbox ${register}`, state: names.of(state) },
      command:
        command.by === "method"
          ? { by: "method", object: names.of(command.object), ...both }
          : { by: "variable", ...both },
    };
  });
  return { namespace: names.namespace, nodes, mailboxes };
}

/** All nodes are in one namespace, by its URI: its number is the server's own affair. */
class SimulatedNames {
  readonly #deviceId: string;
  #namespace: string | null = null;

  constructor(deviceId: string) {
    this.#deviceId = deviceId;
  }

  get namespace(): string {
    return this.#namespace ?? "http://coline.example/simulated";
  }

  of(node: string): string {
    const [, uri, name] = /^nsu=([^;]+);(.+)$/s.exec(node) ?? [];
    if (uri === undefined || name === undefined) throw this.refused(`node without the URI of its namespace: ${node}`);
    this.#namespace ??= uri;
    if (uri !== this.#namespace) throw this.refused(`second namespace: ${uri}`);
    return name;
  }

  refused(what: string): RangeError {
    return new RangeError(`device ${this.#deviceId}: a simulated OPC UA device has no ${what}`);
  }
}
