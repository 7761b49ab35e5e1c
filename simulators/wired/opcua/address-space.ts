// The nodes of a simulated OPC UA device: each shows or writes a place of the PLC's program, or lies about its quality.

import * as ua from "node-opcua";
import {
  type DataType,
  DataValue,
  type Namespace,
  type StatusCode,
  StatusCodes,
  type UAObject,
  Variant,
  VariantArrayType,
} from "node-opcua";
import type { PlcProgram } from "../plc/program.ts";
import type { PlcReply, PlcRequest } from "../plc/request.ts";
import type { UaMailboxPlan, UaNodePlan } from "./nodes.ts";
import type { UaFaults, UaPlan } from "./plan.ts";

/** How old a stale value is, and how far ahead a fast clock, ms. */
const OFF_BY_MS = 60_000;
const COMMAND_WORDS = 10;

export interface AddressSpaceOptions {
  plan: UaPlan;
  namespace: Namespace;
  folder: UAObject;
  faults: UaFaults;
  program: () => PlcProgram;
  nowNs: () => number;
}

export function buildNodes(o: AddressSpaceOptions): void {
  const builder = new NodeBuilder(o);
  for (const node of o.plan.nodes) builder.add(node);
  for (const mailbox of o.plan.mailboxes) builder.addMailbox(mailbox);
}

type Answer = (status: StatusCode) => void;

class NodeBuilder {
  readonly #options: AddressSpaceOptions;

  constructor(options: AddressSpaceOptions) {
    this.#options = options;
  }

  add(plan: UaNodePlan): void {
    switch (plan.kind) {
      case "input":
        return this.#variable(plan.node, ua.DataType.Boolean, () => this.#bits("readInputs", plan.address, 1)[0]);
      case "inputs":
        return this.#variable(plan.node, ua.DataType.Boolean, () => this.#bits("readInputs", plan.address, plan.count));
      case "count":
        return this.#variable(plan.node, ua.DataType[plan.type], () => this.#count(plan));
      case "latch":
        return this.#variable(plan.node, ua.DataType.UInt32, () => this.#latch(plan.register));
      case "number":
        return this.#variable(
          plan.node,
          ua.DataType[plan.type],
          () => this.#words("readHolding", plan.register, 1)[0],
          (value, answer) => {
            if (typeof value !== "number") return answer(StatusCodes.BadTypeMismatch);
            answer(this.#statusOf(this.#serve({ kind: "writeRegister", address: plan.register, value })));
          },
        );
      case "output":
        return this.#variable(
          plan.node,
          ua.DataType.Boolean,
          () => this.#bits("readCoils", plan.coil, 1)[0],
          (value, answer) => {
            if (typeof value !== "boolean") return answer(StatusCodes.BadTypeMismatch);
            this.#command(() => this.#serve({ kind: "writeCoil", address: plan.coil, on: value }), answer);
          },
        );
      default:
        plan satisfies never;
    }
  }

  addMailbox(plan: UaMailboxPlan): void {
    const { command, register } = plan;
    this.#variable(plan.state, ua.DataType.UInt32, () => this.#state(plan));
    const divert = (args: readonly number[], answer: Answer): void => {
      const [sequence = 0, position = 0, from = 0, until = 0, home = 0, maxOutMs = 0] = args;
      const values = [...words(sequence), position, ...words(from), ...words(until), ...words(home), maxOutMs];
      this.#command(() => this.#serve({ kind: "writeRegisters", address: register, values }), answer);
    };
    const withdraw = (upTo: number, answer: Answer): void => {
      const address = register + COMMAND_WORDS;
      this.#command(() => this.#serve({ kind: "writeRegisters", address, values: words(upTo) }), answer);
    };
    if (command.by === "method") return this.#methods({ ...command, gateId: plan.gateId }, { divert, withdraw });
    this.#variable(
      command.divert,
      ua.DataType.UInt32,
      () => [0, 0, 0, 0, 0, 0],
      (value, answer) => {
        if (!isList(value) || value.length !== 6) return answer(StatusCodes.BadTypeMismatch);
        divert(Array.from(value), answer);
      },
    );
    this.#variable(
      command.withdraw,
      ua.DataType.UInt32,
      () => this.#state(plan)[3],
      (value, answer) => {
        if (typeof value !== "number") return answer(StatusCodes.BadTypeMismatch);
        withdraw(value, answer);
      },
    );
  }

  #methods(
    o: { object: string; divert: string; withdraw: string; gateId: string },
    on: { divert: (args: readonly number[], answer: Answer) => void; withdraw: (upTo: number, answer: Answer) => void },
  ): void {
    const { namespace, folder } = this.#options;
    const object = namespace.addObject({ organizedBy: folder, nodeId: o.object, browseName: o.gateId });
    const uint32 = (name: string) => ({ name, dataType: ua.DataType.UInt32 });
    const names = ["sequence", "position", "fromCount", "untilCount", "homeAtCount", "maxOutMs"];
    const add = (
      nodeId: string,
      browseName: string,
      args: readonly string[],
      take: (values: number[], answer: Answer) => void,
    ) => {
      const method = namespace.addMethod(object, {
        nodeId,
        browseName,
        inputArguments: args.map(uint32),
        outputArguments: [],
      });
      method.bindMethod((inputs, _, callback) => {
        const values = inputs.map(({ value }) => Number(value));
        take(values, (statusCode) => callback(null, { statusCode, outputArguments: [] }));
      });
    };
    add(o.divert, "Divert", names, on.divert);
    add(o.withdraw, "Withdraw", ["upToSequence"], ([upTo = 0], answer) => on.withdraw(upTo, answer));
  }

  /** Whether and how it is answered is a matter of faults. */
  #command(carryOut: () => PlcReply, answer: Answer): void {
    const { faults } = this.#options;
    if (faults.heldCommands > 0) {
      faults.heldCommands -= 1;
      return;
    }
    const reply = carryOut();
    if (faults.silentFromCommand) faults.silent = true;
    if (faults.lostReplies > 0) {
      faults.lostReplies -= 1;
      return;
    }
    const told = faults.answerCommands;
    answer(
      told === null
        ? this.#statusOf(reply)
        : ((StatusCodes as unknown as Record<string, StatusCode>)[told] ?? StatusCodes.Bad),
    );
  }

  #variable(
    nodeId: string,
    dataType: DataType,
    read: () => unknown,
    write?: (value: unknown, answer: Answer) => void,
  ): void {
    const { namespace, folder } = this.#options;
    const first = read();
    namespace.addVariable({
      organizedBy: folder,
      nodeId,
      browseName: nodeId.replace(/^s=/, ""),
      dataType,
      valueRank: isList(first) ? 1 : -1,
      ...(isList(first) ? { arrayDimensions: [first.length] } : {}),
      minimumSamplingInterval: 10,
      value: {
        timestamped_get: () => this.#told(nodeId, dataType, read()),
        ...(write === undefined
          ? {}
          : {
              timestamped_set: (value: DataValue, callback: (error: Error | null, status: StatusCode) => void) =>
                write(value.value.value, (status) => callback(null, status)),
            }),
      },
    });
  }

  #told(nodeId: string, dataType: DataType, value: unknown): DataValue {
    const quality = this.#options.faults.quality[nodeId];
    const off = quality === "stale" ? -OFF_BY_MS : quality === "ahead" ? OFF_BY_MS : 0;
    const statusCode =
      quality === "bad"
        ? StatusCodes.BadSensorFailure
        : quality === "uncertain"
          ? StatusCodes.UncertainLastUsableValue
          : StatusCodes.Good;
    return new DataValue({
      value: new Variant(isList(value) ? { dataType, arrayType: VariantArrayType.Array, value } : { dataType, value }),
      statusCode,
      sourceTimestamp: new Date(Date.now() + off),
    });
  }

  #state({ status, register }: UaMailboxPlan): number[] {
    const [high = 0, low = 0, verdict = 0, bits = 0] = this.#words("readRegisters", status, 4);
    const [voidHigh = 0, voidLow = 0] = this.#words("readHolding", register + COMMAND_WORDS, 2);
    return [number(high, low), verdict, bits, number(voidHigh, voidLow)];
  }

  #latch(register: number): number[] {
    const [edges = 0, darkHigh = 0, darkLow = 0, lightHigh = 0, lightLow = 0] = this.#words(
      "readRegisters",
      register,
      5,
    );
    return [edges, number(darkHigh, darkLow), number(lightHigh, lightLow)];
  }

  #count({ register, type }: { register: number; type: "UInt16" | "UInt32" }): number {
    const [first = 0, second = 0] = this.#words("readRegisters", register, type === "UInt32" ? 2 : 1);
    return type === "UInt32" ? number(first, second) : first;
  }

  #words(kind: "readRegisters" | "readHolding", address: number, count: number): readonly number[] {
    const reply = this.#serve({ kind, address, count });
    return reply.kind === "values" ? reply.values : [];
  }

  #bits(kind: "readInputs" | "readCoils", address: number, count: number): boolean[] {
    const reply = this.#serve({ kind, address, count });
    const values = reply.kind === "values" ? reply.values : [];
    return Array.from({ length: count }, (_, i) => (((values[i >> 4] ?? 0) >> (i & 15)) & 1) === 1);
  }

  #serve(request: PlcRequest): PlcReply {
    return this.#options.program().serve(request, this.#options.nowNs());
  }

  /** A device that obeys nothing now says so in the way of OPC UA. */
  #statusOf(reply: PlcReply): StatusCode {
    if (reply.kind !== "exception") return StatusCodes.Good;
    return reply.code === 4 ? StatusCodes.BadInvalidState : StatusCodes.BadOutOfRange;
  }
}

const isList = (value: unknown): value is ArrayLike<number> & { length: number } =>
  Array.isArray(value) || ArrayBuffer.isView(value);

const words = (value: number): number[] => [(value >>> 16) & 0xffff, value & 0xffff];
const number = (high: number, low: number): number => ((high << 16) | low) >>> 0;
