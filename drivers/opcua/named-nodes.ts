// Every node that a device's tables name, what it has to be, and which key of the configuration names it. Pure.
import type { OpcUaDevice, UaType } from "./schema.ts";

export interface NamedNode {
  /** Place in line.yaml, below the device. */
  key: string;
  node: string;
  wants:
    | { kind: "bits"; count: number }
    | { kind: "number"; type: UaType }
    | { kind: "boolean" }
    | { kind: "numbers"; least: number }
    | { kind: "object" }
    | { kind: "method" };
}

const STATE_VALUES = 4;
/** The number of edges and two counts. */
const LEAST_LATCH = 3;
const COMMAND_VALUES = 6;

export function namedNodes(device: OpcUaDevice): NamedNode[] {
  return [
    ...device.inputs.map(({ node, count }, at): NamedNode => {
      return { key: `inputs[${at}]`, node, wants: { kind: "bits", count } };
    }),
    ...device.numbers.map(({ node, type }, at): NamedNode => {
      return { key: `numbers[${at}]`, node, wants: { kind: "number", type } };
    }),
    ...device.outputs.map(({ node }, at): NamedNode => {
      return { key: `outputs[${at}]`, node, wants: { kind: "boolean" } };
    }),
    ...device.latches.map(({ node }, at): NamedNode => {
      return { key: `latches[${at}]`, node, wants: { kind: "numbers", least: LEAST_LATCH } };
    }),
    ...device.mailboxes.flatMap(({ state, command }, at): NamedNode[] => {
      const key = (name: string): string => `mailboxes[${at}].${name}`;
      const stateNode: NamedNode = { key: key("state"), node: state, wants: { kind: "numbers", least: STATE_VALUES } };
      if (command.by === "variable")
        return [
          stateNode,
          { key: key("command.divert"), node: command.divert, wants: { kind: "numbers", least: COMMAND_VALUES } },
          { key: key("command.withdraw"), node: command.withdraw, wants: { kind: "number", type: "UInt32" } },
        ];
      return [
        stateNode,
        { key: key("command.object"), node: command.object, wants: { kind: "object" } },
        { key: key("command.divert"), node: command.divert, wants: { kind: "method" } },
        { key: key("command.withdraw"), node: command.withdraw, wants: { kind: "method" } },
      ];
    }),
  ];
}
